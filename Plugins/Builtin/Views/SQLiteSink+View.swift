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

    /// The value of a record of one column; nil for NULL.
    private static func text(of record: UnsafeRawBufferPointer) -> String? {
        // The header is its size, a byte, and the number that says what the value is.
        let header = unsafe Int(record[SQLiteRecord.prefix])
        let numbers = unsafe record[(SQLiteRecord.prefix + 1)..<(SQLiteRecord.prefix + header)]
        let value = unsafe record[(SQLiteRecord.prefix + header)...]
        let type = unsafe numbers.reduce(UInt64(0)) { $0 << 7 | UInt64($1 & 0x7F) }
        let bits = unsafe value.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch type {
        case SQLiteRecord.SerialType.null: return nil
        case SQLiteRecord.SerialType.zero: return "0"
        case SQLiteRecord.SerialType.one: return "1"
        case SQLiteRecord.SerialType.real: return "\(Double(bitPattern: bits))"
        case 13...: return unsafe "'" + String(decoding: value, as: UTF8.self).replacing("'", with: "''") + "'"
        default:
            let missing = unsafe 64 - 8 * value.count
            return "\(Int64(bitPattern: bits << UInt64(missing)) >> Int64(missing))"
        }
    }
}
