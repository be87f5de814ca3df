import MHPipeAWS
import MHPipeKit

/// A pipeline file that says in comments what its stages do, and what else they could.
struct PipelineDraft {
    /// The name that the file will have, for the commands in its comments.
    let file: String
    /// The pipeline, as a parser would give it.
    let tree: ConfigNode
    let plugins: [PluginDescription]

    private static let width = 100

    var text: String {
        let path = ShellWord.quoted(file).visible
        var lines = comment(
            [
                "Made by 'mhpipe init'; change what you like.", "",
                "    mhpipe check \(path)    what is wrong with it",
                "    mhpipe run \(path)      runs it; what is in its outputs is replaced", "",
                "'mhpipe plugins' lists what a stage can be, 'mhpipe plugins NAME' what it takes.",
            ],
            indent: ""
        )
        for entry in tree.entries ?? [] {
            let kind = PluginDescription.Kind.allCases.first { $0.plural == entry.key }
            lines.append("")
            if let kind {
                lines.append("\(entry.key):")
                for (number, stage) in (entry.value.entries ?? []).enumerated() {
                    if number > 0 { lines.append("") }
                    lines += self.stage(stage, kind)
                }
            } else {
                lines.append("\(entry.key): \(Self.text(entry.value))")
            }
        }
        if tree["quarantine"] == nil {
            lines += ["", "# Keeps what cannot be read, with the reason.", "# quarantine: bad.jsonl"]
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private func stage(_ stage: ConfigEntry, _ kind: PluginDescription.Kind) -> [String] {
        let options = stage.value.entries ?? []
        let type = stage.value["type"]?.text ?? ""
        let plugin = plugins.first { $0.kind == kind && $0.name == type }
        var lines: [String] = []
        if let plugin {
            lines += comment([plugin.summary], indent: "  ")
            let others = plugin.options.map(\.key).filter { key in !options.contains { $0.key == key } }
            if !others.isEmpty {
                lines += comment(["It also takes: " + others.joined(separator: ", ") + "."], indent: "  ")
            }
        }
        lines.append("  \(Self.scalar(stage.key)):")
        for option in options { lines.append("    \(option.key): \(Self.text(option.value))") }
        return lines
    }

    private func comment(_ paragraphs: [String], indent: String) -> [String] {
        paragraphs.flatMap { paragraph -> [String] in
            if paragraph.isEmpty { return [indent + "#"] }
            if paragraph.hasPrefix(" ") { return [indent + "# " + paragraph] }
            return TextWrapping.lines(paragraph.visible, width: Self.width - indent.count - 2).map {
                indent + "# " + $0
            }
        }
    }

    /// A value as it is written in a file; what is no list is a text.
    private static func text(_ value: ConfigNode) -> String {
        guard let elements = value.elements else { return scalar(value.text ?? "") }
        return "[" + elements.map { scalar($0.text ?? "") }.joined(separator: ", ") + "]"
    }

    /// A text, in quotes where the parser would take it for something else.
    static func scalar(_ text: String) -> String {
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            // In single quotes, and such a text always has quotes, `${` is nothing else.
            return "\"" + text.replacing("${", with: "$${").unicodeScalars.map(Self.escaped).joined() + "\""
        }
        let isWord = ["~", "null", "Null", "NULL", "..."].contains(text)
        return isWord ? "'\(text)'" : text.listElement
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case "\n": return "\\n"
        case "\t": return "\\t"
        default:
            guard scalar.properties.generalCategory == .control else { return String(scalar) }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
