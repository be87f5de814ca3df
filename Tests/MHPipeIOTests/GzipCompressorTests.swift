import Foundation
import MHPipeIO
import MHPipeTestSupport
import Testing

@Suite struct GzipCompressorTests {
    @Test(arguments: [0, 1, 100, 4096, 65_535, 1_000_000])
    func gzipReadsWhatIsWritten(size: Int) throws {
        let text = Self.text(size)
        let bytes = Member().compress([text])
        guard let gzip = ExternalProgram("gzip") else { return }
        let result = try gzip.run(["-dc"], input: Data(bytes))
        #expect(result.errors == "")
        #expect(result.output == Data(text))
    }

    @Test func severalMembersAreOneFile() throws {
        let member = Member()
        let bytes = member.compress([Self.text(5000)]) + member.compress([]) + member.compress([Self.text(70_000)])
        guard let gzip = ExternalProgram("gzip") else { return }
        let result = try gzip.run(["-dc"], input: Data(bytes))
        #expect(result.errors == "")
        #expect(result.output == Data(Self.text(5000) + Self.text(70_000)))
    }

    @Test func piecesOfAMemberMakeOneText() throws {
        let text = Self.text(300_000)
        let bytes = Member().compress([Array(text[..<1]), [], Array(text[1..<90_000]), Array(text[90_000...])])
        guard let gzip = ExternalProgram("gzip") else { return }
        #expect(try gzip.run(["-dc"], input: Data(bytes)).output == Data(text))
    }

    @Test func theHeaderHoldsNoTimeAndNoName() {
        let bytes = Member().compress([Self.text(10)])
        // RFC 1952 section 2.3: identification, deflate, no flags, no time.
        #expect(bytes.prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }

    @Test func whatWasCompressedBeforeLeavesNoTrace() {
        let used = Member()
        _ = used.compress([Self.text(1_000_000)])
        _ = used.compress([Array("x".utf8)])
        for size in [10, 5000, 500_000] {
            #expect(used.compress([Self.text(size)]) == Member().compress([Self.text(size)]))
        }
    }

    /// ISA-L's bytes depend on where its stream lies, when the text has the slot that the address has.
    @Test(.disabled(if: Self.isSanitized, "the thread sanitizer has these addresses"))
    func whereTheStreamLiesDoesNotMatter() {
        var random = SplitMix64(seed: 1)
        let texts = (0..<300).map { number in
            let lines = (0..<12).map { _ in "\(Int.random(in: 1000...9999, using: &random)),\(number),GetObject\r\n" }
            // The first bytes come again, so that a match may begin with them.
            return Array((lines + lines).joined().utf8)
        }
        let used = Member()
        let bytes = texts.map { used.compress([$0]) }
        let held = (0..<60).map { _ in Member() }
        for (number, text) in texts.enumerated() {
            #expect(held.allSatisfy { $0.compress([text]) == bytes[number] }, "text \(number)")
        }
    }

    @Test func theRoomThatIsGivenDoesNotMatter() {
        let text = Self.text(200_000)
        #expect(Member().compress([text], room: 1) == Member().compress([text], room: 1 << 20))
    }

    /// Where blocks of text that hardly shrinks end depends on it in ISA-L.
    @Test func roomThatWasNotAskedForDoesNotMatter() {
        var random = SplitMix64(seed: 1)
        let digits = Array("0123456789abcdef".utf8)
        let pieces = (0..<8).map { _ in (0..<500_000).map { _ in digits[Int.random(in: 0..<16, using: &random)] } }
        let bytes = Member().compress(pieces)
        for more in [1, 1000, 60_000, 1 << 20] {
            #expect(Member().compress(pieces, more: more) == bytes, "\(more) bytes more")
        }
    }

    @Test func linesOfLogsShrink() {
        let text = Array(String(repeating: #"{"eventName":"ListBuckets","readOnly":true}"# + "\n", count: 2000).utf8)
        #expect(Member().compress([text]).count < text.count / 20)
    }

    private static var isSanitized: Bool {
        #if TSAN
        true
        #else
        false
        #endif
    }

    /// Text that is neither all the same nor all random.
    private static func text(_ size: Int) -> [UInt8] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<size).map { position in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return position % 3 == 0 ? UInt8(truncatingIfNeeded: state % 64) + 32 : UInt8(position / 50 % 64) + 32
        }
    }
}

/// Members one after the other, each as an array.
private final class Member {
    private let compressor = GzipCompressor()

    func compress(_ pieces: [[UInt8]], room: Int = 0, more: Int = 0) -> [UInt8] {
        var output: [UInt8] = []
        var space = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
        defer { space.deallocate() }
        for (number, piece) in (pieces.isEmpty ? [[]] : pieces).enumerated() {
            piece.withUnsafeBufferPointer { bytes in
                compressor.compress(
                    bytes,
                    endsMember: number >= pieces.count - 1,
                    reserve: { count in
                        space.deallocate()
                        space = .allocate(capacity: room > 0 ? room : count + more)
                        return space
                    },
                    commit: { output.append(contentsOf: space.prefix($0)) }
                )
            }
        }
        return output
    }
}
