import MHPipeKit

/// What differs between two states of a record, field by field.
struct RecordDifference: Sendable {
    /// A field that differs.
    struct Change: Sendable, Equatable {
        /// The field, as pipelines write it.
        let field: String
        /// Its JSON text before; nil where it was not there.
        let before: String?
        /// Its JSON text after; nil where it is gone.
        let after: String?
    }

    /// In the order of the later state, with what is gone behind it.
    let changes: [Change]

    /// Compares two records, given as JSON texts that were proven to be such.
    init(from before: String, to after: String) {
        guard before != after, let before = JSONValue(sound: before), let after = JSONValue(sound: after) else {
            changes = []
            return
        }
        changes = Self.changes(before, after, [])
    }

    private static func changes(_ before: JSONValue, _ after: JSONValue, _ keys: [String]) -> [Change] {
        guard before.kind == .object, after.kind == .object else {
            return isSame(before, after) ? [] : [Change(field: name(keys), before: before.json, after: after.json)]
        }
        var changes: [Change] = []
        for key in Self.keys(of: after) {
            guard let new = after[key] else { continue }
            if let old = before[key] {
                changes += Self.changes(old, new, keys + [key])
            } else {
                changes += leaves(new, keys + [key]).map { Change(field: $0, before: nil, after: $1) }
            }
        }
        for key in Self.keys(of: before) where after[key] == nil {
            guard let old = before[key] else { continue }
            changes.append(Change(field: name(keys + [key]), before: old.json, after: nil))
        }
        return changes
    }

    /// What is in an object, down to what is none.
    private static func leaves(_ value: JSONValue, _ keys: [String]) -> [(String, String)] {
        let inner = value.kind == .object ? Self.keys(of: value) : []
        guard !inner.isEmpty else { return [(name(keys), value.json)] }
        return inner.flatMap { key in value[key].map { leaves($0, keys + [key]) } ?? [] }
    }

    private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard left.kind == right.kind else { return false }
        switch left.kind {
        case .string: return left.string == right.string
        case .array:
            let (lefts, rights) = (left.elements, right.elements)
            return lefts.count == rights.count && zip(lefts, rights).allSatisfy { isSame($0, $1) }
        case .object: return changes(left, right, []).isEmpty
        default: return left.json == right.json
        }
    }

    /// Each once, where it stands first.
    private static func keys(of object: JSONValue) -> [String] {
        var seen: Set<String> = []
        return object.members.map(\.key).filter { seen.insert($0).inserted }
    }

    private static func name(_ keys: [String]) -> String { keys.isEmpty ? "" : FieldPath(keys: keys).text }
}
