import MHPipeKit

/// What stages have counted for the user, put together over all workers.
struct StageTallies {
    private let instances: [(stage: String, instance: any TallyKeeping)]

    init(_ instances: [(stage: String, instance: any TallyKeeping)]) {
        self.instances = instances
    }

    /// What is to be said, stage by stage, in the order of `names`.
    func warnings(stages names: [String]) -> [RunReport.Warning] {
        names.flatMap { name in
            sums(of: name).map { instance, sums in
                instance.remarks(sums).map { RunReport.Warning(stage: name, message: $0) }
            } ?? []
        }
    }

    /// Ends a run whose outputs a stage does not let go.
    func check(stages names: [String]) throws {
        for name in names {
            guard let (instance, sums) = sums(of: name), let reason = instance.refusal(sums) else { continue }
            throw StageError("\(name): \(reason)")
        }
    }

    private func sums(of name: String) -> (instance: any TallyKeeping, sums: [Int])? {
        let instances = instances.filter { $0.stage == name }.map(\.instance)
        return instances.first.map { first in
            (first, instances.dropFirst().reduce(first.tally) { sums, other in zip(sums, other.tally).map(+) })
        }
    }
}
