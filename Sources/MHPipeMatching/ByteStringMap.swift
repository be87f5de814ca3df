/// Numbers under texts that are asked for with bytes, without making a `String` of them.
///
/// - Complexity: Asking is O(*n*) in the bytes, whatever the number of texts.
package struct ByteStringMap: Sendable {
    private struct Entry {
        /// So that few texts but the right one are compared.
        let hash: UInt64
        let key: [UInt8]
        let value: Int
    }

    /// Open addressing, at most half full; an empty slot holds nil.
    private var slots: [Entry?] = Array(repeating: nil, count: 8)
    private var count = 0

    package init() {}

    /// Puts a number under a text, unless there is one.
    ///
    /// - Returns: The number that was there; nil when there was none.
    package mutating func insert(_ value: Int, under key: [UInt8]) -> Int? {
        let (hash, slot) = unsafe key.withUnsafeBufferPointer { key in
            let hash = unsafe Self.hash(key)
            return unsafe (hash, find(key, hash))
        }
        if let found = slots[slot] { return found.value }
        slots[slot] = Entry(hash: hash, key: key, value: value)
        count += 1
        if count * 2 > slots.count { grow() }
        return nil
    }

    /// The number under a text; nil where there is none.
    package func value(of key: UnsafeBufferPointer<UInt8>) -> Int? { unsafe slots[find(key, Self.hash(key))]?.value }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        for entry in old {
            guard let entry else { continue }
            let slot = unsafe entry.key.withUnsafeBufferPointer { unsafe find($0, entry.hash) }
            slots[slot] = entry
        }
    }

    /// The slot that holds the bytes, or the empty one where they would go.
    private func find(_ bytes: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int {
        unsafe slots.withUnsafeBufferPointer { slots in
            var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while let entry = unsafe slots[slot], unsafe entry.hash != hash || !entry.key.elementsEqual(bytes) {
                slot = (slot + 1) & (slots.count - 1)
            }
            return slot
        }
    }

    /// A hash of the length and, eight at a time, of all bytes.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let raw = UnsafeRawBufferPointer(bytes)
        var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var place = 0
        while place + 8 <= raw.count {
            hash = unsafe mixed(hash ^ raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var rest: UInt64 = 0
        while place < raw.count {
            rest = unsafe rest << 8 | UInt64(raw[place])
            place += 1
        }
        return mixed(hash ^ rest)
    }

    /// Both halves of a product with an odd number, so that every bit of the word counts in the lowest ones.
    private static func mixed(_ word: UInt64) -> UInt64 {
        let (high, low) = word.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return high ^ low
    }
}
