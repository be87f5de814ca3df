import Foundation
import Testing

@testable import MHPipeIO

@Suite struct GzipReaderTests {
    /// What came out of a reader, and what ended it.
    struct Reading: Equatable {
        var bytes: [UInt8] = []
        var damage: CompressionDamage?
    }

    /// Reads everything, `step` decompressed bytes and `stride` compressed bytes at a time.
    static func read(
        _ compressed: [UInt8],
        with reader: GzipReader = GzipReader(),
        step: Int = 1 << 20,
        stride: Int = .max,
        prefix: Int = 0
    ) throws -> Reading {
        var rest = compressed.dropFirst(prefix)
        reader.start(
            { buffer in
                let next = rest.prefix(min(stride, buffer.count))
                buffer.copyBytes(from: next)
                rest = rest.dropFirst(next.count)
                return next.count
            },
            prefix: Array(compressed.prefix(prefix))
        )
        var reading = Reading()
        var buffer = [UInt8](repeating: 0, count: step)
        while true {
            do {
                let count = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
                guard count > 0 else { return reading }
                reading.bytes += buffer.prefix(count)
            } catch let damage as CompressionDamage {
                reading.damage = damage
                return reading
            }
        }
    }

    static let long = sampleText(700_000)

    @Test(arguments: [0, 1, 100, 65_535, 65_536, 131_072, 700_000])
    func `every length comes back`(count: Int) throws {
        let content = Array(Self.long.prefix(count))
        #expect(try Self.read(GzipFixture(content).bytes) == Reading(bytes: content))
    }

    @Test(arguments: [1, 7, 4096, 100_000, 131_071, 131_072, 200_000], [1, 3, 1000, .max])
    func `the sizes of the reads do not matter`(step: Int, stride: Int) throws {
        let content = Array(Self.long.prefix(step == 1 || stride == 1 ? 70_000 : 700_000))
        #expect(try Self.read(GzipFixture(content).bytes, step: step, stride: stride) == Reading(bytes: content))
    }

    @Test(arguments: [0, 1, 2, 9, 10, 11, 5000, 1_000_000])
    func `bytes that were read before count as the beginning`(prefix: Int) throws {
        let content = sampleText(2_000_000)
        let compressed = GzipFixture(content).bytes
        let reading = try Self.read(compressed, prefix: min(prefix, compressed.count))
        #expect(reading == Reading(bytes: content))
    }

    @Test func `members that follow one another are one text`() throws {
        let parts = (0..<300).map { sampleText($0 * 11, seed: UInt64($0)) }
        let compressed = parts.flatMap { GzipFixture($0).bytes }
        for stride in [1, 17, Int.max] {
            #expect(try Self.read(compressed, stride: stride) == Reading(bytes: parts.flatMap(\.self)))
        }
    }

    @Test func `no bytes at all are no members`() throws {
        #expect(try Self.read([]) == Reading())
    }

    @Test func `one reader reads file after file, whatever happened before`() throws {
        let reader = GzipReader()
        let good = GzipFixture(Self.long).bytes
        var bad = good
        bad[bad.count / 2] ^= 0x55
        for round in 0..<30 {
            switch round % 3 {
            case 0: #expect(try Self.read(good, with: reader) == Reading(bytes: Self.long))
            case 1: #expect(try Self.read(bad, with: reader).damage != nil)
            default: #expect(try Self.read(Array(good.prefix(5000)), with: reader).damage?.kind == .cutShort)
            }
        }
    }

    @Test func `a file that is left in the middle leaves no trace in the next`() throws {
        let reader = GzipReader()
        let compressed = GzipFixture(Self.long).bytes
        reader.start({ _ in 0 }, prefix: Array(compressed.prefix(30_000)))
        var buffer = [UInt8](repeating: 0, count: 10)
        _ = try buffer.withUnsafeMutableBytes { try reader.read(into: $0) }
        #expect(try Self.read(compressed, with: reader) == Reading(bytes: Self.long))
    }

    @Test(arguments: 0..<16)
    func `every combination of header fields is read over`(fields: Int) throws {
        var member = GzipFixture(Array("content".utf8))
        if fields & 1 != 0 { member.extra = Array(repeating: 0x1f, count: 300) }
        if fields & 2 != 0 { member.name = "übersicht.json" }
        if fields & 4 != 0 { member.comment = "made\nby hand" }
        member.hasHeaderCRC = fields & 8 != 0
        for stride in [1, Int.max] {
            let reading = try Self.read(member.bytes + member.bytes, stride: stride)
            #expect(reading == Reading(bytes: Array("contentcontent".utf8)))
        }
    }

    @Test func `it counts the compressed bytes it used`() throws {
        let compressed = GzipFixture(Self.long).bytes
        let reader = GzipReader()
        _ = try Self.read(compressed + compressed, with: reader)
        #expect(reader.bytesConsumed == 2 * compressed.count)
    }

    @Test func `a failure of the input is passed on, after the bytes before it`() throws {
        struct Failure: Error {}
        let compressed = GzipFixture(Self.long).bytes
        let reader = GzipReader()
        var calls = 0
        reader.start { buffer in
            calls += 1
            guard calls == 1 else { throw Failure() }
            buffer.copyBytes(from: compressed.prefix(20_000))
            return 20_000
        }
        var count = 0
        var buffer = [UInt8](repeating: 0, count: 1000)
        #expect(throws: Failure.self) {
            while true { count += try buffer.withUnsafeMutableBytes { try reader.read(into: $0) } }
        }
        let cut = try Self.read(Array(compressed.prefix(20_000)))
        #expect(count == cut.bytes.count)
        #expect(throws: Failure.self) { try buffer.withUnsafeMutableBytes { try reader.read(into: $0) } }
    }
}
