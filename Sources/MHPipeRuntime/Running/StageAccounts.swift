import MHPipeKit
import MHPipePlan

/// The accounts of all stages of a run: nothing is lost on the way, and nothing is there twice.
///
/// For every transform *in + made = out + filtered + duplicate + consumed + quarantined*, and for every stage *in* is the
/// sum of what its inputs gave.
struct StageAccounts {
    private let plan: PipelinePlan
    private let graph: StageGraph
    private let counts: StageCounts

    init(_ plan: PipelinePlan, _ graph: StageGraph, _ counts: StageCounts) {
        self.plan = plan
        self.graph = graph
        self.counts = counts
    }

    /// The first stage whose accounts do not add up; nil when all do.
    var gap: StageError? {
        for (stage, account) in zip(plan.sources, counts.sources)
        where account.eventsIn != account.eventsOut + account.drops.total {
            return Self.error(
                "source '\(stage.name)'",
                "\(account.eventsIn) events were read, but \(account.eventsOut) went on and \(account.drops.total) were dropped"
            )
        }
        var given = counts.sources.map(\.eventsOut)
        for transform in counts.transforms { given += transform.portsOut }
        for (number, stage) in plan.transforms.enumerated() {
            let account = counts.transforms[number]
            let out = account.eventsOut + account.drops.total + account.quarantined
            guard account.eventsIn + account.made == out else {
                return Self.error(
                    "transform '\(stage.name)'",
                    "\(account.eventsIn) events came in and \(account.made) were made, but \(account.eventsOut) went on,"
                        + " \(account.drops.total) were dropped and \(account.quarantined) quarantined"
                )
            }
            if let gap = gap("transform '\(stage.name)'", stage.inputs, account.eventsIn, given) { return gap }
        }
        for (number, stage) in plan.sinks.enumerated() {
            if let gap = gap("sink '\(stage.name)'", stage.inputs, counts.sinks[number].eventsIn, given) { return gap }
        }
        return nil
    }

    private func gap(_ stage: String, _ inputs: [String], _ taken: Int, _ given: [Int]) -> StageError? {
        let sum = inputs.compactMap(graph.number).reduce(0) { $0 + given[$1] }
        return taken == sum ? nil : Self.error(stage, "its inputs gave \(sum) events, but it took \(taken)")
    }

    private static func error(_ stage: String, _ gap: String) -> StageError {
        StageError(
            "the accounts of \(stage) do not add up: \(gap)",
            advice: "nothing was put in place; this is a mistake in the plugin, or in mhpipe"
        )
    }
}
