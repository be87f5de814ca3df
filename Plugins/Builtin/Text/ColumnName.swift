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

    /// What to say when the key belongs to the CloudTrail record, whose own value would no longer be written, and when
    /// it looks like a path.
    func warnings(unless usual: ColumnName) -> [OptionWarning] {
        guard self != usual else { return [] }
        let path = FieldPath(keys: [key]).text
        if path != key {
            let message = "'as: \(key)' is one key, which field paths write in double quotes: \(path)"
            return [OptionWarning(option: "as", message, notes: ["fields are added at the top of an event"])]
        }
        guard FieldPath(key).known != nil else { return [] }
        let message = "'as: \(key)' hides the record's own '\(key)' from later stages and from what sinks write"
        return [OptionWarning(option: "as", message)]
    }
}
