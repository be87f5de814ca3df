import MHPipeKit

extension RunReport {
    /// Puts a report together from what was counted.
    init(
        _ plan: PipelinePlan,
        _ counts: StageCounts,
        outcome: Outcome,
        endedSinks: Set<String>,
        unreadable: Int,
        seconds: Double
    ) {
        self.init(pipeline: plan.name)
        self.outcome = outcome
        self.unreadable = unreadable
        self.seconds = seconds
        files = counts.files
        filesDamaged = counts.damagedFiles
        housekeeping = counts.housekeeping
        bytesRead = counts.bytesRead
        bytesDecompressed = counts.bytesText
        eventsIn = counts.events
        eventsKept = counts.kept
        eventsQuarantined = counts.quarantined
        eventsRejected = counts.rejected
        eventsFiltered = counts.events - counts.kept - counts.quarantined
        stages =
            zip(plan.sources, counts.sources).map { Stage($0.name, $0.plugin, "source", $1) }
            + zip(plan.transforms, counts.transforms).map { Stage($0.name, $0.plugin, "transform", $1) }
            + zip(plan.sinks, counts.sinks).map { Stage($0.name, $0.plugin, "sink", $1) }
        for stage in stages.indices where stages[stage].kind == "sink" {
            stages[stage].endedEarly = endedSinks.contains(stages[stage].name)
        }
    }
}

extension RunReport.Stage {
    fileprivate init(_ name: String, _ plugin: String, _ kind: String, _ counts: StageCounts.Stage) {
        self.init(
            name: name,
            plugin: plugin,
            kind: kind,
            eventsIn: counts.eventsIn,
            eventsOut: counts.eventsOut,
            bytesOut: counts.bytesOut
        )
    }
}
