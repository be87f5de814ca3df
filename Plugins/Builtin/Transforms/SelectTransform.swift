import MHPipeKit

/// Keeps some fields of events and takes all others out; what stays keeps its bytes and its order.
///
/// An object on the way to a field is there only when the field is. What earlier transforms added goes as well, unless it
/// is named.
///
/// - Complexity: O(*n*) in the tokens of a record.
struct SelectTransform: RewritingTransform, TallyKeeping {
    static let name = "select"
    static let summary = "Keeps some fields of events, and takes all others out."

    struct Options: PluginOptions {
        var fields: [FieldPath] = []

        static let all: [Option<Options>] = [
            .required(
                "fields",
                \.fields,
                "The fields to keep, those that transforms have added among them.",
                example: "[eventTime, eventName, userIdentity.arn, identity]"
            )
        ]
    }

    private let tree: PathTree
    private let rewriter = RecordRewriter()
    /// The events, and those that have one of the fields.
    private(set) var tally = [0, 0]

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.fields.isEmpty else { throw OptionError(option: "fields", "needs at least one field") }
        tree = PathTree(options.fields)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape { FieldShape(kept: options.fields) }

    func remarks(_ tally: [Int]) -> [String] {
        tally[0] > 0 && tally[1] == 0 ? ["leaves nothing of any event: none has a field that 'fields' names"] : []
    }

    mutating func process(_ batch: EventBatch) throws {
        var filled = 0
        try rewriter.rewrite(batch) { cursor, record, _ in
            if prune(record, tree, cursor) { filled += 1 }
        }
        tally = [tally[0] + batch.count, tally[1] + filled]
    }

    /// Takes out of a value what is not asked for; true when something stays.
    @discardableResult
    private func prune(_ position: Int, _ node: PathTree, _ cursor: JSONCursor) -> Bool {
        var removal = PartRemoval()
        cursor.forEachPart(of: position) { part in
            guard let child = node.child(of: part, cursor), has(part.value, child, cursor) else {
                return removal.remove(part, rewriter)
            }
            if !child.isEnd { prune(part.value, child, cursor) }
            removal.keep(part)
        }
        return !removal.isEmpty
    }

    /// True when a field that is asked for is in a value.
    private func has(_ position: Int, _ node: PathTree, _ cursor: JSONCursor) -> Bool {
        if node.isEnd { return true }
        var isThere = false
        cursor.forEachPart(of: position) { part in
            guard !isThere, let child = node.child(of: part, cursor) else { return }
            isThere = has(part.value, child, cursor)
        }
        return isThere
    }
}
