/// What a transform that writes records anew makes of the fields that events have.
package struct FieldShape: Sendable {
    package enum Change: Sendable {
        /// The field is not there any more.
        case removed(FieldPath)
        /// The field has another place.
        case renamed(FieldPath, to: FieldPath)
        /// The value may be anything from now on.
        case opened(FieldPath)
    }

    /// The fields that are left; nil when all are.
    package var kept: [FieldPath]?
    /// True when the events are no records any more, but have `kept` alone.
    package var areAll: Bool
    /// What is changed, one change after the other.
    package var changes: [Change]

    package init(kept: [FieldPath]? = nil, areAll: Bool = false, changes: [Change] = []) {
        self.kept = kept
        self.areAll = areAll
        self.changes = changes
    }

    /// Where a field is from now on; nil where nothing is said of it, or it is removed.
    package func newPath(of path: FieldPath) -> FieldPath? {
        for change in changes {
            guard case .renamed(let old, let new) = change, path.keys.starts(with: old.keys) else { continue }
            return FieldPath(keys: new.keys + path.keys.dropFirst(old.keys.count))
        }
        return nil
    }

    /// The fields that events have then.
    ///
    /// - Parameter fields: The top-level fields that they had before.
    /// - Returns: The top-level fields.
    package func applied(to fields: [EventField]) -> [EventField] {
        var fields = fields
        if let kept {
            let all = fields
            fields = []
            for path in kept { fields.put(all.content(at: path.keys[...]) ?? .anything, at: path.keys[...]) }
        }
        // A field may take the name of another one that is renamed itself.
        let moved = changes.compactMap { change -> (FieldPath, EventField.Content)? in
            guard case .renamed(let old, let new) = change else { return nil }
            return (new, fields.content(at: old.keys[...]) ?? .anything)
        }
        for change in changes {
            switch change {
            case .removed(let path), .renamed(let path, _): fields.remove(path.keys[...])
            case .opened(let path): fields.put(.anything, at: path.keys[...])
            }
        }
        for (path, content) in moved { fields.put(content, at: path.keys[...]) }
        return fields
    }
}

extension [EventField] {
    /// What is known of a field; nil when there is none.
    fileprivate func content(at keys: ArraySlice<String>) -> EventField.Content? {
        guard let key = keys.first, let field = first(where: { $0.key == key }) else { return nil }
        var content = field.content
        var rest = keys.dropFirst()
        while let key = rest.first {
            switch content {
            case .object(let fields): return fields.content(at: rest)
            case .list(let element) where Int(key) != nil:
                content = element
                rest = rest.dropFirst()
            case .anything: return .anything
            default: return nil
            }
        }
        return content
    }

    /// Takes a field away; an element of a list leaves the list as it was.
    fileprivate mutating func remove(_ keys: ArraySlice<String>) {
        guard let place = firstIndex(where: { $0.key == keys.first }) else { return }
        guard keys.count > 1 else {
            remove(at: place)
            return
        }
        guard case .object(var fields) = self[place].content else { return }
        fields.remove(keys.dropFirst())
        self[place].content = .object(fields)
    }

    /// Sets what is known of a field, and makes the objects on the way.
    fileprivate mutating func put(_ content: EventField.Content, at keys: ArraySlice<String>) {
        guard let key = keys.first else { return }
        let place =
            firstIndex { $0.key == key }
            ?? {
                append(EventField(key, .object([])))
                return count - 1
            }()
        guard keys.count > 1 else {
            self[place].content = content
            return
        }
        switch self[place].content {
        case .anything: return
        case .object(var fields):
            // A key of digits may number the elements of a list, which have fields of their own.
            guard Int(keys.dropFirst().first ?? "") == nil else {
                self[place].content = .anything
                return
            }
            fields.put(content, at: keys.dropFirst())
            self[place].content = .object(fields)
        default: self[place].content = .anything
        }
    }
}
