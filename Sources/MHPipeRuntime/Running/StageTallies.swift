import MHPipeKit

/// What stages have counted for the user, put together over all workers.
struct StageTallies {
    private let instances: [(stage: String, instance: any TallyKeeping)]

    init(_ instances: [(stage: String, instance: any TallyKeeping)]) {
        self.instances = instances
    }

    /// What is to be said, stage by stage, in the order of `names`.
    func warnings(stages names: [String]) -> [RunReport.Warning] {
        names.flatMap { name -> [RunReport.Warning] in
            let instances = instances.filter { $0.stage == name }.map(\.instance)
            guard let first = instances.first else { return [] }
            let sums = instances.dropFirst().reduce(first.tally) { sums, other in zip(sums, other.tally).map(+) }
            return first.remarks(sums).map { RunReport.Warning(stage: name, message: $0) }
        }
    }
}
