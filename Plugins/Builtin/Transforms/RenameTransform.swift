import MHPipeKit

/// Gives fields of events other names; all other bytes of a record stay as they are.
///
/// A field that stays in its object keeps its place there. One that goes to the top of the event goes to its end. Nothing
/// is overwritten: an event that has a field of the new name already is rejected.
///
/// - Complexity: O(*n*) in the tokens of a record.
struct RenameTransform: RewritingTransform {
    static let name = "rename"
    static let summary = "Gives fields of events other names, or takes them to the top of the event."

    struct Options: PluginOptions {
        var fields = FieldRenames()

        static let all: [Option<Options>] = [
            .required(
                "fields",
                \.fields,
                "The fields and their new paths: in the same object, or at the top.",
                example: "{sourceIPAddress: client_ip, userIdentity.arn: caller_arn}"
            )
        ]
    }

    private let renames: [FieldRenames.Rename]
    /// The last key of each new path, as it stands between quotes.
    private let newKeys: [[UInt8]]
    private let tree: PathTree
    private let rewriter = RecordRewriter()

    init(_ options: Options, _ context: PluginContext) throws {
        renames = options.fields.list
        guard !renames.isEmpty else { throw OptionError(option: "fields", "needs at least one field") }
        tree = PathTree(renames.map(\.old))
        newKeys = renames.map { rename in
            var key: [UInt8] = []
            JSONText.escape(rename.new.keys[rename.new.keys.count - 1].utf8, into: &key)
            return key
        }
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape {
        FieldShape(changes: options.fields.list.map { .renamed($0.old, to: $0.new) })
    }

    mutating func process(_ batch: EventBatch) throws {
        var rejected: [Int: String] = [:]
        try rewriter.rewrite(batch) { cursor, record, row in
            if let reason = collision(record, cursor) {
                rejected[row] = reason
                return
            }
            var moved: [(key: [UInt8], value: Range<Int>)] = []
            var isEmpty = rename(record, tree, cursor, &moved)
            guard !moved.isEmpty else { return }
            let end = cursor.skip(record) - 1
            for (key, value) in moved {
                rewriter.insert(key: key, copyOf: value, isFirst: isEmpty, before: end)
                isEmpty = false
            }
        }
        batch.reject(rows: rejected)
    }

    /// Renames in a value; true when nothing is left in it.
    private func rename(
        _ position: Int,
        _ node: PathTree,
        _ cursor: JSONCursor,
        _ moved: inout [(key: [UInt8], value: Range<Int>)]
    ) -> Bool {
        var removal = PartRemoval()
        cursor.forEachPart(of: position) { part in
            guard let child = node.child(of: part, cursor) else { return removal.keep(part) }
            guard let number = child.paths.first else {
                _ = rename(part.value, child, cursor, &moved)
                return removal.keep(part)
            }
            guard !renames[number].isInPlace else {
                if part.element == nil {
                    unsafe newKeys[number].withUnsafeBufferPointer {
                        unsafe rewriter.replace(part.start..<part.start + 1, string: $0)
                    }
                }
                return removal.keep(part)
            }
            moved.append((newKeys[number], part.value..<part.end))
            removal.remove(part, rewriter)
        }
        return removal.isEmpty
    }

    /// Why an event cannot be renamed: two fields would have one name.
    private func collision(_ record: Int, _ cursor: JSONCursor) -> String? {
        for (number, rename) in renames.enumerated() where cursor.has(rename.old, record) {
            let rival = renames[..<number].first { $0.new == rename.new && cursor.has($0.old, record) }
            if let rival {
                return
                    "has both '\(rival.old.text)' and '\(rename.old.text)', which would be named '\(rename.new.text)'"
            }
            guard cursor.has(rename.new, record), !renames.contains(where: { $0.old == rename.new }) else { continue }
            return "has '\(rename.new.text)' already, so '\(rename.old.text)' cannot be named so"
        }
        return nil
    }
}

extension JSONCursor {
    /// True when the object at a position has a field.
    fileprivate func has(_ path: FieldPath, _ position: Int) -> Bool {
        var position = position
        for key in path.keyBytes where position >= 0 {
            if byte(at: position) == UInt8(ascii: "[") {
                position = Int(String(decoding: key, as: UTF8.self)).map { element($0, in: position) } ?? -1
            } else {
                position = unsafe key.withUnsafeBufferPointer { unsafe find($0, in: position) }
            }
        }
        return position >= 0
    }
}
