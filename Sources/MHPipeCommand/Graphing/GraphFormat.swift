import MHPipeKit

/// What a graph is written for.
enum GraphFormat: String, OptionChoice {
    /// Markdown pages and wikis.
    case mermaid
    /// Graphviz.
    case dot
    /// A terminal.
    case text

    /// Writes a graph.
    func text(_ graph: PipelineGraph) -> String {
        let lines =
            switch self {
            case .mermaid: Self.mermaid(graph)
            case .dot: Self.dot(graph)
            case .text: Self.plain(graph)
            }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Mermaid

    private static func mermaid(_ graph: PipelineGraph) -> [String] {
        var lines = ["---", "title: \(quoted(graph.name))", "---", "flowchart LR"]
        for (number, node) in graph.nodes.enumerated() {
            let label = [node.name, node.type ?? node.kind.rawValue].map(mermaidText).joined(separator: "<br/>")
            let (open, close) =
                switch node.kind {
                case .source: ("([", "])")
                case .transform: ("[", "]")
                case .sink, .quarantine: ("[(", ")]")
                }
            lines.append("    n\(number)\(open)\"\(label)\"\(close)")
        }
        for edge in graph.edges {
            let arrow = edge.isForErrors ? "-.->" : "-->"
            let label = edge.label.map { "|\"\(mermaidText($0))\"|" } ?? ""
            lines.append("    n\(edge.from) \(arrow)\(label) n\(edge.to)")
        }
        return lines
    }

    /// A text in a label, where quotes, `#`, and what reads as HTML or Markdown have a meaning: by their numbers.
    private static func mermaidText(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let isPlain =
                !scalar.isASCII || scalar.properties.isAlphabetic || "0123456789 -_./:,".unicodeScalars.contains(scalar)
            return isPlain ? String(scalar) : "#\(scalar.value);"
        }.joined()
    }

    // MARK: DOT

    private static func dot(_ graph: PipelineGraph) -> [String] {
        var lines = ["digraph \(quoted(graph.name)) {", "    rankdir=LR;"]
        for (number, node) in graph.nodes.enumerated() {
            let shape =
                switch node.kind {
                case .source: "ellipse"
                case .transform: "box"
                case .sink, .quarantine: "cylinder"
                }
            // `\n` is a line end of DOT, so it comes between texts that are quoted already.
            let label = [node.name, node.type ?? node.kind.rawValue].map(dotText).joined(separator: "\\n")
            lines.append("    n\(number) [shape=\(shape), label=\"\(label)\"];")
        }
        for edge in graph.edges {
            let traits =
                (edge.label.map { ["label=\"\(dotText($0))\""] } ?? []) + (edge.isForErrors ? ["style=dashed"] : [])
            lines.append(
                "    n\(edge.from) -> n\(edge.to)" + (traits.isEmpty ? ";" : " [\(traits.joined(separator: ", "))];")
            )
        }
        return lines + ["}"]
    }

    /// A text in a label, where `&` begins the name of a character.
    private static func dotText(_ text: String) -> String {
        escaped(text).split(separator: "&", omittingEmptySubsequences: false).joined(separator: "&amp;")
    }

    // MARK: Text

    private static func plain(_ graph: PipelineGraph) -> [String] {
        var lines = ["pipeline \(graph.name)"]
        for (number, node) in graph.nodes.enumerated() {
            lines.append("\(node.kind.rawValue) \(node.name)" + (node.type.map { " (\($0))" } ?? ""))
            for edge in graph.edges where edge.from == number {
                lines.append("    " + (edge.label.map { "\($0) " } ?? "") + "-> \(graph.nodes[edge.to].name)")
            }
        }
        return lines
    }

    // MARK: Quotes

    /// A text in quotes, as YAML and DOT both have it.
    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
    }
}
