import MHPipeTestSupport
import Testing

@testable import MHPipeIO

@Suite struct GzipDamageTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var compressed: [UInt8]
        var content: [UInt8]
        var damage: CompressionDamage

        init(_ name: String, _ compressed: [UInt8], _ content: [UInt8], _ kind: CompressionDamage.Kind, at offset: Int)
        {
            testDescription = name
            self.compressed = compressed
            self.content = content
            damage = CompressionDamage(.gzip, kind, at: offset)
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
        Case("zeros and text behind the last member", good + [0, 0, 65], content, .trailingBytes, at: good.count + 2),
        Case("zeros in place of the first member", [0, 0, 0, 0], [], .badHeader, at: 0),
        Case("zeros before the first member", [0, 0] + good, [], .badHeader, at: 0),
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

    @Test(arguments: [1, 2, 7, 8, 511, 70_000]) func `zeros behind a member are padding`(count: Int) throws {
        let padding = [UInt8](repeating: 0, count: count)
        for (step, stride) in [(1 << 20, Int.max), (1 << 20, 1), (5, 3)] {
            let behind = try GzipReaderTests.read(Self.good + padding, step: step, stride: stride)
            #expect(behind == GzipReaderTests.Reading(bytes: Self.content))
            let between = try GzipReaderTests.read(Self.good + padding + Self.good, step: step, stride: stride)
            #expect(between == GzipReaderTests.Reading(bytes: Self.content + Self.content))
        }
    }

    @Test(arguments: FuzzSeeds.first(8))
    func `what comes out of damaged data does not depend on the reads`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let contents = [sampleText(1 + random.below(3000)), sampleText(200_000, seed: seed)]
        let reader = GzipReader()
        for _ in 0..<30 {
            var fixture = GzipFixture(random.pick(contents))
            if random.once(in: 4) { fixture.hasHeaderCRC = true }
            if random.once(in: 4) { fixture.name = "name" }
            var compressed = fixture.bytes
            if random.once(in: 2) { compressed += GzipFixture(contents[0]).bytes }
            for _ in 0..<1 + random.below(3) {
                let place =
                    random.once(in: 2) ? random.below(min(compressed.count, 30)) : random.below(compressed.count)
                switch random.below(4) {
                case 0: compressed[place] ^= 1 << UInt8(random.below(8))
                case 1: compressed.remove(at: place)
                case 2: compressed.insert(UInt8(random.below(256)), at: place)
                default: compressed.removeLast(random.below(20))
                }
            }
            let whole = try GzipReaderTests.read(compressed, with: reader)
            for (step, stride) in [(131_072, 1), (131_072, 7), (1000, 4096), (1 << 20, 65_536), (140_000, 100_000)] {
                let reading = try GzipReaderTests.read(compressed, with: reader, step: step, stride: stride)
                #expect(reading.damage == whole.damage, "\(step), \(stride), \(compressed.count) bytes")
                let isSame = reading.bytes == whole.bytes
                #expect(isSame, "\(reading.bytes.count), not \(whole.bytes.count), by \(step), \(stride)")
            }
            let text = try WholeGzipTests.decompress(compressed, by: nil, room: 1 << 20)
            #expect(text == nil || whole.damage == nil && text == whole.bytes, "libdeflate takes it otherwise")
            for checksum in Checksum.forms {
                let again = try WholeGzipTests.decompress(compressed, by: checksum, room: 1 << 20)
                #expect(again == text, "\(checksum.form) takes it otherwise")
            }
        }
    }

    @Test func `cut at any place, it says so and gives a beginning of the content`() throws {
        let reader = GzipReader()
        for count in 1..<Self.good.count {
            let reading = try GzipReaderTests.read(Array(Self.good.prefix(count)), with: reader)
            #expect(reading.damage == CompressionDamage(.gzip, .cutShort, at: count))
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
        let whole = GzipReaderTests.Reading(
            bytes: content,
            damage: CompressionDamage(.gzip, .badData, at: compressed.count)
        )
        for step in [1000, 65_536, 131_072, 131_073, 1_000_000] {
            #expect(try GzipReaderTests.read(compressed, step: step) == whole)
        }
    }

    @Test(arguments: CompressionDamage.Kind.allCases)
    func `each kind has words and an offset`(kind: CompressionDamage.Kind) {
        #expect("\(CompressionDamage(.gzip, kind, at: 1234))".contains("byte 1234"))
    }
}
