import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite(.timeLimit(.minutes(30))) struct FingerprintSetTests {
    private static let settings = SpillSettings(memory: ByteSize(bytes: SpillSettings.leastMemory))

    /// Runs without filters are merged; every fingerprint is found wherever it is.
    @Test(arguments: [true, false]) func isASet(comparesLow: Bool) throws {
        var random = SplitMix64(seed: 3)
        var set = FingerprintSet(Self.settings, comparesLow: comparesLow)
        var known: Set<UInt64> = []
        var counts: [Int] = []
        for _ in 0..<60_000 {
            let number = UInt64.random(in: 0..<50_000, using: &random)
            let fingerprint = Fingerprint(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
            let found = try set.insert(fingerprint)
            #expect((found == nil) == known.insert(number).inserted)
            if set.runCount != counts.last { counts.append(set.runCount) }
        }
        #expect(set.count == known.count)
        #expect(zip(counts, counts.dropFirst()).contains { $0 > $1 }, "nothing was merged: \(counts)")
        var all: [UInt64] = []
        try set.forEach { all.append($0.low) }
        #expect(Set(all) == known && all.count == known.count)
    }

    /// Those that have the first half in common stand behind each other over the ends of pages.
    @Test func halvesThatAreEqual() throws {
        var set = FingerprintSet(Self.settings, comparesLow: true)
        for round in 0..<2 {
            for number in 0..<UInt64(5000) {
                let fingerprint = Fingerprint(high: 1 << 63 + number / 1000, low: number)
                #expect((try set.insert(fingerprint) == nil) == (round == 0))
            }
        }
        #expect(set.runCount > 1)
    }

    /// Few of those that are not there pass a filter, and all that are.
    @Test func filtersPassWhatIsThere() {
        var random = SplitMix64(seed: 5)
        var filter = FingerprintFilter(count: 10_000)
        let inside = (0..<10_000).map { _ in random.next() }
        for fingerprint in inside { filter.insert(fingerprint) }
        #expect(inside.allSatisfy { filter.mayContain($0) })
        let passed = (0..<10_000).count { _ in filter.mayContain(random.next()) }
        #expect(passed < 600, "\(passed) of 10,000")
    }

    /// The vectors of the reference implementation (vectors_sip128 of github.com/veorq/SipHash).
    @Test func hashIsSipHash() throws {
        let hash = try KeyedHash(key: Array(0..<16))
        let vectors: [(count: UInt8, bytes: [UInt8])] = [
            (0, [0xA3, 0x81, 0x7F, 0x04, 0xBA, 0x25, 0xA8, 0xE6, 0x6D, 0xF6, 0x72, 0x14, 0xC7, 0x55, 0x02, 0x93]),
            (1, [0xDA, 0x87, 0xC1, 0xD8, 0x6B, 0x99, 0xAF, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9B, 0x22, 0xFC, 0x45]),
        ]
        for (count, bytes) in vectors {
            let halves = [bytes[..<8], bytes[8...]].map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
            let text = Array(0..<count)
            #expect(text.withUnsafeBufferPointer { hash.hash($0) } == Fingerprint(high: halves[0], low: halves[1]))
        }
    }
}
