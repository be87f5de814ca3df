package import MHPipeKit

/// What a test expects of the events that leave a stage, or come to a sink.
package struct ExpectedEvents: PluginOptions {
    /// How many there are.
    package var count: Int?
    /// Their eventIDs, in order.
    package var ids: [String]?
    /// The values that fields have in every one.
    package var fields: ExpectedFields?
    /// The fields that none has.
    package var missing: [FieldPath]?
    /// The events themselves, whole and in order, as JSON objects.
    package var records: ExpectedRecords?
    /// How many events came to the stage and did not go on.
    package var dropped: Int?
    /// How many it could not work on; of a source, how many could not be read.
    package var quarantined: Int?

    package init() {}

    package static let all: [Option<ExpectedEvents>] = [
        .optional("count", \.count, "How many events there are.", example: "1"),
        .optional("ids", \.ids, "Their eventIDs, in order.", example: "[a, b]"),
        .optional(
            "fields",
            \.fields,
            "The values that fields have in every event.",
            example: "{identity.kind: root}"
        ),
        .optional("missing", \.missing, "The fields that no event has.", example: "[requestParameters]"),
        .optional(
            "records",
            \.records,
            "The events themselves, whole and in order.",
            example: "'{\"eventID\": \"a\"}'"
        ),
        .optional("dropped", \.dropped, "How many events came to the stage and did not go on.", example: "1"),
        .optional("quarantined", \.quarantined, "How many events the stage could not work on.", example: "0"),
    ]
}

/// Fields and the values that they are to have.
package struct ExpectedFields: OptionValue {
    package var list: [(path: FieldPath, value: ConfigNode)] = []

    package static var typeName: String { "a mapping of field paths to values" }

    package init(config node: ConfigNode) throws(OptionError) {
        guard let entries = node.entries, !entries.isEmpty else {
            throw OptionError("needs a mapping such as {identity.kind: root}, not \(node.shown)")
        }
        for entry in entries {
            do {
                list.append((try FieldPath(config: ConfigNode(.text(entry.key), span: entry.keySpan)), entry.value))
            } catch {
                var placed = error
                placed.span = placed.span ?? entry.keySpan
                throw placed
            }
        }
    }

    package var optionText: String { "{" + list.map(\.path.text).joined(separator: ", ") + "}" }

    package var fieldPaths: [FieldPath] { list.map(\.path) }
}
