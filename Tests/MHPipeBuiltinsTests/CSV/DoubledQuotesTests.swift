import CQuotes
import MHPipeTestSupport
import Testing

/// Quotes are doubled sixteen bytes at a time; here one at a time.
@Suite struct DoubledQuotesTests {
    private func doubled(_ text: [UInt8]) -> [UInt8] {
        // Behind the text there is nothing to read, and behind the room nothing to write.
        [UInt8](unsafeUninitializedCapacity: 2 * text.count + MHP_QUOTES_PADDING) { room, count in
            count = text.withUnsafeBufferPointer { text in
                guard let bytes = text.baseAddress, let start = room.baseAddress else { return 0 }
                return mhp_double_quotes(bytes, text.count, start)
            }
        }
    }

    @Test func everyTextIsAsByOneByteAtATime() {
        var generator = SplitMix64(seed: 3)
        for count in 0...130 {
            for rarity in [1, 2, 3, 8, 40] {
                let text = (0..<count).map { _ in
                    Int.random(in: 0..<rarity, using: &generator) == 0
                        ? UInt8(ascii: "\"") : UInt8.random(in: 0...255, using: &generator)
                }
                let expected = text.flatMap { $0 == UInt8(ascii: "\"") ? [$0, $0] : [$0] }
                #expect(doubled(text) == expected, "\(text)")
            }
        }
    }
}
