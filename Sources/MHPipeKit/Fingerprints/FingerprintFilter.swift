/// Says of most fingerprints that are not in a set that they are not, with a byte for each that is.
///
/// A Bloom filter in blocks of one cache line (Putze, Sanders, Singler 2007); about 3 % of those that are not in it pass. It goes
/// by the first 64 bits of fingerprints, which are spread evenly.
package struct FingerprintFilter {
    /// The bits; a whole number of blocks.
    package private(set) var words: [UInt64]

    private static let wordsInBlock = 8
    private static let bitsOfEach = 5

    /// Makes an empty one for so many fingerprints.
    package init(count: Int) {
        words = Array(repeating: 0, count: Self.bytes(count: count) / 8)
    }

    /// Takes over the words of another; nil when they are none's.
    package init?(words: [UInt64]) {
        guard !words.isEmpty, words.count.isMultiple(of: Self.wordsInBlock) else { return nil }
        self.words = words
    }

    /// The bytes that a filter for so many fingerprints takes.
    package static func bytes(count: Int) -> Int { max(count / (8 * wordsInBlock), 1) * wordsInBlock * 8 }

    package mutating func insert(_ fingerprint: UInt64) {
        let block = block(fingerprint)
        let bits = Self.mixed(fingerprint)
        for number in 0..<Self.bitsOfEach {
            let bit = Self.bit(number, of: bits)
            words[block + bit / 64] |= 1 << UInt64(bit % 64)
        }
    }

    package func mayContain(_ fingerprint: UInt64) -> Bool {
        let block = block(fingerprint)
        let bits = Self.mixed(fingerprint)
        for number in 0..<Self.bitsOfEach {
            let bit = Self.bit(number, of: bits)
            if words[block + bit / 64] & 1 << UInt64(bit % 64) == 0 { return false }
        }
        return true
    }

    private func block(_ fingerprint: UInt64) -> Int {
        let blocks = UInt64(words.count / Self.wordsInBlock)
        return Int(fingerprint.multipliedFullWidth(by: blocks).high) * Self.wordsInBlock
    }

    /// Bits of which the parts that choose the block decide little.
    private static func mixed(_ fingerprint: UInt64) -> UInt64 { fingerprint &* 0x9E37_79B9_7F4A_7C15 }

    /// The place of a bit in the block.
    private static func bit(_ number: Int, of bits: UInt64) -> Int {
        Int(truncatingIfNeeded: bits >> UInt64(9 * number + 19)) & 511
    }
}
