/// Rows laid side by side as the table of a database in memory, which SQLite only reads
/// (sqlite.org/fileformat2.html#b_tree_pages).
///
/// Behind the pages of the empty table come leaves in the order of their rows, each followed by the pages of what did not
/// fit into it; the table's first page is written last.
///
/// Invariants of the pointers: `base` has `capacity` pages, all initialized; pages from `next` on are free. `leaf` is below
/// `next`. In the leaf, the numbers of `cells` rows end at or before `top`, where the last of these rows begins.
@safe
final class SQLiteRowPages {
    private static let leafKind: UInt8 = 13
    private static let innerKind: UInt8 = 5
    private static let leafHeader = 8
    private static let innerHeader = 12
    /// What the first page needs for a leaf: its number, that of its last row, and where the two stand.
    private static let innerCell = 4 + SQLiteRecord.mostVarint + 2

    /// How many bytes of rows it was made for.
    let bytes: Int

    private let table: SQLiteEmptyTable
    private let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let mostLeaves: Int

    private var rows = 0
    private var next = 0
    /// The leaves that are full, counted from 0, and the numbers of their last rows.
    private var full: [(page: Int, row: Int)] = []
    private var leaf = 0
    private var cells = 0
    private var top = 0

    /// - Parameters:
    ///   - table: The table without rows.
    ///   - bytes: How many bytes of rows it shall take.
    init(_ table: SQLiteEmptyTable, bytes: Int) {
        (self.table, self.bytes) = (table, bytes)
        capacity = table.count + max(1, bytes / table.pageSize)
        mostLeaves = (table.usable - Self.innerHeader) / Self.innerCell
        unsafe base = .allocate(capacity: capacity * table.pageSize)
        unsafe base.initialize(repeating: 0, count: capacity * table.pageSize)
        for (place, byte) in table.bytes.enumerated() { unsafe base[place] = byte }
        removeAll()
    }

    /// What can hold a record that is too large for others.
    convenience init(_ table: SQLiteEmptyTable, forRecordOf size: Int) {
        // Of each page four bytes say which is the next, and the leaf may hold little of it.
        self.init(table, bytes: (size / (table.usable - 4) + 3) * table.pageSize)
    }

    deinit {
        unsafe base.deallocate()
    }

    var isEmpty: Bool { rows == 0 }

    func removeAll() {
        full.removeAll(keepingCapacity: true)
        (rows, next) = (0, table.count)
        beginLeaf()
    }

    /// Adds a row.
    ///
    /// - Returns: False when there is no room for it.
    func add(_ record: UnsafeRawBufferPointer) -> Bool {
        let size = record.count
        let local = table.local(size)
        let chain = (size - local + table.usable - 5) / (table.usable - 4)
        let whole =
            SQLiteRecord.varintSize(size) + SQLiteRecord.varintSize(rows + 1) + local + (chain > 0 ? 4 : 0)
        let fits = top - whole >= Self.leafHeader + 2 * (cells + 1)
        guard next + chain + (fits ? 0 : 1) <= capacity, fits || full.count + 1 < mostLeaves else { return false }
        if !fits {
            endLeaf()
            beginLeaf()
        }
        rows += 1
        top -= whole
        let start = unsafe page(leaf)
        unsafe Self.put(UInt16(top), at: start + Self.leafHeader + 2 * cells)
        cells += 1
        var place = unsafe SQLiteRecord.put(varint: UInt64(size), at: start + top)
        unsafe place = SQLiteRecord.put(varint: UInt64(rows), at: place)
        unsafe Self.copy(record.prefix(local), to: place)
        if chain > 0 { unsafe addChain(record.dropFirst(local), linkedAt: place + local) }
        return true
    }

    /// Spreads the rest of a record over pages of its own, each with the number of the next one in front, 0 in the last
    /// (sqlite.org/fileformat2.html#cell_payload_overflow_pages).
    private func addChain(_ rest: Slice<UnsafeRawBufferPointer>, linkedAt link: UnsafeMutablePointer<UInt8>) {
        var rest = unsafe rest
        var link = unsafe link
        while unsafe !rest.isEmpty {
            unsafe Self.put(UInt32(next + 1), at: link)
            unsafe link = page(next)
            unsafe Self.copy(rest.prefix(table.usable - 4), to: link + 4)
            unsafe rest = rest.dropFirst(table.usable - 4)
            next += 1
        }
        unsafe Self.put(UInt32(0), at: link)
    }

    /// The database, when all rows are there; valid until something is added or all is removed.
    func whole() -> UnsafeMutableBufferPointer<UInt8> {
        endLeaf()
        let root = unsafe page(table.root - 1)
        if full.count == 1 {
            unsafe root.update(from: page(full[0].page), count: table.pageSize)
        } else {
            unsafe writeRoot(root)
        }
        // sqlite.org/fileformat2.html#in_header_database_size
        unsafe Self.put(UInt32(next), at: base + 28)
        return unsafe UnsafeMutableBufferPointer(start: base, count: next * table.pageSize)
    }

    private func page(_ number: Int) -> UnsafeMutablePointer<UInt8> { unsafe base + number * table.pageSize }

    private func beginLeaf() {
        (leaf, cells, top) = (next, 0, table.usable)
        next += 1
    }

    private func endLeaf() {
        unsafe Self.putHeader(Self.leafKind, cells: cells, top: top, at: page(leaf))
        full.append((leaf, rows))
    }

    /// Writes the page that has a cell for each leaf but the last: the page's number and its last row's.
    private func writeRoot(_ root: UnsafeMutablePointer<UInt8>) {
        var top = table.usable
        for (number, leaf) in full.dropLast().enumerated() {
            top -= 4 + SQLiteRecord.varintSize(leaf.row)
            unsafe Self.put(UInt32(leaf.page + 1), at: root + top)
            _ = unsafe SQLiteRecord.put(varint: UInt64(leaf.row), at: root + top + 4)
            unsafe Self.put(UInt16(top), at: root + Self.innerHeader + 2 * number)
        }
        unsafe Self.putHeader(Self.innerKind, cells: full.count - 1, top: top, at: root)
        unsafe Self.put(UInt32(leaf + 1), at: root + 8)
    }

    private static func putHeader(_ kind: UInt8, cells: Int, top: Int, at page: UnsafeMutablePointer<UInt8>) {
        unsafe page[0] = kind
        unsafe put(UInt16(0), at: page + 1)
        unsafe put(UInt16(cells), at: page + 3)
        // 65536 is written as 0.
        unsafe put(UInt16(truncatingIfNeeded: top), at: page + 5)
        unsafe page[7] = 0
    }

    @inline(__always)
    private static func put<Number: FixedWidthInteger>(_ number: Number, at place: UnsafeMutablePointer<UInt8>) {
        unsafe UnsafeMutableRawPointer(place).storeBytes(of: number.bigEndian, as: Number.self)
    }

    @inline(__always)
    private static func copy(_ bytes: Slice<UnsafeRawBufferPointer>, to place: UnsafeMutablePointer<UInt8>) {
        guard let start = unsafe UnsafeRawBufferPointer(rebasing: bytes).baseAddress else { return }
        unsafe UnsafeMutableRawPointer(place).copyMemory(from: start, byteCount: bytes.count)
    }
}
