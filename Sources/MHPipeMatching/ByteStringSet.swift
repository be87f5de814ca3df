/// A set of texts that is asked with bytes, without making a `String` of them.
///
/// - Complexity: Asking is O(*n*) in the bytes, whatever the number of texts.
package struct ByteStringSet {
    /// Open addressing, at most half full; an empty slot holds nil.
    private var slots: [[UInt8]?]

    package init(_ texts: [String]) {
        var capacity = 8
        while capacity < texts.count * 2 { capacity *= 2 }
        slots = Array(repeating: nil, count: capacity)
        for text in texts {
            let bytes = Array(text.utf8)
            let slot = bytes.withUnsafeBufferPointer { find($0) }
            slots[slot] = bytes
        }
    }

    /// True when the bytes are those of one of the texts.
    package func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        slots[find(bytes)] != nil
    }

    /// The slot that holds the bytes, or the empty one where they would go.
    private func find(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        // FNV-1a, 64 bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & (slots.count - 1)
        while let text = slots[slot], !text.elementsEqual(bytes) { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }
}
