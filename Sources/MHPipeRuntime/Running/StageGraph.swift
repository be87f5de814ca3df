import MHPipeKit

/// How the stages of a plan are joined, by number: which stages take the events of which.
struct StageGraph: Sendable {
    /// A stage that takes events.
    enum Node: Sendable, Hashable {
        case transform(Int)
        case sink(Int)
    }

    /// For each source, the stages that take its events, in the order of the plan.
    let afterSource: [[Node]]
    /// For each transform, likewise.
    let afterTransform: [[Node]]
    /// True when an event can reach sinks by more than one way, so that counting those that were kept needs marks.
    let branches: Bool

    init(_ plan: PipelinePlan) {
        let transforms = plan.transforms.enumerated().map {
            (node: Node.transform($0.offset), inputs: $0.element.inputs)
        }
        let sinks = plan.sinks.enumerated().map { (node: Node.sink($0.offset), inputs: $0.element.inputs) }
        func consumers(_ name: String) -> [Node] {
            (transforms + sinks).filter { $0.inputs.contains(name) }.map(\.node)
        }
        afterSource = plan.sources.map { consumers($0.name) }
        afterTransform = plan.transforms.map { consumers($0.name) }
        branches = (afterSource + afterTransform).contains { $0.count > 1 }
    }
}
