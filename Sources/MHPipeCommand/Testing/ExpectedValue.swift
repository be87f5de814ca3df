import MHPipeKit

/// A value as a test states it, which is text, held against one of an event.
struct ExpectedValue {
    let node: ConfigNode

    /// True when the value of an event is the one that was written: texts as they are, numbers, `true`, `false` and `null` as
    /// JSON has them, lists with all of their elements; of an object the keys that are written.
    func isMet(by value: JSONValue?) -> Bool {
        guard let value else { return false }
        switch node.content {
        case .null: return value.isNull
        case .list(let expected):
            let elements = value.kind == .array ? value.elements : []
            return value.kind == .array && elements.count == expected.count
                && zip(expected, elements).allSatisfy { ExpectedValue(node: $0).isMet(by: $1) }
        case .mapping(let entries):
            return value.kind == .object
                && entries.allSatisfy { ExpectedValue(node: $0.value).isMet(by: value[$0.key]) }
        case .text(let text):
            if value.kind == .string { return value.string == text }
            if value.kind != .object, value.kind != .array { return value.json == text }
            return JSONValue(parsing: text) != nil && RecordDifference(from: text, to: value.json).changes.isEmpty
        }
    }

    /// As it was written, on one line.
    var text: String {
        switch node.content {
        case .null: "null"
        case .text(let text): text
        case .list(let elements): "[" + elements.map { ExpectedValue(node: $0).text }.joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\($0.key): \(ExpectedValue(node: $0.value).text)" }.joined(separator: ", ") + "}"
        }
    }
}
