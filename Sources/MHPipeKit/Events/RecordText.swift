/// Records that are put together token by token, with their index.
///
/// Used for one batch after the other: `begin`, records, `finish`. What `finish` gives is valid until the next `begin`.
@safe
final class RecordText {
    /// The places of the records.
    let rows = RowTable()
    private let text = OutputBuffer()
    private let scanner = RecordScanner()

    // Invariant: `index` has room for `capacity` entries, of which the first `count` are set and ascend; `fields` has
    // room for one record's known fields.
    private var index: UnsafeMutablePointer<UInt32>
    private var capacity = 4096
    private var count = 0
    private let fields: UnsafeMutablePointer<UInt32>
    private var records: [RowTable.Record] = []

    init() {
        unsafe index = .allocate(capacity: capacity)
        unsafe fields = .allocate(capacity: KnownField.count)
        unsafe fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        unsafe index.deallocate()
        unsafe fields.deallocate()
    }

    /// Forgets what was put together.
    func begin() {
        text.removeAll()
        rows.removeAll()
        records.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Notes a row that nobody will look at.
    func skipRecord(number: Int) {
        records.append(RowTable.Record(nowhere: number))
    }

    func beginRecord(number: Int) {
        let (start, position) = (UInt32(text.count), UInt32(count))
        records.append(
            RowTable.Record(start: start, end: start, position: position, endPosition: position, number: number)
        )
    }

    /// Ends the record that was begun last.
    ///
    /// - Throws: `StageError` when the offsets no longer fit into the index.
    func endRecord() throws {
        guard text.count < Int(UInt32.max) - 1024 else {
            throw StageError("the records of one batch would take more than 4 GiB when they are written anew")
        }
        records[records.count - 1].end = UInt32(text.count)
        records[records.count - 1].endPosition = UInt32(count)
        // Behind a record stands what may stand behind JSON, so that a walk over its last token finds its end.
        text.append(0x0A)
    }

    /// The records as a window, with the places of their known fields in `rows`.
    ///
    /// - Parameter refuse: Called with the row of each record that nobody may look at, and why: most often what was put
    ///   around its parts made them nest deeper than a record may.
    /// - Returns: A window that is valid until the next `begin`.
    func finish(_ refuse: (Int, String) -> Void) -> IndexedText {
        let length = text.count
        text.append([UInt8](repeating: 0, count: IndexedText.padding))
        makeRoom(2)
        unsafe index[count] = UInt32(length)
        unsafe index[count + 1] = UInt32(length)
        let window = unsafe IndexedText(
            text: UnsafePointer(text.base),
            count: length,
            index: UnsafePointer(index),
            indexCount: count,
            defects: [],
            owner: self
        )
        for (row, record) in records.enumerated() {
            if record.endPosition == 0 {
                unsafe fields.update(repeating: 0, count: KnownField.count)
            } else if let reason = fault(of: record, window) {
                refuse(row, reason)
            }
            unsafe rows.append(record, fields: fields)
        }
        return window
    }

    /// Why a record is none; nil for one that is, whose known fields are in `fields` then.
    private func fault(of record: RowTable.Record, _ window: IndexedText) -> String? {
        switch unsafe scanner.scan(window, from: Int(record.position), fields: fields) {
        case .complete(let end) where end == record.endPosition: nil
        case .malformed(_, .tooDeep): RecordRewriter.tooDeep
        default: "is no JSON object after it was written anew"
        }
    }

    /// Appends a bracket, brace, comma or colon.
    func append(token byte: UInt8) {
        note()
        text.append(byte)
    }

    /// Appends a string whose bytes stand between quotes as they are.
    func append(string bytes: UnsafeBufferPointer<UInt8>) {
        note()
        text.append(UInt8(ascii: "\""))
        unsafe text.append(bytes)
        text.append(UInt8(ascii: "\""))
    }

    /// Appends a number or literal.
    func append(scalar bytes: UnsafeBufferPointer<UInt8>) {
        note()
        unsafe text.append(bytes)
    }

    /// Appends tokens of another text, with what stands between them.
    func append(_ cursor: JSONCursor, _ tokens: Range<Int>) {
        let first = unsafe Int(cursor.index[tokens.lowerBound])
        let last = unsafe cursor.token(tokens.upperBound - 1)
        let end = unsafe Int(cursor.index[tokens.upperBound - 1]) + last.count
        let shift = UInt32(truncatingIfNeeded: text.count) &- UInt32(truncatingIfNeeded: first)
        makeRoom(tokens.count)
        let (from, to) = unsafe (cursor.index + tokens.lowerBound, index + count)
        for token in 0..<tokens.count { unsafe to[token] = unsafe from[token] &+ shift }
        count += tokens.count
        unsafe text.append(UnsafeBufferPointer(start: cursor.text + first, count: end - first))
    }

    /// Appends a text that is one JSON value.
    func append(json: UnsafeBufferPointer<UInt8>) {
        let tokens = unsafe ScalarIndexer.index(json).index.dropLast(2)
        let shift = UInt32(truncatingIfNeeded: text.count)
        makeRoom(tokens.count)
        for token in tokens {
            unsafe index[count] = token &+ shift
            count += 1
        }
        unsafe text.append(json)
    }

    func append(_ column: AddedColumn, _ row: Int) {
        guard !column.members.isEmpty else { return append(column.slice(row: row)) }
        append(token: UInt8(ascii: "{"))
        var isFirst = true
        for member in column.members.indices {
            let slice = column.slice(row: row, member: member)
            guard slice.kind != .missing else { continue }
            if !isFirst { append(token: UInt8(ascii: ",")) }
            isFirst = false
            let key = column.layout.escapedMembers[member]
            unsafe key.withUnsafeBufferPointer { unsafe append(string: $0) }
            append(token: UInt8(ascii: ":"))
            append(slice)
        }
        append(token: UInt8(ascii: "}"))
    }

    private func append(_ slice: JSONSlice) {
        switch slice.kind {
        case .missing: break
        case .string: unsafe append(string: slice.bytes)
        case .object, .array: unsafe append(json: slice.bytes)
        case .null, .bool, .number: unsafe append(scalar: slice.bytes)
        }
    }

    private func note() {
        makeRoom(1)
        unsafe index[count] = UInt32(truncatingIfNeeded: text.count)
        count += 1
    }

    private func makeRoom(_ entries: Int) {
        guard capacity - count < entries else { return }
        let larger = max(capacity * 2, count + entries)
        let new = UnsafeMutablePointer<UInt32>.allocate(capacity: larger)
        unsafe new.update(from: index, count: count)
        unsafe index.deallocate()
        unsafe (index, capacity) = unsafe (new, larger)
    }
}
