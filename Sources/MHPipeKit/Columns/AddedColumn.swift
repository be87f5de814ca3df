/// What one transform adds to the events of a batch, under one top-level key.
///
/// With `members` it is an object with those keys, each of them present or not in a row; without, it is one value.
/// A row in which nothing was set has no such key. A column belongs to its batch and is used, like it, on one
/// worker's queue only.
@safe
public final class AddedColumn {
    /// The name and the members, with their JSON forms.
    package let layout: ColumnLayout

    /// Row by row, `width` cells each: `rows * width` of them, all initialized, owned.
    @usableFromInline let cells: UnsafeMutablePointer<Cell>
    @usableFromInline let rows: Int
    @usableFromInline let width: Int
    /// Texts that were made here; chunks never move, so a cell may point into them.
    private var chunks: [UnsafeMutablePointer<UInt8>] = unsafe []
    private var chunk: UnsafeMutablePointer<UInt8>?
    private var chunkUsed = 0
    private static let chunkSize = 16 << 10
    /// For each row the text of its object, or nothing where it has to be made; a whole row was set where there is one.
    // A column is used on one queue: no access can overlap another, and there are several a row, too many to check.
    @exclusivity(unchecked) @usableFromInline var texts: UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>?
    /// What keeps the memory that cells and texts of whole rows point into.
    @exclusivity(unchecked) private var owners: [AnyObject] = []

    /// A value's place.
    ///
    /// The pointer reaches into the batch's window, into `chunks` or into what `owners` keep, which live as long as this.
    @usableFromInline
    @safe
    struct Cell {
        @usableFromInline var bytes: UnsafePointer<UInt8>?
        @usableFromInline var count: UInt32
        @usableFromInline var kind: JSONKind

        @inlinable
        init(bytes: UnsafePointer<UInt8>?, count: UInt32, kind: JSONKind) {
            unsafe self.bytes = unsafe bytes
            self.count = count
            self.kind = kind
        }

        /// Writes the value's JSON text to where `count + 2` bytes fit; gives the place behind it.
        @inline(__always)
        func write(to place: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
            let quote = kind == .string ? 1 : 0
            unsafe place.pointee = UInt8(ascii: "\"")
            if let bytes = unsafe bytes { unsafe (place + quote).update(from: bytes, count: Int(count)) }
            unsafe place[Int(count) + quote] = UInt8(ascii: "\"")
            return unsafe place + Int(count) + 2 * quote
        }
    }

    /// A column of no batch, as memory for texts, or one that `EventBatch.addColumn` adds.
    package init(layout: ColumnLayout, rows: Int) {
        self.layout = layout
        self.rows = rows
        width = max(layout.members.count, 1)
        unsafe cells = .allocate(capacity: rows * width)
        unsafe cells.initialize(repeating: Cell(bytes: nil, count: 0, kind: .missing), count: rows * width)
    }

    deinit {
        unsafe cells.deallocate()
        unsafe texts?.deallocate()
        unsafe chunks.forEach { unsafe $0.deallocate() }
    }

    /// The top-level key in JSON lines, and the first key of paths.
    public var name: String { layout.name }

    /// The keys of the object, in the order in which they are written; empty for a plain value.
    public var members: [String] { layout.members }

    var encodedName: [UInt8] { layout.encodedName }

    /// Sets a value, or takes it away.
    ///
    /// - Parameters:
    ///   - value: The value, or nil for none.
    ///   - row: The event's row.
    ///   - member: The number of the key in `members`; 0 for a plain value.
    public func set(_ value: AddedValue?, row: Int, member: Int = 0) {
        switch value {
        case nil: unsafe put(.missing, nil, 0, row, member)
        case .string(let text): set(string: text, row: row, member: member)
        case .bool(let value): set(bool: value, row: row, member: member)
        case .int(let number): set(.number, text: String(number), row: row, member: member)
        case .double(let number) where number.isFinite: set(.number, text: "\(number)", row: row, member: member)
        case .double: unsafe put(.missing, nil, 0, row, member)
        case .json(let text): set(json: text, row: row, member: member)
        }
    }

    @inlinable
    package func set(bool: Bool, row: Int, member: Int = 0) {
        let literal: StaticString = bool ? "true" : "false"
        unsafe put(.bool, literal.utf8Start, literal.utf8CodeUnitCount, row, member)
    }

    /// Sets a string that is known when the program is built, and holds nothing that JSON escapes.
    @inlinable
    package func set(literal: StaticString, row: Int, member: Int = 0) {
        unsafe put(.string, literal.utf8Start, literal.utf8CodeUnitCount, row, member)
    }

    /// Sets a value to bytes of the batch's own window, or to what `normalized` gave; they are not copied.
    @inlinable
    package func set(_ slice: JSONSlice, row: Int, member: Int = 0) {
        unsafe put(slice.kind, slice.bytes.baseAddress, slice.bytes.count, row, member)
    }

    /// Sets a value to the text of an object or array that is sound, and has no white space between its tokens.
    package func set(compactJSON text: [UInt8], row: Int, member: Int = 0) {
        unsafe put(JSONKind(jsonStartingWith: text.first), keep(text), text.count, row, member)
    }

    /// The value of a row, or a missing one.
    package func slice(row: Int, member: Int = 0) -> JSONSlice {
        let cell = unsafe cells[place(row, member)]
        return unsafe JSONSlice(kind: cell.kind, bytes: UnsafeBufferPointer(start: cell.bytes, count: Int(cell.count)))
    }

    /// True when a row has a value in any member.
    package func isSet(row: Int) -> Bool {
        let start = place(row, 0)
        for cell in start..<start + width where unsafe cells[cell].kind != .missing { return true }
        return false
    }

    /// Appends the JSON text of a row's object, with the keys that are set.
    func appendObject(_ row: Int, to output: OutputBuffer) {
        if let texts = unsafe texts, unsafe texts[row].count > 0 { return unsafe output.append(texts[row]) }
        guard let start = unsafe output.reserve(mostObjectBytes(row)).baseAddress else { return }
        unsafe output.commit(writeObject(row, to: start))
    }

    /// No less than the bytes of a row's object, and the room that writing it takes.
    func mostObjectBytes(_ row: Int) -> Int {
        let cells = unsafe cells + place(row, 0)
        var most = 2
        for member in 0..<width where unsafe cells[member].kind != .missing {
            unsafe most += Int(cells[member].count) + layout.slot + 2
        }
        return most
    }

    /// Writes the JSON text of a row's object to where `mostObjectBytes` fit; gives the number of its bytes.
    func writeObject(_ row: Int, to start: UnsafeMutablePointer<UInt8>) -> Int {
        let cells = unsafe cells + place(row, 0)
        var next = unsafe start
        unsafe layout.encodedMembers.withUnsafeBufferPointer { keys in
            guard let keys = keys.baseAddress else { return }
            for member in 0..<width where unsafe cells[member].kind != .missing {
                // A whole slot takes no loop over single bytes; what is too much of it is written over.
                unsafe next.update(from: keys + member * layout.slot, count: layout.slot)
                unsafe next += layout.encodedCounts[member]
                unsafe next = unsafe cells[member].write(to: next)
            }
        }
        // Every key came with a comma, the first one too.
        if unsafe next == start { unsafe next += 1 }
        unsafe start.pointee = UInt8(ascii: "{")
        unsafe next.pointee = UInt8(ascii: "}")
        return unsafe next + 1 - start
    }

    /// Copies the cells of a row, so that they point into the object's text that `writeObject` has made.
    func copyCells(_ row: Int, to copies: UnsafeMutablePointer<Cell>, pointingInto text: UnsafePointer<UInt8>) {
        let cells = unsafe cells + place(row, 0)
        var next = unsafe text
        for member in 0..<width {
            var cell = unsafe cells[member]
            if cell.kind != .missing {
                let quote = cell.kind == .string ? 1 : 0
                unsafe next += layout.encodedCounts[member] + quote
                unsafe cell.bytes = unsafe next
                unsafe next += Int(cell.count) + quote
            }
            unsafe (copies + member).initialize(to: cell)
        }
    }

    /// Sets a whole row to cells and the text of the object that they make, all of which the owner keeps in place.
    func set(row: Int, cells: UnsafePointer<Cell>, text: UnsafeBufferPointer<UInt8>, owner: AnyObject) {
        unsafe (self.cells + place(row, 0)).update(from: cells, count: width)
        if unsafe owners.last !== owner { unsafe owners.append(owner) }
        let texts = unsafe texts ?? makeTexts()
        unsafe texts[row] = unsafe text
    }

    /// Keeps memory that slices of the column point into as long as the column lives.
    package func keep(alive owner: AnyObject) {
        unsafe owners.append(owner)
    }

    private func makeTexts() -> UnsafeMutablePointer<UnsafeBufferPointer<UInt8>> {
        let texts = UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>.allocate(capacity: rows)
        unsafe texts.initialize(repeating: UnsafeBufferPointer(start: nil, count: 0), count: rows)
        unsafe self.texts = unsafe texts
        return unsafe texts
    }

    /// A string's value with only the escapes that JSON demands, so that its bytes may be searched and cut.
    ///
    /// The column keeps the bytes. Slices without a backslash, and values that are no strings, come back as they are.
    package func normalized(_ slice: JSONSlice) -> JSONSlice {
        guard slice.isEscaped else { return slice }
        let plain = unsafe JSONText.normalized(slice.bytes)
        return unsafe JSONSlice(kind: .string, bytes: UnsafeBufferPointer(start: keep(plain), count: plain.count))
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
        let bytes = unsafe keep(escaped)
        unsafe put(.string, bytes, escaped.count, row, member)
    }

    private func set(json text: String, row: Int, member: Int) {
        // White space between tokens would break the line that the value becomes part of.
        guard let window = IndexedText(copying: Array(text.utf8)), window.indexCount > 0 else {
            return unsafe put(.missing, nil, 0, row, member)
        }
        let cursor = JSONCursor(window)
        let kind = JSONKind(jsonStartingWith: cursor.byte(at: 0))
        let bytes =
            unsafe kind == .string
            ? Array(cursor.stringBytes(0)) : (0..<window.indexCount).flatMap { unsafe Array(cursor.token($0)) }
        unsafe put(kind, keep(bytes), bytes.count, row, member)
    }

    private func set(_ kind: JSONKind, text: String, row: Int, member: Int) {
        let bytes = Array(text.utf8)
        unsafe put(kind, keep(bytes), bytes.count, row, member)
    }

    @inlinable
    @inline(__always)
    func put(_ kind: JSONKind, _ bytes: UnsafePointer<UInt8>?, _ count: Int, _ row: Int, _ member: Int) {
        unsafe cells[place(row, member)] = unsafe Cell(bytes: bytes, count: UInt32(count), kind: kind)
        if let texts = unsafe texts { unsafe texts[row] = unsafe UnsafeBufferPointer(start: nil, count: 0) }
    }

    /// Copies bytes to a place that stays.
    private func keep(_ bytes: [UInt8]) -> UnsafePointer<UInt8> {
        let place: UnsafeMutablePointer<UInt8>
        if let chunk = unsafe chunk, bytes.count <= Self.chunkSize - chunkUsed {
            unsafe place = unsafe chunk + chunkUsed
            chunkUsed += bytes.count
        } else {
            unsafe place = .allocate(capacity: max(bytes.count, Self.chunkSize))
            unsafe chunks.append(place)
            // A text longer than a chunk gets one of its own, and leaves nothing in it for the next.
            unsafe chunk = unsafe bytes.count < Self.chunkSize ? place : nil
            chunkUsed = bytes.count
        }
        unsafe place.update(from: bytes, count: bytes.count)
        return unsafe UnsafePointer(place)
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
