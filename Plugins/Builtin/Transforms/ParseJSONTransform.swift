import MHPipeKit

/// Makes JSON of strings that hold it, such as policies, so that later stages and readers see what is in them.
///
/// An object or array takes the place of the string; its text stays as it is but for the escapes of the string. Texts that
/// are neither stay, and those in the named fields are counted and told at the end.
///
/// - Complexity: O(*n*) in the tokens of a record.
struct ParseJSONTransform: RewritingTransform, TallyKeeping {
    static let name = "parse_json"
    static let summary = "Makes JSON of strings that hold JSON, such as policy documents."

    struct Options: PluginOptions {
        var fields: [FieldPath] = []
        var nested = false

        static let all: [Option<Options>] = [
            .required(
                "fields",
                \.fields,
                "The fields that hold JSON as a text.",
                example: "[requestParameters.policyDocument]"
            ),
            .optional(
                "nested",
                \.nested,
                "Reads every text inside these fields, at any depth, and inside what was read, that holds JSON."
            ),
        ]
    }

    private let tree: PathTree
    private let isNested: Bool
    private let rewriter = RecordRewriter()
    private let embedded = EmbeddedJSON()
    /// The texts that are no JSON, and those that only begin like it.
    private(set) var tally = [0, 0]

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.fields.isEmpty else { throw OptionError(option: "fields", "needs at least one field") }
        tree = PathTree(options.fields)
        isNested = options.nested
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape { FieldShape(changes: options.fields.map { .opened($0) }) }

    func remarks(_ tally: [Int]) -> [String] {
        let kinds = ["holds no JSON object or array", "begins like JSON and is none"]
        return zip(tally, kinds).filter { $0.0 > 0 }.map { count, kind in
            count == 1
                ? "left 1 text as it is, since it \(kind)"
                : "left \(count) texts as they are, since each \(kind)"
        }
    }

    mutating func process(_ batch: EventBatch) throws {
        var counts = [0, 0]
        try rewriter.rewrite(batch) { cursor, record, _ in read(record, tree, cursor, depth: 1, &counts) }
        tally = zip(tally, counts).map(+)
    }

    /// Reads what is in a value at a node of the tree, `depth` objects and arrays deep.
    private func read(_ position: Int, _ node: PathTree, _ cursor: JSONCursor, depth: Int, _ counts: inout [Int]) {
        cursor.forEachPart(of: position) { part in
            guard let child = node.child(of: part, cursor) else { return }
            if cursor.byte(at: part.value) == UInt8(ascii: "\"") {
                guard child.isEnd, unsafe !cursor.stringBytes(part.value).isEmpty else { return }
                replace(part.value, cursor, depth: depth, isNamed: true, &counts)
            } else if child.isEnd, isNested {
                readAll(part.value, part.end, cursor, depth: depth, &counts)
            } else {
                read(part.value, child, cursor, depth: depth + 1, &counts)
            }
        }
    }

    /// Reads every string in a value.
    private func readAll(_ start: Int, _ end: Int, _ cursor: JSONCursor, depth: Int, _ counts: inout [Int]) {
        var open = depth
        for position in start..<end {
            switch cursor.byte(at: position) {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\"") where cursor.byte(at: position + 1) != UInt8(ascii: ":"):
                replace(position, cursor, depth: open, isNamed: false, &counts)
            default: break
            }
        }
    }

    private func replace(_ position: Int, _ cursor: JSONCursor, depth: Int, isNamed: Bool, _ counts: inout [Int]) {
        switch unsafe embedded.read(cursor.stringBytes(position), depth: depth, isNested: isNested) {
        case .value(let text):
            unsafe text.withUnsafeBufferPointer { unsafe rewriter.replace(position..<position + 1, json: $0) }
        case .plain: if isNamed { counts[0] += 1 }
        case .damaged: counts[1] += 1
        }
    }
}
