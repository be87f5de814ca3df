/// What a unit adds to all its events, ready to be added to batches.
package struct UnitColumn: Sendable {
    private let layout: ColumnLayout
    /// For each member its value, a JSON text; one for a plain value.
    private let values: [String]

    /// Nil when the value is not one JSON text.
    package init?(_ column: UnitFacts.Column) {
        guard column.isSound, let value = JSONValue(sound: column.json) else { return nil }
        var members: [(key: String, value: String)] = []
        for (key, value) in value.kind == .object ? value.members : [] {
            members.removeAll { $0.key == key }
            members.append((key, value.json))
        }
        layout = ColumnLayout(column.name, members: members.map(\.key))
        values = members.isEmpty ? [column.json] : members.map(\.value)
    }

    /// Adds the column to a batch, the same in all rows.
    package func add(to batch: EventBatch) {
        let column = batch.addColumn(layout)
        guard batch.rowCount > 0 else { return }
        for (member, value) in values.enumerated() {
            column.set(.json(value), row: 0, member: member)
            let slice = column.slice(row: 0, member: member)
            for row in 1..<max(batch.rowCount, 1) { column.set(slice, row: row, member: member) }
        }
    }
}

extension UnitFacts.Column {
    /// True when the value is one JSON text, which can stand in a record.
    package var isSound: Bool {
        let fields = UnsafeMutablePointer<UInt32>.allocate(capacity: KnownField.count)
        defer { unsafe fields.deallocate() }
        guard let window = IndexedText(copying: Array("[\(json)]".utf8)), window.defects.isEmpty,
            case .complete(let end) = unsafe RecordScanner().scan(window, from: 0, fields: fields),
            end == window.indexCount
        else { return false }
        // One element: behind it stands the bracket that closes the array.
        return end > 2 && JSONCursor(window).skip(1) == end - 1
    }
}
