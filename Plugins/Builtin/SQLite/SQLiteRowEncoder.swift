import MHPipeKit

/// Encodes events as rows of a SQLite table; an event whose row would be too large for SQLite is rejected.
///
/// A row is a `SQLiteRecord`. A value is made what its column's type makes of it (sqlite.org/datatype3.html#type_affinity),
/// so that the record can be copied as it is. Where only SQLite knows what that is, the record says so.
struct SQLiteRowEncoder: EventEncoder {
    private let fields: FieldSet
    private let contents: [OutputColumn.Content]
    private let mostBytes: Int
    private var empty: EmptyColumns.Watch
    /// The two parts of the record that is being written, of which the first has to be there in whole before it goes out.
    private let types = OutputBuffer()
    private var values = OutputBuffer()
    private var mustConvert = false

    /// A buffer of values that has grown beyond this is not kept.
    private static let usualBytes = 1 << 20

    /// - Parameters:
    ///   - columns: The table's columns.
    ///   - mostBytes: The largest row that SQLite takes.
    ///   - empty: Those of them that may stay empty without anybody's intention.
    init(_ columns: [OutputColumn], mostBytes: Int, empty: EmptyColumns = EmptyColumns()) {
        fields = FieldSet(columns.map(\.path))
        contents = columns.map(\.content)
        self.mostBytes = mostBytes
        self.empty = empty.watch()
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        var tooLarge: [Int: String] = [:]
        fields.attach(batch)
        for row in batch.selection {
            types.removeAll()
            values.removeAll()
            mustConvert = false
            let cells = unsafe fields.read(row)
            unsafe empty.note(cells)
            for number in 0..<cells.count { unsafe append(cells[number], contents[number]) }
            let size = SQLiteRecord.headerSize(types: types.count) + values.count
            if size <= mostBytes {
                appendRecord(size, to: output)
            } else {
                tooLarge[row] = "needs a row of \(size) bytes, more than SQLite takes"
            }
        }
        if values.capacityInBytes > Self.usualBytes { values = OutputBuffer() }
        fields.detach()
        batch.reject(rows: tooLarge)
        empty.end(batch)
    }

    private func appendRecord(_ size: Int, to output: OutputBuffer) {
        let room = unsafe output.reserve(SQLiteRecord.prefix + SQLiteRecord.mostVarint)
        guard let start = room.baseAddress else { return }
        let prefix = UInt32(size) | (mustConvert ? SQLiteRecord.toConvert : 0)
        unsafe UnsafeMutableRawPointer(start).storeBytes(of: prefix, as: UInt32.self)
        let header = UInt64(SQLiteRecord.headerSize(types: types.count))
        let end = unsafe SQLiteRecord.put(varint: header, at: start + SQLiteRecord.prefix)
        output.commit(unsafe end - start)
        unsafe output.append(types.bytes)
        unsafe output.append(values.bytes)
    }

    @inline(__always)
    private mutating func append(_ cell: JSONSlice, _ content: OutputColumn.Content) {
        switch cell.kind {
        case .missing, .null:
            append(type: SQLiteRecord.SerialType.null)
        case .string:
            if content == .json {
                unsafe appendQuotedString(cell.bytes)
            } else {
                unsafe appendString(cell.bytes, content)
            }
        case .bool where content == .text:
            values.append(unsafe cell.bytes.first == UInt8(ascii: "t") ? UInt8(ascii: "1") : UInt8(ascii: "0"))
            append(type: SQLiteRecord.SerialType.text(1))
        case .bool where content != .json:
            append(integer: unsafe cell.bytes.first == UInt8(ascii: "t") ? 1 : 0)
        // In a column of texts SQLite would make a text of the number, and not the one it was written as.
        case .number where content != .json && content != .text:
            unsafe appendNumber(cell.bytes, content)
        default:
            unsafe appendText(cell.bytes, content)
        }
    }

    @inline(__always)
    private mutating func appendString(_ bytes: UnsafeBufferPointer<UInt8>, _ content: OutputColumn.Content) {
        guard unsafe JSONText.hasBackslash(bytes) else { return unsafe appendText(bytes, content) }
        // What a string stands for is never longer than what it is written as.
        let room = unsafe values.reserve(bytes.count)
        guard let start = room.baseAddress else { return }
        var end = unsafe start
        unsafe JSONText.decode(bytes) { byte in
            unsafe end.pointee = byte
            unsafe end += 1
        }
        let count = unsafe end - start
        unsafe note(UnsafeBufferPointer(start: start, count: count), content)
        values.commit(count)
        append(type: SQLiteRecord.SerialType.text(count))
    }

    /// Appends the JSON text of a string.
    private func appendQuotedString(_ bytes: UnsafeBufferPointer<UInt8>) {
        values.append(UInt8(ascii: "\""))
        unsafe values.append(bytes)
        values.append(UInt8(ascii: "\""))
        append(type: SQLiteRecord.SerialType.text(bytes.count + 2))
    }

    @inline(__always)
    private mutating func appendText(_ bytes: UnsafeBufferPointer<UInt8>, _ content: OutputColumn.Content) {
        unsafe note(bytes, content)
        unsafe values.append(bytes)
        append(type: SQLiteRecord.SerialType.text(bytes.count))
    }

    /// Takes note of a text that a column of numbers may make a number of.
    @inline(__always)
    private mutating func note(_ text: UnsafeBufferPointer<UInt8>, _ content: OutputColumn.Content) {
        guard content == .number || content == .boolean, let first = unsafe text.first else { return }
        // No number begins so; objects and lists do, `true` and `false`.
        if !"tf{[".utf8.contains(first) { mustConvert = true }
    }

    /// Appends a number as what keeps it: an integer, the nearest double, or its text where neither can hold it.
    private mutating func appendNumber(_ text: UnsafeBufferPointer<UInt8>, _ content: OutputColumn.Content) {
        let digits = unsafe String(decoding: text, as: UTF8.self)
        if let number = Int64(digits) { return append(integer: number) }
        let isWhole = unsafe text.allSatisfy { $0 == UInt8(ascii: "-") || $0 &- UInt8(ascii: "0") < 10 }
        guard !isWhole, let number = Double(digits), number.isFinite else { return unsafe appendText(text, content) }
        if content != .anything, number == number.rounded() {
            // A column of numbers holds whole ones as integers; how large they may be differs between versions of SQLite.
            if number.magnitude < 0x1p51 { return append(integer: Int64(number)) }
            mustConvert = true
        }
        append(type: SQLiteRecord.SerialType.real)
        append(number.bitPattern, bytes: 8)
    }

    private func append(integer number: Int64) {
        if number == 0 { return append(type: SQLiteRecord.SerialType.zero) }
        if number == 1 { return append(type: SQLiteRecord.SerialType.one) }
        let (type, bytes) = SQLiteRecord.SerialType.integer(number)
        append(type: type)
        append(UInt64(bitPattern: number), bytes: bytes)
    }

    /// Appends the last bytes of a number, those of most weight first.
    private func append(_ bits: UInt64, bytes: Int) {
        for place in (0..<bytes).reversed() { values.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place))) }
    }

    @inline(__always)
    private func append(type: UInt64) {
        guard let place = unsafe types.reserve(SQLiteRecord.mostVarint).baseAddress else { return }
        types.commit(unsafe SQLiteRecord.put(varint: type, at: place) - place)
    }
}
