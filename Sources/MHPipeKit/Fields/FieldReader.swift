/// Reads one field path from the rows of one batch.
///
/// What the path's first key means is found out once: a column that a transform added, a known field, or some other
/// key. An added column hides the record's own key of the same name.
package struct FieldReader {
    private enum Root {
        /// A value that a transform added, and the keys below it.
        case column(AddedColumn, member: Int, below: ArraySlice<[UInt8]>)
        case wholeColumn(AddedColumn)
        case known(KnownField)
        case other
        case nothing
    }

    private let root: Root
    private let path: FieldPath
    private let rows: RowTable
    private let cursor: JSONCursor
    /// The keys below the root.
    private let below: ArraySlice<[UInt8]>

    package init(_ path: FieldPath, _ batch: EventBatch) {
        self.path = path
        rows = unsafe batch.rows
        cursor = unsafe JSONCursor(batch.window)
        below = path.keyBytes.dropFirst()
        if let column = batch.columns.first(where: { $0.name == path.keys[0] }) {
            root = Self.root(in: column, path)
        } else {
            root = path.known.map(Root.known) ?? .other
        }
    }

    private static func root(in column: AddedColumn, _ path: FieldPath) -> Root {
        if column.members.isEmpty { return .column(column, member: 0, below: path.keyBytes.dropFirst()) }
        if path.keys.count == 1 { return .wholeColumn(column) }
        guard let member = column.members.firstIndex(of: path.keys[1]) else { return .nothing }
        return .column(column, member: member, below: path.keyBytes.dropFirst(2))
    }

    /// The value in a row.
    ///
    /// A whole added object has no bytes of its own; it comes out as an object without bytes, and its writer asks
    /// `wholeColumn` for it.
    package func slice(_ row: Int) -> JSONSlice {
        switch root {
        case .column(let column, let member, let below): return column.slice(row: row, member: member).value(at: below)
        case .wholeColumn(let column):
            guard column.isSet(row: row) else { return .missing }
            return unsafe JSONSlice(kind: .object, bytes: UnsafeBufferPointer(start: nil, count: 0))
        case .known, .other:
            let position = position(row)
            return position < 0 ? .missing : cursor.slice(position)
        case .nothing: return .missing
        }
    }

    /// The added object that the path names as a whole, when it does.
    package var wholeColumn: AddedColumn? {
        if case .wholeColumn(let column) = root { column } else { nil }
    }

    /// The index position of the value in the record itself, or -1.
    package func position(_ row: Int) -> Int {
        var position: Int
        switch root {
        case .known(let field):
            position = rows.position(of: field, row: row)
            guard position > 0 else { return -1 }
        case .other:
            position = unsafe find(path.keyBytes[0], in: Int(rows.records[row].position))
        case .column, .wholeColumn, .nothing:
            return -1
        }
        for key in below where position >= 0 { position = find(key, in: position) }
        return position
    }

    private func find(_ key: [UInt8], in position: Int) -> Int {
        guard position >= 0 else { return -1 }
        if cursor.byte(at: position) == UInt8(ascii: "[") {
            return Self.elementNumber(key).map { cursor.element($0, in: position) } ?? -1
        }
        return unsafe key.withUnsafeBufferPointer { unsafe cursor.find($0, in: position) }
    }

    /// The number that a key of digits stands for.
    static func elementNumber(_ key: [UInt8]) -> Int? {
        guard key.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return Int(String(decoding: key, as: UTF8.self))
    }
}
