import Libc

/// Rows of an added column that are likely to come again, by the bytes of the record that they were made from.
///
/// Most events of a trail come from callers that have just made others, and what a transform says of a caller depends
/// on few bytes. One that looks here first finds the row's values and their JSON text as they were made before. Used by
/// one transform, for columns of one layout, on one queue.
///
/// A key has one place, and a newer one takes it: the work of a look-up is bounded, whatever the keys are, and the memory
/// by 1 MiB.
@safe
public final class AddedRowCache {
    /// What a row was made from: two runs of bytes, valid during the call.
    @safe
    package struct Key {
        let first: UnsafeBufferPointer<UInt8>
        let second: UnsafeBufferPointer<UInt8>
        let slot: Int

        package init(_ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>) {
            unsafe self.first = unsafe first
            unsafe self.second = unsafe second
            let hash = unsafe AddedRowCache.hash(first, AddedRowCache.hash(second, 0))
            slot = Int(truncatingIfNeeded: hash >> UInt64(64 - AddedRowCache.slotBits))
        }
    }

    /// One row: its values, and where its key and its text are.
    @safe
    private struct Entry {
        var cells: UnsafeMutablePointer<AddedColumn.Cell>
        var first: UnsafeMutablePointer<UInt8>
        var firstCount: Int
        var secondCount: Int
        var text: UnsafeMutablePointer<UInt8>
        var textCount: Int
    }

    /// Memory for entries; it is filled once and never changed, so columns may point into it while they hold it.
    @safe
    private final class Store {
        // Invariant: the first `used` of `capacity` bytes belong to entries. A cell is trivial and needs no end.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: Store.capacity, alignment: 16)
        var used = 0
        static let capacity = 1 << 20

        deinit {
            unsafe memory.deallocate()
        }

        /// Room that nothing else uses, or nil when there is none left.
        func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
            guard bytes <= Self.capacity - used else { return nil }
            defer { used += (bytes + 15) & ~15 }
            return unsafe memory + used
        }
    }

    private static let slotBits = 11
    /// Larger rows would leave no room for others.
    private static let largestEntry = 16 << 10

    private let width: Int
    // One queue uses them, and no access overlaps another.
    @exclusivity(unchecked) private var store = Store()
    /// The slot of the entry that was used last.
    @exclusivity(unchecked) private var newest = 0
    @exclusivity(unchecked) private var entries: [Entry?] = Array(repeating: nil, count: 1 << AddedRowCache.slotBits)

    /// Makes an empty cache.
    ///
    /// - Parameter layout: The layout of the columns.
    public init(_ layout: ColumnLayout) {
        width = max(layout.members.count, 1)
    }

    /// Fills a row with what was kept for a key, or has it made and keeps it.
    ///
    /// - Parameters:
    ///   - column: A column of the cache's layout, in which nothing is set in the row.
    ///   - row: The row.
    ///   - key: All bytes on which the row's values depend.
    ///   - make: Sets the row's values; called when they are not known. An event that gets none needs no call of `set`.
    /// - Throws: What `make` throws; nothing is kept then.
    public func fill(_ column: AddedColumn, row: Int, for key: Span<UInt8>, make: () throws -> Void) rethrows {
        try unsafe key.withUnsafeBufferPointer { bytes in
            let key = unsafe Key(bytes, UnsafeBufferPointer(start: nil, count: 0))
            if fill(column, row, for: key) { return }
            try make()
            keep(column, row, for: key)
        }
    }

    /// Fills a row with what was used last, when that was kept for the object at hand; false when it was not.
    ///
    /// An object ends where its brackets pair, so one that begins with all bytes of another is the same, and its end need
    /// not be looked for. `object` is the text from its first byte, as far as it may be read.
    package func fillWithNewest(
        _ column: AddedColumn,
        _ row: Int,
        object: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard let entry = unsafe entries[newest], entry.firstCount <= object.count, entry.secondCount == second.count,
            unsafe Self.isSame(entry.first, UnsafeBufferPointer(rebasing: object[..<entry.firstCount])),
            unsafe Self.isSame(entry.first + entry.firstCount, second)
        else { return false }
        fill(column, row, entry)
        return true
    }

    /// Fills a row with what was kept for a key; false when nothing was.
    package func fill(_ column: AddedColumn, _ row: Int, for key: Key) -> Bool {
        guard let entry = unsafe entries[key.slot], unsafe entry.firstCount == key.first.count,
            unsafe entry.secondCount == key.second.count, unsafe Self.isSame(entry.first, key.first),
            unsafe Self.isSame(entry.first + entry.firstCount, key.second)
        else { return false }
        unsafe newest = key.slot
        fill(column, row, entry)
        return true
    }

    private func fill(_ column: AddedColumn, _ row: Int, _ entry: Entry) {
        let text = unsafe UnsafeBufferPointer(start: entry.text, count: entry.textCount)
        unsafe column.set(row: row, cells: entry.cells, text: text, owner: store)
    }

    package func keep(_ column: AddedColumn, _ row: Int, for key: Key) {
        let cellBytes = width * MemoryLayout<AddedColumn.Cell>.stride
        let keyBytes = unsafe key.first.count + key.second.count
        let bytes = cellBytes + keyBytes + column.mostObjectBytes(row)
        guard bytes <= Self.largestEntry, let room = unsafe take(bytes) else { return }
        let cells = unsafe room.bindMemory(to: AddedColumn.Cell.self, capacity: width)
        let first = unsafe (room + cellBytes).bindMemory(to: UInt8.self, capacity: bytes - cellBytes)
        unsafe Self.copy(key.first, to: first)
        unsafe Self.copy(key.second, to: first + key.first.count)
        let text = unsafe first + keyBytes
        let textCount = unsafe column.writeObject(row, to: text)
        unsafe column.copyCells(row, to: cells, pointingInto: text)
        unsafe newest = key.slot
        unsafe entries[key.slot] = unsafe Entry(
            cells: cells,
            first: first,
            firstCount: key.first.count,
            secondCount: key.second.count,
            text: text,
            textCount: textCount
        )
    }

    /// Room for an entry; where none is left all entries are given up.
    private func take(_ bytes: Int) -> UnsafeMutableRawPointer? {
        if let room = unsafe store.take(bytes) { return unsafe room }
        unsafe store = Store()
        for slot in unsafe entries.indices { unsafe entries[slot] = nil }
        return unsafe store.take(bytes)
    }

    private static func copy(_ bytes: UnsafeBufferPointer<UInt8>, to place: UnsafeMutablePointer<UInt8>) {
        if let start = bytes.baseAddress { unsafe place.update(from: start, count: bytes.count) }
    }

    private static func isSame(_ kept: UnsafeMutablePointer<UInt8>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe bytes.baseAddress.map { unsafe memcmp(kept, $0, bytes.count) == 0 } ?? true
    }

    /// Two multiplications side by side for each sixteen bytes; the upper bits of the result depend on all of them.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ seed: UInt64) -> UInt64 {
        var left = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var right = ~seed
        guard let start = bytes.baseAddress else { return left &* 0x9E37_79B9_7F4A_7C15 }
        if bytes.count >= 16 {
            let last = bytes.count - 16
            var next = 0
            while next < last {
                left = unsafe (left ^ word(start + next)) &* 0x9E37_79B9_7F4A_7C15
                right = unsafe (right ^ word(start + next + 8)) &* 0xC2B2_AE3D_27D4_EB4F
                next += 16
            }
            left = unsafe (left ^ word(start + last)) &* 0x9E37_79B9_7F4A_7C15
            right = unsafe (right ^ word(start + last + 8)) &* 0xC2B2_AE3D_27D4_EB4F
        } else {
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                left = (left ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            }
        }
        return (left ^ (right << 32 | right >> 32)) &* 0x1656_67B1_9E37_79F9
    }

    @inline(__always)
    private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
        unsafe UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self)
    }
}
