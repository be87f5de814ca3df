import MHPipeKit

/// The top-level key under which a transform adds what it found.
struct ColumnName: OptionValue, Hashable, ExpressibleByStringLiteral {
    var key: String

    init(stringLiteral value: String) {
        key = value
    }

    static var typeName: String { "a key" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text else { throw OptionError("needs a key, not \(node.kindName)") }
        guard !text.isEmpty else { throw OptionError("needs a key, not an empty text") }
        key = text
    }

    var optionText: String { key }

    /// What to say when the key belongs to the CloudTrail record, whose own value would no longer be written.
    func warnings(unless usual: ColumnName) -> [OptionWarning] {
        guard self != usual, FieldPath(key).known != nil else { return [] }
        let message = "'as: \(key)' hides the record's own '\(key)' from later stages and from what sinks write"
        return [OptionWarning(option: "as", message)]
    }
}
