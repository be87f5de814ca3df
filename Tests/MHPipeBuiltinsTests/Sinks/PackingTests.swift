import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// Outputs that are compressed, by their names and `level`.
@Suite struct PackingTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private static var units: [[EventBatch]] {
        [
            [EventBatch(records: SampleRecords.nasty)], [],
            [EventBatch(records: SampleRecords.random(200, seed: 9)), EventBatch(records: ["{}"])],
        ]
    }

    @Test(arguments: ["out.jsonl.gz", "out.jsonl.zst", "OUT.JSONL.ZST"], [nil, 1, 3] as [Int?])
    func theSameText(_ name: String, _ level: Int?) throws {
        let plain = try write(JSONLinesSink.self, "plain.jsonl", nil)
        let packed = try write(JSONLinesSink.self, name, level)
        #expect(packed.count < plain.count / 2)
        #expect(try Self.unpacked(packed) == plain)
        // The bytes do not depend on the encoders.
        #expect(try write(JSONLinesSink.self, name, level, encoders: 1) == packed)
    }

    @Test func levelsMakeADifference() throws {
        #expect(
            try write(JSONLinesSink.self, "a.jsonl.zst", 19).count < write(JSONLinesSink.self, "a.jsonl.zst", 1).count
        )
        #expect(try write(JSONLinesSink.self, "a.jsonl.gz", 3).count < write(JSONLinesSink.self, "a.jsonl.gz", 1).count)
        #expect(try write(JSONLinesSink.self, "a.jsonl.gz", 1) == write(JSONLinesSink.self, "a.jsonl.gz", nil))
    }

    @Test(arguments: ["a.csv.gz", "a.csv.zst"])
    func tables(_ name: String) throws {
        let plain = try write(CSVSink.self, "a.csv", nil)
        #expect(try Self.unpacked(write(CSVSink.self, name, nil)) == plain)
    }

    @Test(arguments: ["a.jsonl.gz", "a.jsonl.zst"])
    func withoutEvents(_ name: String) throws {
        let packed = try write(JSONLinesSink.self, name, nil, units: [])
        #expect(!packed.isEmpty)
        #expect(try Self.unpacked(packed).isEmpty)
    }

    @Test(arguments: [
        ("a.jsonl", 1, "'level' is for names that end in .gz or .zst, and 'a.jsonl' does not"),
        ("a.jsonl.gz", 9, "'level' needs a number from 1 to 3 for gzip, not 9"),
        ("a.jsonl.zst", 0, "'level' needs a number from 1 to 19 for zstd, not 0"),
    ])
    func levelsThatCannotBe(_ name: String, _ level: Int, _ message: String) {
        for make in [
            { _ = try SinkHarness.make(JSONLinesSink.self, ["path": .text(name), "level": .text(String(level))]) },
            { _ = try SinkHarness.make(CSVSink.self, ["path": .text(name), "level": .text(String(level))]) },
        ] as [() throws -> Void] {
            let error = #expect(throws: OptionError.self) { try make() }
            #expect(error?.description == message)
        }
    }

    private func write<S: Sink>(
        _ type: S.Type,
        _ name: String,
        _ level: Int?,
        units: [[EventBatch]] = PackingTests.units,
        encoders: Int = 2
    ) throws -> [UInt8] {
        let more = level.map { [("level", WrittenOption.text(String($0)))] } ?? []
        let sink = try SinkHarness.make(type, [("path", .text(folder.path(name)))] + more)
        try SinkHarness.run(sink, units, encoders: encoders)
        return Array(try folder.read(name))
    }

    private static func unpacked(_ stored: [UInt8]) throws -> [UInt8] {
        var room = [UInt8](repeating: 0, count: 256 << 10)
        var text: [UInt8] = []
        let read: (UnsafeMutableRawBufferPointer) throws -> Int
        if stored.starts(with: [0x1F, 0x8B]) {
            let gzip = GzipReader()
            gzip.start({ _ in 0 }, prefix: stored)
            read = gzip.read
        } else {
            let zstd = try #require(ZstdReader())
            stored.withUnsafeBytes { zstd.start({ _ in 0 }, prefix: $0) }
            read = zstd.read
        }
        while case let count = try room.withUnsafeMutableBytes({ try read($0) }), count > 0 {
            text += room.prefix(count)
        }
        return text
    }
}
