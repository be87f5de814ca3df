/// Says of most fingerprints that are not in a run that they are not, with a byte for each that is.
///
/// A Bloom filter in blocks of one cache line (Putze, Sanders, Singler 2007); about 3 % of those that are not in it pass.
struct FingerprintFilter {
    private var words: [UInt64]
    private static let wordsInBlock = 8
    private static let bitsOfEach = 5

    init(count: Int) {
        let blocks = max(count / (8 * Self.wordsInBlock), 1)
        words = Array(repeating: 0, count: blocks * Self.wordsInBlock)
    }

    /// The bytes that a filter for so many fingerprints takes.
    static func bytes(count: Int) -> Int { count }

    mutating func insert(_ fingerprint: Fingerprint) {
        let block = block(fingerprint)
        for bit in Self.bits(fingerprint) { words[block + bit / 64] |= 1 << UInt64(bit % 64) }
    }

    func mayContain(_ fingerprint: Fingerprint) -> Bool {
        let block = block(fingerprint)
        return Self.bits(fingerprint).allSatisfy { words[block + $0 / 64] & 1 << UInt64($0 % 64) != 0 }
    }

    private func block(_ fingerprint: Fingerprint) -> Int {
        let blocks = UInt64(words.count / Self.wordsInBlock)
        return Int(fingerprint.high.multipliedFullWidth(by: blocks).high) * Self.wordsInBlock
    }

    /// The bits in the block, of parts of the fingerprint that do not choose the block.
    private static func bits(_ fingerprint: Fingerprint) -> some Sequence<Int> {
        let bits = fingerprint.high &* 0x9E37_79B9_7F4A_7C15
        return (0..<bitsOfEach).lazy.map { Int(truncatingIfNeeded: bits >> UInt64(9 * $0 + 19)) & 511 }
    }
}
