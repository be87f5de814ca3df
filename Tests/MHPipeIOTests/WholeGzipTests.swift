import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct WholeGzipTests {
    private static let text = Array("hello, hello, hello\n".utf8)
    /// What `gzip -n` makes of the text.
    private static let member: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7, 0x51, 0xC8,
        0x40, 0xA2, 0xB8, 0x00, 0xE7, 0x42, 0x6E, 0x52, 0x14, 0x00, 0x00, 0x00,
    ]

    /// How checksums are compared, which must not make a difference; nil for libdeflate itself.
    private static let checksums: [String?] = [nil] + Checksum.forms.map(\.form)

    @Test(arguments: checksums)
    func membersAreReadAsOne(form: String?) throws {
        #expect(try Self.decompress(Self.member, form) == Self.text)
        #expect(try Self.decompress(Self.member + Self.member, form) == Self.text + Self.text)
    }

    @Test(arguments: checksums)
    func aSingleMemberHasNothingBehindIt(form: String?) throws {
        let reader = try #require(WholeGzip(checksum: Checksum.forms.first { $0.form == form }))
        func count(_ stored: [UInt8], room: Int = 1000) -> Int? {
            var text = [UInt8](repeating: 0, count: room)
            return stored.withUnsafeBytes { stored in
                text.withUnsafeMutableBytes { reader.decompressSingle(stored, into: $0) }
            }
        }
        #expect(count(Self.member) == Self.text.count)
        #expect(count(Self.member, room: Self.text.count - 1) == nil)
        for behind in [[0], Self.member, Array("text".utf8)] as [[UInt8]] {
            #expect(count(Self.member + behind) == nil)
        }
        for cut in Self.member.indices { #expect(count(Array(Self.member.prefix(cut))) == nil) }
    }

    @Test(arguments: checksums)
    func whatDoesNotFitIsLeftToTheStreamingReader(form: String?) throws {
        #expect(try Self.decompress(Self.member, form, room: Self.text.count - 1) == nil)
        #expect(try Self.decompress(Self.member + Self.member, form, room: Self.text.count + 1) == nil)
    }

    @Test(arguments: checksums)
    func everyCutAndEveryBytesBehindAreLeftToTheStreamingReader(form: String?) throws {
        for count in Self.member.indices {
            #expect(try Self.decompress(Array(Self.member.prefix(count)), form) == nil)
            #expect(
                try Self.decompress(Self.member + Self.member.prefix(count), form) == (count == 0 ? Self.text : nil)
            )
        }
        for behind in [[0], [0x1F, 0x8B], Array("text".utf8)] as [[UInt8]] {
            #expect(try Self.decompress(Self.member + behind, form) == nil)
        }
    }

    @Test(arguments: checksums)
    func aSpoiltByteNeverGivesAnotherText(form: String?) throws {
        for place in Self.member.indices {
            for bit in 0..<8 {
                var spoilt = Self.member
                spoilt[place] ^= 1 << bit
                let result = try Self.decompress(spoilt, form)
                #expect(result == nil || result == Self.text, "byte \(place), bit \(bit)")
                #expect(try result == Self.decompress(spoilt, nil), "byte \(place), bit \(bit)")
            }
        }
    }

    /// Flags, what stands behind the usual header for them, and whether that is read here.
    private static let headers: [(UInt8, [UInt8], Bool)] = [
        (0x04, [0, 0], true), (0x04, [3, 0, 0, 0, 0], true), (0x04, [0, 1] + Array(repeating: 7, count: 256), true),
        (0x04, [255, 255], false), (0x08, Array("name\0".utf8), true), (0x08, Array("name".utf8), false),
        (0x10, [0], true), (0x18, Array("name\0comment\0".utf8), true), (0x1C, [1, 0, 0, 0, 0], true),
        (0x01, [], true), (0x02, [0, 0], false), (0x20, [], false), (0x80, [], false),
    ]

    @Test(arguments: checksums, headers.indices)
    func whateverStandsInTheHeader(form: String?, number: Int) throws {
        let (flags, added, isRead) = Self.headers[number]
        var member = Self.member
        member[3] = flags
        member.insert(contentsOf: added, at: 10)
        let text = try Self.decompress(member, form)
        // A text without an end may end in what is compressed, which then is damaged.
        #expect(text == (isRead ? Self.text : nil))
        for count in 0..<member.count { #expect(try Self.decompress(Array(member.prefix(count)), form) == nil) }
    }

    static func decompress(_ stored: [UInt8], _ form: String?, room: Int = 1000) throws -> [UInt8]? {
        try decompress(stored, by: Checksum.forms.first { $0.form == form }, room: room)
    }

    static func decompress(_ stored: [UInt8], by checksum: Checksum?, room: Int = 1000) throws -> [UInt8]? {
        let reader = try #require(WholeGzip(checksum: checksum))
        var text = [UInt8](repeating: 0, count: room)
        let count = stored.withUnsafeBytes { stored in
            text.withUnsafeMutableBytes { reader.decompress(stored, into: $0) }
        }
        return count.map { Array(text.prefix($0)) }
    }
}
