import MHPipeKit

/// Takes fields out of events; all other bytes of a record stay as they are.
///
/// What earlier transforms added is taken out likewise. Where a key is repeated, all of its values go; an object that has
/// nothing left stays, empty. An element of an array, named by its number, is taken out of it.
///
/// - Complexity: O(*n*) in the tokens of a record.
struct RemoveTransform: RewritingTransform {
    static let name = "remove"
    static let summary = "Takes fields out of events, and leaves everything else as it is."

    struct Options: PluginOptions {
        var fields: [FieldPath] = []

        static let all: [Option<Options>] = [
            .required(
                "fields",
                \.fields,
                "The fields to take out, those that transforms have added among them.",
                example: "[responseElements, userIdentity.accessKeyId]"
            )
        ]
    }

    private let tree: PathTree
    private let rewriter = RecordRewriter()

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.fields.isEmpty else { throw OptionError(option: "fields", "needs at least one field") }
        tree = PathTree(options.fields)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape {
        FieldShape(changes: options.fields.map { .removed($0) })
    }

    mutating func process(_ batch: EventBatch) throws {
        try rewriter.rewrite(batch) { cursor, record, _ in prune(record, tree, cursor) }
    }

    private func prune(_ position: Int, _ node: PathTree, _ cursor: JSONCursor) {
        var removal = PartRemoval()
        cursor.forEachPart(of: position) { part in
            let child = node.child(of: part, cursor)
            if let child, child.isEnd { return removal.remove(part, rewriter) }
            if let child { prune(part.value, child, cursor) }
            removal.keep(part)
        }
    }
}
