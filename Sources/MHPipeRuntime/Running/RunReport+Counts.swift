import MHPipeIO
import MHPipeKit
package import MHPipePlan

extension RunReport {
    /// Puts a report together from what was counted, and what the sources came by.
    init(
        _ plan: PipelinePlan,
        _ counts: StageCounts,
        of feed: UnitFeed,
        outcome: Outcome,
        endedSinks: Set<String>
    ) {
        self.init(plan, counts)
        self.outcome = outcome
        let tally = feed.tally
        filesSeen = tally.seen
        filesLeftOut = tally.leftOut
        otherFiles = tally.others
        filesPruned = tally.pruned
        foldersPruned = tally.prunedFolders
        filesNotReached = feed.pulled + tally.waiting - counts.files - counts.unopenedFiles
        filesRepeated = feed.repeated.count
        for stage in stages.indices where stages[stage].kind == "sink" {
            stages[stage].endedEarly = endedSinks.contains(stages[stage].name)
        }
    }

    /// Puts one together from what was counted alone.
    init(_ plan: PipelinePlan, _ counts: StageCounts) {
        self.init(pipeline: plan.name)
        files = counts.files
        unreadable = counts.unopenedFiles
        filesDamaged = counts.damagedFiles
        housekeeping = counts.housekeeping
        bytesRead = counts.bytesRead
        bytesDecompressed = counts.bytesText
        eventsIn = counts.found
        eventsKept = counts.events.kept
        eventsQuarantined = counts.events.quarantined
        eventsRejected = counts.events.rejected
        eventsMade = counts.made
        eventsFiltered = counts.found + counts.made - counts.events.kept - counts.events.quarantined
        eventsNotSelected = counts.sources.reduce(0) { $0 + $1.drops.total }
        eventsWithoutField = counts.sources.reduce(0) { $0 + $1.withoutField }
        stages =
            zip(plan.sources, counts.sources).map { Stage($0.name, $0.plugin, "source", $0.pathUses, $1) }
            + zip(plan.transforms, counts.transforms).map { Stage($0.name, $0.plugin, "transform", $0.pathUses, $1) }
            + zip(plan.sinks, counts.sinks).map { Stage($0.name, $0.plugin, "sink", $0.pathUses, $1) }
    }
}

extension RunReport {
    /// The report of a run that had nothing to do, since all outputs of the plan are there.
    package init(skipped plan: PipelinePlan) {
        self.init(plan, StageCounts(plan))
        outcome = .skipped
        started = Timestamp.now.description
        ended = started
    }
}

extension RunReport {
    /// Takes over which files earlier runs had committed.
    mutating func add(_ counts: UnitPicker.Counts, isResumed: Bool) {
        filesCommitted = counts.committed
        filesChanged = counts.changed
        filesReread = counts.reread
        filesNotReached -= counts.passedOver
        // What the run had read before it was stopped may be gone by now.
        guard isResumed, filesNotReached < 0 else { return }
        filesSeen -= filesNotReached
        filesNotReached = 0
    }
}

extension RunReport.Stage {
    fileprivate init(
        _ name: String,
        _ plugin: String,
        _ kind: String,
        _ uses: [PathUse],
        _ counts: StageCounts.Stage
    ) {
        self.init(
            name: name,
            plugin: plugin,
            kind: kind,
            eventsIn: counts.eventsIn,
            eventsOut: counts.eventsOut,
            eventsMade: counts.made,
            eventsFiltered: counts.drops.filtered,
            eventsWithoutField: counts.withoutField,
            eventsDuplicate: counts.drops.duplicate,
            eventsConsumed: counts.drops.consumed,
            eventsQuarantined: counts.quarantined,
            bytesOut: counts.bytesOut,
            paths: uses.map { FilePath($0.path).text }
        )
    }
}
