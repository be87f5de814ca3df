/// Numbers under texts that are asked for with bytes, without making a `String` of them.
///
/// - Complexity: Asking is O(*n*) in the bytes, whatever the number of texts.
package struct ByteStringMap: Sendable {
    /// Open addressing, at most half full; an empty slot holds nil.
    private var slots: [(key: [UInt8], value: Int)?] = Array(repeating: nil, count: 8)
    private var count = 0

    package init() {}

    /// Puts a number under a text, unless there is one.
    ///
    /// - Returns: The number that was there; nil when there was none.
    package mutating func insert(_ value: Int, under key: [UInt8]) -> Int? {
        let slot = unsafe key.withUnsafeBufferPointer { unsafe find($0) }
        if let found = slots[slot] { return found.value }
        slots[slot] = (key, value)
        count += 1
        if count * 2 > slots.count { grow() }
        return nil
    }

    /// The number under a text; nil where there is none.
    package func value(of key: UnsafeBufferPointer<UInt8>) -> Int? { unsafe slots[find(key)]?.value }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: nil, count: old.count * 2)
        for entry in old {
            guard let entry else { continue }
            let slot = unsafe entry.key.withUnsafeBufferPointer { unsafe find($0) }
            slots[slot] = entry
        }
    }

    /// The slot that holds the bytes, or the empty one where they would go.
    private func find(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        // FNV-1a, 64 bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices {
            let byte = unsafe bytes[index]
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while let entry = slots[slot], unsafe !entry.key.elementsEqual(bytes) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}
