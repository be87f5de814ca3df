import MHPipeKit

/// How the stages of a plan are joined, by number: which stages take the events of which.
struct StageGraph: Sendable {
    /// A stage whose events another takes.
    struct Input: Sendable, Hashable {
        /// Its number: sources first, then transforms, each in the order of the plan.
        let stage: Int
        /// True for the last that takes its events, when transforms take them before sinks.
        let isLast: Bool
    }

    /// For each transform, the stages whose events it takes, in the order of its `inputs`.
    let transformInputs: [[Input]]
    /// For each sink, likewise.
    let sinkInputs: [[Input]]
    /// True when an event can reach sinks by more than one way, so that counting those that were kept needs marks.
    let branches: Bool

    init(_ plan: PipelinePlan) {
        let names = plan.sources.map(\.name) + plan.transforms.map(\.name)
        let numbers = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        let takers = (plan.transforms.map(\.inputs) + plan.sinks.map(\.inputs)).map { $0.compactMap { numbers[$0] } }
        let inputs = takers.enumerated().map { place, stages in
            stages.map { stage in Input(stage: stage, isLast: !takers[(place + 1)...].contains { $0.contains(stage) }) }
        }
        transformInputs = Array(inputs.prefix(plan.transforms.count))
        sinkInputs = Array(inputs.dropFirst(plan.transforms.count))
        branches = names.indices.contains { stage in takers.count { $0.contains(stage) } > 1 }
    }
}
