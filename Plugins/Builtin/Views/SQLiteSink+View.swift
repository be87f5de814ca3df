import MHPipeKit

extension SQLiteSink: ViewingSink {
    /// The values as SQLite is given them, texts in its quotes.
    func view(of event: Event) -> SinkView {
        let alone = event.alone
        var whole = SQLiteRowEncoder(columns, mostBytes: SQLiteDatabase.mostBytes)
        whole.encode(alone, into: OutputBuffer())
        if let refused = alone.takeRejections().first { return SinkView(path: name, refusal: refused.reason) }
        let cells = columns.map { column in
            var encoder = SQLiteRowEncoder([column], mostBytes: SQLiteDatabase.mostBytes)
            let buffer = OutputBuffer()
            encoder.encode(event.alone, into: buffer)
            return SinkView.Cell(column: column.name, text: unsafe Self.text(of: UnsafeRawBufferPointer(buffer.bytes)))
        }
        return SinkView(path: name, cells: cells)
    }

    /// The value of a row of one column; nil for NULL.
    private static func text(of cell: UnsafeRawBufferPointer) -> String? {
        switch unsafe cell.first.flatMap({ SQLiteRow.Tag(rawValue: $0) }) {
        case .text:
            let text = unsafe String(decoding: cell.dropFirst(5), as: UTF8.self)
            return "'" + text.replacing("'", with: "''") + "'"
        case .integer: return unsafe "\(cell.loadUnaligned(fromByteOffset: 1, as: Int64.self))"
        case .real: return unsafe "\(Double(bitPattern: cell.loadUnaligned(fromByteOffset: 1, as: UInt64.self)))"
        case .nulls, nil: return nil
        }
    }
}
