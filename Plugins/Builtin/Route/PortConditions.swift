import MHPipeConditions
import MHPipeKit

struct PortName: OptionValue {
    let text: String

    static var typeName: String { "the name of a port" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs the name of a port, not \(node.kindName)") }
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        guard isPlain, text.first?.isLetter == true else {
            throw OptionError(
                "needs the name of a port, and '\(text)' is none: it begins with a letter, and goes on with letters, "
                    + "digits, '_' and '-'",
                span: node.span
            )
        }
        self.text = text
    }

    var optionText: String { text }
}

/// Ports and their conditions, in the order in which they are written.
struct PortConditions: OptionValue {
    var list: [(name: String, condition: Condition)] = []

    init() {}

    static var typeName: String { "a mapping, each key the name of a port, each value a condition" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let entries = node.entries else {
            throw OptionError("needs a mapping such as {errors: has(errorCode)}, not \(node.shown)")
        }
        for entry in entries {
            let name = try PortName(config: ConfigNode(.text(entry.key), span: entry.keySpan)).text
            do {
                list.append((name, try Condition(config: entry.value)))
            } catch {
                var placed = error
                placed.message = "at '\(name)' \(error.message)"
                placed.span = placed.span ?? entry.value.span ?? entry.keySpan
                throw placed
            }
        }
    }

    var optionText: String { "{" + list.map { "\($0.name): \($0.condition.text)" }.joined(separator: ", ") + "}" }
}
