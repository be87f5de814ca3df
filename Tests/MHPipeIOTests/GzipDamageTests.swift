import Testing

@testable import MHPipeIO

@Suite struct GzipDamageTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var compressed: [UInt8]
        var content: [UInt8]
        var damage: GzipDamage

        init(_ name: String, _ compressed: [UInt8], _ content: [UInt8], _ kind: GzipDamage.Kind, at offset: Int) {
            testDescription = name
            self.compressed = compressed
            self.content = content
            damage = GzipDamage(kind, at: offset)
        }
    }

    static let content = sampleText(3000)
    static let member = GzipFixture(content)
    static let good = member.bytes

    static func changed(_ change: (inout GzipFixture) -> Void) -> [UInt8] {
        var fixture = member
        change(&fixture)
        return fixture.bytes
    }

    static func header(_ index: Int, _ byte: UInt8) -> [UInt8] {
        var bytes = good
        bytes[index] = byte
        return bytes
    }

    static let cases: [Case] = [
        Case("no gzip at all", Array("{\"Records\":[]}".utf8), [], .badHeader, at: 0),
        Case("a wrong second byte", header(1, 0x8c), [], .badHeader, at: 0),
        Case("a method nobody knows", header(2, 7), [], .badHeader, at: 0),
        Case("a reserved flag", header(3, 0x20), [], .badHeader, at: 0),
        Case("a header checksum that is wrong", good.prefix(3) + [2] + good[4..<10] + [9, 9], [], .badHeader, at: 0),
        Case("a header without an end", good.prefix(3) + [8] + good[4..<10] + [65], [], .cutShort, at: 11),
        Case("a first byte alone", [0x1f], [], .cutShort, at: 1),
        Case("a wrong checksum", changed { $0.statedCRC = 7 }, content, .badChecksum, at: good.count - 8),
        Case("a wrong length", changed { $0.statedLength = 2999 }, content, .badLength, at: good.count - 4),
        Case("half a trailer", good.dropLast(5), content, .cutShort, at: good.count - 5),
        Case("a block type that is reserved", member.header + [0x07], [], .badData, at: 11),
        Case("a stored block whose lengths differ", member.header + [1, 3, 0, 1, 1, 65, 66, 67], [], .badData, at: 15),
        Case("text behind the last member", good + Array("oops".utf8), content, .trailingBytes, at: good.count),
        Case("zeros behind the last member", good + [0, 0, 0], content, .trailingBytes, at: good.count),
        Case("half a header behind the last member", good + [0x1f, 0x8b, 8], content, .cutShort, at: good.count + 3),
        Case(
            "a second member that is cut short",
            good + good.prefix(10),
            content,
            .cutShort,
            at: good.count + 10
        ),
        Case(
            "a second member with a wrong checksum",
            good + changed { $0.statedCRC = 7 } + good,
            content + content,
            .badChecksum,
            at: 2 * good.count - 8
        ),
    ]

    @Test(arguments: cases)
    func `the damage is named, with its place and after all bytes before it`(item: Case) throws {
        for (step, stride) in [(1 << 20, Int.max), (1, Int.max), (1 << 20, 1), (5, 3)] {
            let reading = try GzipReaderTests.read(item.compressed, step: step, stride: stride)
            #expect(reading == GzipReaderTests.Reading(bytes: item.content, damage: item.damage))
        }
    }

    @Test func `cut at any place, it says so and gives a beginning of the content`() throws {
        let reader = GzipReader()
        for count in 1..<Self.good.count {
            let reading = try GzipReaderTests.read(Array(Self.good.prefix(count)), with: reader)
            #expect(reading.damage == GzipDamage(.cutShort, at: count))
            #expect(Self.content.starts(with: reading.bytes))
        }
    }

    @Test func `a longer member that is cut gives nearly all that its bytes hold`() throws {
        let content = sampleText(400_000)
        let compressed = GzipFixture(content).bytes
        let reading = try GzipReaderTests.read(Array(compressed.prefix(compressed.count / 2)))
        #expect(content.starts(with: reading.bytes))
        #expect(reading.bytes.count > content.count * 45 / 100)
    }

    @Test(arguments: [0x01, 0x80, 0xff] as [UInt8])
    func `with any byte changed, it is damaged or yields the same content`(mask: UInt8) throws {
        let reader = GzipReader()
        for index in Self.good.indices {
            var compressed = Self.good
            compressed[index] ^= mask
            let reading = try GzipReaderTests.read(compressed, with: reader)
            #expect(reading.damage != nil || reading.bytes == Self.content, "byte \(index)")
        }
    }

    @Test func `the bytes before the damage come out, however small the reads`() throws {
        let content = sampleText(900_000)
        let member = GzipFixture(content)
        let compressed = member.header + member.deflated(isWhole: false) + [0x07]
        let whole = GzipReaderTests.Reading(bytes: content, damage: GzipDamage(.badData, at: compressed.count))
        for step in [1000, 65_536, 131_072, 131_073, 1_000_000] {
            #expect(try GzipReaderTests.read(compressed, step: step) == whole)
        }
    }

    @Test(arguments: GzipDamage.Kind.allCases)
    func `each kind has words and an offset`(kind: GzipDamage.Kind) {
        #expect("\(GzipDamage(kind, at: 1234))".contains("byte 1234"))
    }
}
