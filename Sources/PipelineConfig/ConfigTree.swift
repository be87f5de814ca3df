public import MHPipeKit

/// A tree as JSON, for `mhpipe check --print-tree`.
public enum ConfigTree {
    /// Writes a tree as JSON: two spaces a level, keys in the order of the file, every scalar a string.
    ///
    /// - Parameter node: Any value; one for which nothing was written is `null`.
    /// - Returns: The JSON, without a line end behind it.
    public static func json(_ node: ConfigNode) -> String {
        var output = ""
        append(node, to: &output, indentation: "\n")
        return output
    }

    private static func append(_ node: ConfigNode, to output: inout String, indentation: String) {
        switch node.content {
        case .null: output += "null"
        case .text(let text): append(text, to: &output)
        case .list(let elements):
            appendItems(elements, "[", "]", to: &output, indentation) { element, output, inner in
                append(element, to: &output, indentation: inner)
            }
        case .mapping(let entries):
            appendItems(entries, "{", "}", to: &output, indentation) { entry, output, inner in
                append(entry.key, to: &output)
                output += ": "
                append(entry.value, to: &output, indentation: inner)
            }
        }
    }

    private static func appendItems<Item>(
        _ items: [Item],
        _ opener: String,
        _ closer: String,
        to output: inout String,
        _ indentation: String,
        item: (Item, inout String, String) -> Void
    ) {
        output += opener
        let inner = indentation + "  "
        for (index, value) in items.enumerated() {
            output += index == 0 ? inner : "," + inner
            item(value, &output, inner)
        }
        output += (items.isEmpty ? "" : indentation) + closer
    }

    private static func append(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
