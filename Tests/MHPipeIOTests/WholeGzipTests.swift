import MHPipeIO
import Testing

@Suite struct WholeGzipTests {
    private static let text = Array("hello, hello, hello\n".utf8)
    /// What `gzip -n` makes of the text.
    private static let member: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7, 0x51, 0xC8,
        0x40, 0xA2, 0xB8, 0x00, 0xE7, 0x42, 0x6E, 0x52, 0x14, 0x00, 0x00, 0x00,
    ]

    @Test func membersAreReadAsOne() throws {
        #expect(try Self.decompress(Self.member) == Self.text)
        #expect(try Self.decompress(Self.member + Self.member) == Self.text + Self.text)
    }

    @Test func whatDoesNotFitIsLeftToTheStreamingReader() throws {
        #expect(try Self.decompress(Self.member, room: Self.text.count - 1) == nil)
        #expect(try Self.decompress(Self.member + Self.member, room: Self.text.count + 1) == nil)
    }

    @Test func everyCutAndEveryBytesBehindAreLeftToTheStreamingReader() throws {
        for count in Self.member.indices { #expect(try Self.decompress(Array(Self.member.prefix(count))) == nil) }
        for behind in [[0], [0x1F, 0x8B], Array("text".utf8)] as [[UInt8]] {
            #expect(try Self.decompress(Self.member + behind) == nil)
        }
    }

    @Test func aSpoiltByteNeverGivesAnotherText() throws {
        for place in Self.member.indices {
            var spoilt = Self.member
            spoilt[place] ^= 0x10
            let result = try Self.decompress(spoilt)
            #expect(result == nil || result == Self.text, "byte \(place)")
        }
    }

    static func decompress(_ stored: [UInt8], room: Int = 1000) throws -> [UInt8]? {
        let reader = try #require(WholeGzip())
        var text = [UInt8](repeating: 0, count: room)
        let count = stored.withUnsafeBytes { stored in
            text.withUnsafeMutableBytes { reader.decompress(stored, into: $0) }
        }
        return count.map { Array(text.prefix($0)) }
    }
}
