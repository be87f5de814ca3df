import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// The set of units that runs have committed.
@Suite struct CommittedUnitsTests {
    private let directory: TemporaryDirectory
    private let folder: StateFolder

    init() throws {
        directory = try TemporaryDirectory()
        folder = try StateFolder(directory.path("st"))
    }

    private static func record(_ name: UInt64, version: UInt64 = 1) -> UnitRecord {
        // Few first halves, so that many records have one in common.
        UnitRecord(high: name % 5 == 0 ? 77 : name &* 0x9E37_79B9_7F4A_7C15, low: name, version: version)
    }

    @Test func recordsAreReadAsTheyWereWritten() {
        var record = UnitRecord(high: .max - 1, low: 2, version: .max)
        record.run = 0xFFFF_FFFE
        record.fate = .dropped
        var bytes: [UInt8] = [9]
        record.append(to: &bytes)
        #expect(bytes.count == 1 + UnitRecord.count)
        #expect(UnitRecord(bytes, at: 1) == record)
    }

    /// Against a dictionary, over many runs of all sizes.
    @Test func theSetKnowsWhatWasCommittedLast() throws {
        var random = SplitMix64(seed: 5)
        var known: [UInt64: UInt64] = [:]
        var segments: [CommitRecord.Segment] = []
        for run in 1...40 {
            var units: [UnitRecord] = []
            for _ in 0..<[0, 1, 3, 200, 1500].randomElement(using: &random)! {
                let (name, version) = (UInt64.random(in: 0..<9000, using: &random), UInt64(run))
                known[name] = version
                units.append(Self.record(name, version: version))
            }
            segments = try CommittedUnits(folder, segments).adding(units, run: run)
        }
        #expect(segments.count < 6)
        #expect(segments.reduce(0) { $0 + $1.count } < known.count * 9 / 8 + 100)
        let set = try CommittedUnits(folder, segments)
        for name in 0..<9000 as Range<UInt64> {
            #expect(try set.find(Self.record(name))?.version == known[name])
        }
    }

    @Test func ofTwoRecordsOfOneUnitTheLaterCounts() throws {
        let units = [Self.record(1, version: 1), Self.record(2), Self.record(1, version: 2)]
        let segments = try CommittedUnits(folder, []).adding(units, run: 1)
        #expect(segments == [CommitRecord.Segment(run: 1, count: 2)])
        #expect(try CommittedUnits(folder, segments).find(Self.record(1))?.version == 2)
    }

    @Test func everyDamageIsTold() throws {
        let segments = try CommittedUnits(folder, []).adding((0..<5).map { Self.record($0) }, run: 1)
        let file = "st/committed-1"
        let data = [UInt8](try directory.read(file))
        func expectRefused(_ damage: [UInt8]) throws {
            try directory.write(Data(damage), to: file)
            #expect { _ = try CommittedUnits(folder, segments) } throws: {
                ($0 as? StageError)?.message.contains("committed-1") == true
            }
        }
        for place in data.indices {
            var other = data
            other[place] ^= 1
            try expectRefused(other)
        }
        for count in 0..<data.count { try expectRefused(Array(data[..<count])) }
        try expectRefused(data + [0])
        try directory.write(Data(data), to: file)
        #expect(throws: Never.self) { _ = try CommittedUnits(folder, segments) }
        #expect { _ = try CommittedUnits(folder, [CommitRecord.Segment(run: 1, count: 4)]) } throws: {
            $0 is StageError
        }
    }

    @Test func theRecordIsReadAsItWasWritten() throws {
        var record = CommitRecord()
        record.run = 31
        record.pipeline = "8f0c"
        record.readings = [.init(source: "logs", path: "a b\nc"), .init(source: "other", path: "")]
        record.segments = [.init(run: 30, count: 5_000_000), .init(run: 31, count: 7)]
        record.sinks = ["audit": Checkpoint(token: [0, 255]), "none": Checkpoint(token: [1])]
        record.quarantine = Checkpoint(token: [3])
        record.stages = ["once": 31]
        #expect(try CommitRecord(record.text()) == record)
        #expect(try record.text().hasPrefix("mhpipe-committed 1\n"))
        record.known = [
            "seen": .init(
                head: [0, 255],
                textBytes: 77,
                segments: [.init(run: 2, count: 9), .init(run: 31, count: 1)]
            ),
            "none": .init(),
        ]
        #expect(try CommitRecord(record.text()) == record)
        #expect(try record.text().hasPrefix("mhpipe-committed 2\n"))
        let text = Array(try record.text().utf8)
        for place in text.indices {
            var other = text
            other[place] ^= 4
            #expect(throws: StageError.self) { try CommitRecord(String(decoding: other, as: UTF8.self)) }
        }
    }

    @Test func aMillionUnitsTakeAFewBytesEachAndAreFound() throws {
        var writer = try UnitSegmentWriter(folder, "committed-1")
        let count = 1_000_000 as UInt64
        for number in 0..<count { try writer.append(UnitRecord(high: number << 40, low: number, version: 1)) }
        try writer.finish()
        let size = try FileManager.default.attributesOfItem(atPath: directory.path("st/committed-1"))[.size] as? Int
        #expect(size ?? .max < Int(count) * 33)
        let set = try CommittedUnits(folder, [.init(run: 1, count: Int(count))])
        for number in stride(from: 0, to: count, by: 9973) {
            #expect(try set.find(UnitRecord(high: number << 40, low: number, version: 2))?.version == 1)
            #expect(try set.find(UnitRecord(high: number << 40 | 1, low: number, version: 2)) == nil)
        }
    }
}
