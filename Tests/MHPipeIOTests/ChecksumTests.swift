import CDeflate
import MHPipeTestSupport
import Testing

@testable import MHPipeIO

/// Every form gives the checksum that libdeflate gives.
@Suite struct ChecksumTests {
    @Test func theSlowFormIsNotUsual() {
        #expect(Checksum.forms.last?.form == "portable")
        #expect(Checksum.usual?.form != "portable")
    }

    @Test func itIsTheOneOfGzip() throws {
        for checksum in Checksum.forms {
            #expect(Array("123456789".utf8).withUnsafeBytes { checksum($0) } == 0xCBF4_3926)
            #expect(checksum(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
        }
    }

    @Test(arguments: Checksum.forms.map(\.form), FuzzSeeds.first(10))
    func allFormsGiveTheSame(form: String, seed: UInt64) throws {
        let checksum = try #require(Checksum.forms.first { $0.form == form })
        var random = SplitMix64(seed: seed)
        let bytes = (0..<1 << 16).map { _ in random.once(in: 9) ? UInt8(random.below(256)) : random.pick([0, 0xFF]) }
        for count in Array(0..<700) + (0..<20).map({ _ in random.below(1 << 16) }) {
            // Each in memory of its own, so that a sanitizer sees a load beyond it.
            let start = random.below(bytes.count - count + 1)
            let text = Array(bytes[start..<start + count])
            let expected = text.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
            #expect(text.withUnsafeBytes { checksum($0) } == expected, "\(count) bytes")
        }
    }
}
