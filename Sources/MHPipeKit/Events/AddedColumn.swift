/// What one transform adds to the events of a batch, under one top-level key.
///
/// With `members` it is an object with those keys, each of them present or not in a row; without, it is one value.
/// A row in which nothing was set has no such key. A column belongs to its batch and is used, like it, on one
/// worker's queue only.
public final class AddedColumn {
    /// The name and the members, with their JSON forms.
    package let layout: ColumnLayout

    /// Row by row, `width` cells each: `rows * width` of them, all initialized, owned.
    @usableFromInline let cells: UnsafeMutablePointer<Cell>
    @usableFromInline let rows: Int
    @usableFromInline let width: Int
    /// Texts that were made here; chunks never move, so a cell may point into them.
    private var chunks: [UnsafeMutablePointer<UInt8>] = []
    private var chunk: UnsafeMutablePointer<UInt8>?
    private var chunkUsed = 0
    private static let chunkSize = 16 << 10

    /// A value's place.
    ///
    /// The pointer reaches into the batch's window or into `chunks`, which live as long as this.
    @usableFromInline
    struct Cell {
        @usableFromInline var bytes: UnsafePointer<UInt8>?
        @usableFromInline var count: UInt32
        @usableFromInline var kind: JSONKind

        @inlinable
        init(bytes: UnsafePointer<UInt8>?, count: UInt32, kind: JSONKind) {
            self.bytes = bytes
            self.count = count
            self.kind = kind
        }
    }

    init(layout: ColumnLayout, rows: Int) {
        self.layout = layout
        self.rows = rows
        width = max(layout.members.count, 1)
        cells = .allocate(capacity: rows * width)
        cells.initialize(repeating: Cell(bytes: nil, count: 0, kind: .missing), count: rows * width)
    }

    deinit {
        cells.deallocate()
        for chunk in chunks { chunk.deallocate() }
    }

    /// The top-level key in JSON lines, and the first key of paths.
    public var name: String { layout.name }

    /// The keys of the object, in the order in which they are written; empty for a plain value.
    public var members: [String] { layout.members }

    var encodedName: [UInt8] { layout.encodedName }
    var encodedMembers: [[UInt8]] { layout.encodedMembers }

    /// Sets a value, or takes it away.
    ///
    /// - Parameters:
    ///   - value: The value, or nil for none.
    ///   - row: The event's row.
    ///   - member: The number of the key in `members`; 0 for a plain value.
    public func set(_ value: AddedValue?, row: Int, member: Int = 0) {
        switch value {
        case nil: put(.missing, nil, 0, row, member)
        case .string(let text): set(string: text, row: row, member: member)
        case .bool(let value): set(bool: value, row: row, member: member)
        case .int(let number): set(.number, text: String(number), row: row, member: member)
        case .double(let number) where number.isFinite: set(.number, text: "\(number)", row: row, member: member)
        case .double: put(.missing, nil, 0, row, member)
        case .json(let text): set(json: text, row: row, member: member)
        }
    }

    /// Sets a boolean.
    @inlinable
    package func set(bool: Bool, row: Int, member: Int = 0) {
        let literal: StaticString = bool ? "true" : "false"
        put(.bool, literal.utf8Start, literal.utf8CodeUnitCount, row, member)
    }

    /// Sets a string that is known when the program is built, and holds nothing that JSON escapes.
    @inlinable
    package func set(literal: StaticString, row: Int, member: Int = 0) {
        put(.string, literal.utf8Start, literal.utf8CodeUnitCount, row, member)
    }

    /// Sets a value to bytes of the batch's own window, or to what `normalized` gave; they are not copied.
    @inlinable
    package func set(_ slice: JSONSlice, row: Int, member: Int = 0) {
        put(slice.kind, slice.bytes.baseAddress, slice.bytes.count, row, member)
    }

    /// The value of a row, or a missing one.
    package func slice(row: Int, member: Int = 0) -> JSONSlice {
        let cell = cells[place(row, member)]
        return JSONSlice(kind: cell.kind, bytes: UnsafeBufferPointer(start: cell.bytes, count: Int(cell.count)))
    }

    /// True when a row has a value in any member.
    package func isSet(row: Int) -> Bool {
        let start = place(row, 0)
        for cell in start..<start + width where cells[cell].kind != .missing { return true }
        return false
    }

    /// A string's value with only the escapes that JSON demands, so that its bytes may be searched and cut.
    ///
    /// The column keeps the bytes. Slices without a backslash, and values that are no strings, come back as they are.
    package func normalized(_ slice: JSONSlice) -> JSONSlice {
        guard slice.isEscaped else { return slice }
        let plain = JSONText.normalized(slice.bytes)
        return JSONSlice(kind: .string, bytes: UnsafeBufferPointer(start: keep(plain), count: plain.count))
    }

    /// Where the cell of a row and a member is; the one check that keeps every access inside.
    @inlinable
    @inline(__always)
    func place(_ row: Int, _ member: Int) -> Int {
        precondition(row >= 0 && row < rows && member >= 0 && member < width, "no such row or member")
        return row * width + member
    }

    private func set(string text: String, row: Int, member: Int) {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        let bytes = keep(escaped)
        put(.string, bytes, escaped.count, row, member)
    }

    private func set(json text: String, row: Int, member: Int) {
        // White space between tokens would break the line that the value becomes part of.
        guard let window = IndexedText(copying: Array(text.utf8)), window.indexCount > 0 else {
            return put(.missing, nil, 0, row, member)
        }
        let cursor = JSONCursor(window)
        let kind = JSONKind(jsonStartingWith: cursor.byte(at: 0))
        let bytes =
            kind == .string
            ? Array(cursor.stringBytes(0)) : (0..<window.indexCount).flatMap { Array(cursor.token($0)) }
        put(kind, keep(bytes), bytes.count, row, member)
    }

    private func set(_ kind: JSONKind, text: String, row: Int, member: Int) {
        let bytes = Array(text.utf8)
        put(kind, keep(bytes), bytes.count, row, member)
    }

    @inlinable
    @inline(__always)
    func put(_ kind: JSONKind, _ bytes: UnsafePointer<UInt8>?, _ count: Int, _ row: Int, _ member: Int) {
        cells[place(row, member)] = Cell(bytes: bytes, count: UInt32(count), kind: kind)
    }

    /// Copies bytes to a place that stays.
    private func keep(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
        let place: UnsafeMutablePointer<UInt8>
        if let chunk, bytes.count <= Self.chunkSize - chunkUsed {
            place = chunk + chunkUsed
            chunkUsed += bytes.count
        } else {
            place = .allocate(capacity: max(bytes.count, Self.chunkSize))
            chunks.append(place)
            // A text longer than a chunk gets one of its own, and leaves nothing in it for the next.
            chunk = bytes.count < Self.chunkSize ? place : nil
            chunkUsed = bytes.count
        }
        place.update(from: bytes, count: bytes.count)
        return UnsafePointer(place)
    }
}

extension JSONKind {
    /// The kind of a JSON text, by its first byte.
    init(jsonStartingWith first: UInt8?) {
        self =
            switch first {
            case UInt8(ascii: "{"): .object
            case UInt8(ascii: "["): .array
            case UInt8(ascii: "\""): .string
            case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
            case UInt8(ascii: "n"): .null
            default: .number
            }
    }
}
