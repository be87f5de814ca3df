import MHPipeKit

/// Rows as they travel from the workers to the queue that inserts them.
///
/// A row is a cell for each column, one behind the other: a tag byte, and what the tag says. Numbers are in the
/// machine's own order, since both ends are in one process.
/// - `nulls`: a byte that says how many NULLs follow, 1 to 255;
/// - `text`: the length in 4 bytes, then UTF-8;
/// - `integer`: 8 bytes;
/// - `real`: 8 bytes.
enum SQLiteRow {
    enum Tag: UInt8 {
        case nulls, text, integer, real
    }
}

/// Encodes events as rows of a SQLite table; an event whose row would be too large for SQLite is rejected.
struct SQLiteRowEncoder: EventEncoder {
    private let fields: FieldSet
    private let contents: [OutputColumn.Content]
    private let mostBytes: Int
    private var empty: EmptyColumns.Watch

    /// - Parameters:
    ///   - columns: The table's columns.
    ///   - mostBytes: The largest row that SQLite takes.
    ///   - empty: Those of them that may stay empty without anybody's intention.
    init(_ columns: [OutputColumn], mostBytes: Int, empty: EmptyColumns = EmptyColumns()) {
        fields = FieldSet(columns.map(\.path))
        contents = columns.map(\.content)
        // SQLite's own row has a header: a number for each column, of which a text's length is counted here already.
        self.mostBytes = mostBytes - columns.count - 9
        self.empty = empty.watch()
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        var tooLarge: [Int: String] = [:]
        fields.attach(batch)
        for row in batch.selection {
            let start = output.count
            var nulls: UInt8 = 0
            let cells = unsafe fields.read(row)
            unsafe empty.note(cells)
            for number in 0..<cells.count {
                let cell = unsafe cells[number]
                guard cell.kind != .missing, cell.kind != .null else {
                    nulls += 1
                    if nulls == .max { Self.append(&nulls, to: output) }
                    continue
                }
                Self.append(&nulls, to: output)
                append(cell, number, to: output)
            }
            Self.append(&nulls, to: output)
            if output.count - start > mostBytes {
                tooLarge[row] = "needs a row of \(output.count - start) bytes, more than SQLite takes"
                output.removeLast(output.count - start)
            }
        }
        fields.detach()
        batch.reject(rows: tooLarge)
        empty.end(batch)
    }

    private func append(_ cell: JSONSlice, _ column: Int, to output: OutputBuffer) {
        let content = contents[column]
        switch cell.kind {
        case .string:
            if content == .json {
                unsafe appendQuotedString(cell.bytes, to: output)
            } else {
                unsafe appendString(cell.bytes, to: output)
            }
        case .bool where content != .json:
            unsafe appendInteger(cell.bytes.first == UInt8(ascii: "t") ? 1 : 0, to: output)
        // In a column of texts SQLite would make a text of the number, and not the one it was written as.
        case .number where content != .json && content != .text:
            unsafe appendNumber(cell.bytes, to: output)
        default:
            unsafe appendText(cell.bytes, to: output)
        }
    }

    private func appendString(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        guard unsafe JSONText.hasBackslash(bytes) else { return unsafe appendText(bytes, to: output) }
        // What a string stands for is never longer than what it is written as.
        let room = unsafe output.reserve(5 + bytes.count)
        guard let start = room.baseAddress else { return }
        var end = unsafe start + 5
        unsafe JSONText.decode(bytes) { byte in
            unsafe end.pointee = byte
            unsafe end += 1
        }
        unsafe Self.put(.text, UInt32(end - start - 5), at: start)
        unsafe output.commit(end - start)
    }

    /// Appends the JSON text of a string.
    private func appendQuotedString(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        let room = unsafe output.reserve(5)
        guard let start = room.baseAddress else { return }
        unsafe Self.put(.text, UInt32(bytes.count + 2), at: start)
        output.commit(5)
        output.append(UInt8(ascii: "\""))
        unsafe output.append(bytes)
        output.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private func appendText(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        let room = unsafe output.reserve(5 + bytes.count)
        guard let start = room.baseAddress else { return }
        unsafe Self.put(.text, UInt32(bytes.count), at: start)
        if let text = bytes.baseAddress { unsafe (start + 5).update(from: text, count: bytes.count) }
        output.commit(5 + bytes.count)
    }

    /// Appends a number as what keeps it: an integer, the nearest double, or its text where neither can hold it.
    private func appendNumber(_ text: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        let digits = unsafe String(decoding: text, as: UTF8.self)
        if let number = Int64(digits) { return appendInteger(number, to: output) }
        let isWhole = unsafe text.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- UInt8(ascii: "0") < 10 }
        guard !isWhole, let number = Double(digits), number.isFinite else { return unsafe appendText(text, to: output) }
        append(.real, number.bitPattern, to: output)
    }

    private func appendInteger(_ number: Int64, to output: OutputBuffer) {
        append(.integer, UInt64(bitPattern: number), to: output)
    }

    private func append(_ tag: SQLiteRow.Tag, _ bits: UInt64, to output: OutputBuffer) {
        let room = unsafe UnsafeMutableRawBufferPointer(output.reserve(9))
        unsafe room[0] = tag.rawValue
        unsafe room.storeBytes(of: bits, toByteOffset: 1, as: UInt64.self)
        output.commit(9)
    }

    @inline(__always)
    private static func put(_ tag: SQLiteRow.Tag, _ count: UInt32, at place: UnsafeMutablePointer<UInt8>) {
        unsafe place[0] = tag.rawValue
        unsafe UnsafeMutableRawPointer(place).storeBytes(of: count, toByteOffset: 1, as: UInt32.self)
    }

    @inline(__always)
    private static func append(_ nulls: inout UInt8, to output: OutputBuffer) {
        guard nulls > 0 else { return }
        output.append(SQLiteRow.Tag.nulls.rawValue)
        output.append(nulls)
        nulls = 0
    }
}
