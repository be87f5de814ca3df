/// What the stages above another have put into events beside the fields of records, so that it has a column by default.
package struct AddedFields: Sendable, Equatable {
    /// The fields that hold values, in the order of the stages.
    package private(set) var paths: [FieldPath] = []
    /// True when events have no other fields.
    package private(set) var areAll = false

    package init() {}

    /// Where the ways behind some stages meet.
    package init(merging ways: [AddedFields]) {
        for way in ways { add(way.paths) }
        areAll = !ways.isEmpty && ways.allSatisfy(\.areAll)
    }

    /// Behind a stage that writes records anew, and one that adds fields.
    package func behind(_ shape: FieldShape?, adding fields: [EventField]) -> AddedFields {
        var behind = self
        if let shape {
            behind.paths = shape.areAll ? [] : shape.moved(paths)
            behind.areAll = areAll || shape.areAll
            behind.add(shape.kept ?? [])
            behind.add(shape.changes.compactMap { if case .renamed(_, let new) = $0 { new } else { nil } })
            // What such a stage adds, it keeps.
            if shape.areAll { return behind }
        }
        var paths: [FieldPath] = []
        for field in fields { field.addValues(to: &paths) }
        behind.add(paths)
        return behind
    }

    /// Adds what is not there, be it in a larger one.
    private mutating func add(_ others: [FieldPath]) {
        for other in others where !paths.contains(where: { other.keys.starts(with: $0.keys) }) { paths.append(other) }
    }
}

extension EventField {
    /// Adds the fields below it that hold values.
    fileprivate func addValues(to paths: inout [FieldPath], below keys: [String] = []) {
        let keys = keys + [key]
        guard case .object(let fields) = content, !fields.isEmpty else { return paths.append(FieldPath(keys: keys)) }
        for field in fields { field.addValues(to: &paths, below: keys) }
    }
}

extension FieldShape {
    /// Where fields are then, as far as they are left.
    fileprivate func moved(_ paths: [FieldPath]) -> [FieldPath] {
        paths.compactMap { path in
            let isKept = kept?.contains { path.keys.starts(with: $0.keys) || $0.keys.starts(with: path.keys) } ?? true
            let isRemoved = changes.contains {
                if case .removed(let removed) = $0 { path.keys.starts(with: removed.keys) } else { false }
            }
            return isKept && !isRemoved ? newPath(of: path) ?? path : nil
        }
    }
}
