import MHPipeIO
import MHPipeKit
import MHPipePlan

/// The stages of a pipeline and the ways between them, for drawing.
///
/// Where the pipeline keeps what cannot be read, the file stands as a node of its own, with a way from every source.
struct PipelineGraph: Equatable {
    enum Kind: String {
        case source, transform, sink, quarantine
    }

    struct Node: Equatable {
        let name: String
        let kind: Kind
        /// The plugin; nil for the quarantine.
        let type: String?
    }

    /// A way from one node to another, by their places in `nodes`.
    struct Edge: Equatable {
        let from: Int
        let to: Int
        /// The port that the way begins at.
        var port: String?
        /// True for the way of what cannot be read.
        var isForErrors = false

        /// What stands beside it.
        var label: String? { isForErrors ? "unreadable" : port }
    }

    let name: String
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    init(_ plan: PipelinePlan) {
        name = plan.name.visible
        add(plan.sources, .source)
        add(plan.transforms, .transform)
        add(plan.sinks, .sink)
        for (to, inputs) in inputs(of: plan) {
            for input in inputs { join(input, to) }
        }
        guard let quarantine = plan.settings.quarantine else { return }
        nodes.append(Node(name: FilePath(quarantine).text.visible, kind: .quarantine, type: nil))
        edges += plan.sources.indices.map { Edge(from: $0, to: nodes.count - 1, isForErrors: true) }
    }

    private mutating func add<Instance>(_ stages: [Stage<Instance>], _ kind: Kind) {
        nodes += stages.map { Node(name: $0.name.visible, kind: kind, type: $0.plugin.visible) }
    }

    private func inputs(of plan: PipelinePlan) -> [(Int, [String])] {
        let inputs = plan.sources.map(\.inputs) + plan.transforms.map(\.inputs) + plan.sinks.map(\.inputs)
        return Array(inputs.enumerated()).map { ($0.offset, $0.element) }
    }

    private mutating func join(_ input: String, _ to: Int) {
        let parts = input.split(separator: ".", maxSplits: 1).map { String($0).visible }
        guard let from = nodes.firstIndex(where: { $0.name == parts.first }) else { return }
        edges.append(Edge(from: from, to: to, port: parts.count > 1 ? parts[1] : nil))
    }
}
