import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What is read of a text does not depend on how it is read: damaged texts, in every way.
@Suite(.timeLimit(.minutes(60))) struct EqualReadingTests {
    @Test(arguments: FuzzSeeds.first(25))
    func damagedTextIsReadInOneWay(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(&random)
        let ways = try Self.ways(settings)
        let plain = try Reading.Reader(settings: settings)
        for round in 0..<6 {
            let mutation = Mutation(SoundText.any(&random), &random)
            let expected = try plain.read(mutation.text)
            for way in ways {
                let reading = try way.read(mutation.text)
                let isSame = reading == expected
                #expect(
                    isSame,
                    "seed \(seed), round \(round), \(way.name): \(mutation)\(Self.difference(reading, expected))\n\(String(decoding: mutation.text, as: UTF8.self))"
                )
            }
        }
    }

    /// The records that are dropped are counted as if they had been read, whatever proves them, and nothing else differs.
    @Test(arguments: FuzzSeeds.first(25))
    func droppedRecordsAreReadInOneWay(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(&random)
        let dropped = [SoundText.droppedSource]
        let plain = try Reading.Reader(settings: settings, dropped: dropped)
        try Self.compare(try Self.provingWays(settings, dropped: dropped), with: plain, seed, &random)
    }

    /// The records that are only copied are those that are read, whatever proves them.
    @Test(arguments: FuzzSeeds.first(25))
    func copiedRecordsAreReadInOneWay(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let settings = Self.settings(&random)
        let plain = try Reading.Reader(settings: settings)
        try Self.compare(try Self.provingWays(settings, copies: true), with: plain, seed, &random)
    }

    private static func compare(
        _ ways: [Way],
        with plain: Reading.Reader,
        _ seed: UInt64,
        _ random: inout SplitMix64
    ) throws {
        for round in 0..<12 {
            let sound = SoundText.any(&random)
            let mutation = random.once(in: 4) ? nil : Mutation(sound, &random)
            let text = mutation?.text ?? sound
            let expected = try plain.read(text)
            for way in ways {
                let reading = try way.read(text)
                let isSame = reading == expected
                #expect(
                    isSame,
                    "seed \(seed), round \(round), \(way.name): \(mutation?.description ?? "")\(difference(reading, expected))\n\(String(decoding: text, as: UTF8.self))"
                )
            }
        }
    }

    private static func provingWays(
        _ settings: RunSettings,
        dropped: [String] = [],
        copies: Bool = false
    ) throws -> [Way] {
        func reader(_ proof: ObjectProof, window: Int = 1 << 20) throws -> Reading.Reader {
            try Reading.Reader(window: window, settings: settings, proof: proof, dropped: dropped, copies: copies)
        }
        var ways: [Way] = []
        for proof in ObjectProof.forms {
            for window in [1 << 20, 1000, 257, 100] {
                let reader = try reader(proof, window: window)
                let name = "\(proof.form), window of \(window) bytes"
                ways.append(Way(name: name, reader: reader))
                ways.append(Way(name: "\(name), in pieces of 7 bytes", reader: reader, stretch: 7, hasSize: false))
            }
            let usual = try reader(proof)
            ways.append(Way(name: "\(proof.form), gzip", reader: usual) { TrailText.gzip(bytes: $0) })
        }
        return ways
    }

    /// A way to read a text that must not make a difference.
    private struct Way {
        var name: String
        var reader: Reading.Reader
        var stretch = Int.max
        var hasSize = true
        /// The text as it is stored.
        var stored: ([UInt8]) -> [UInt8] = { $0 }

        func read(_ text: [UInt8]) throws -> Reading {
            try reader.read(stored(text), stretch: stretch, hasSize: hasSize)
        }
    }

    /// Limits that some texts meet.
    private static func settings(_ random: inout SplitMix64) -> RunSettings {
        var settings = RunSettings()
        if random.once(in: 3) { settings.maxRecordBytes = random.pick([40, 100, 250]) }
        if random.once(in: 6) { settings.maxFileBytes = random.pick([100, 500, 1500]) }
        return settings
    }

    private static func ways(_ settings: RunSettings) throws -> [Way] {
        let usual = try Reading.Reader(settings: settings)
        let scalar = try Reading.Reader(settings: settings, indexing: .scalar)
        var ways = [
            Way(name: "without simdjson", reader: scalar),
            Way(name: "byte by byte", reader: usual, stretch: 1, hasSize: false),
            Way(name: "in pieces of 7 bytes", reader: usual, stretch: 7),
            Way(name: "gzip", reader: usual) { TrailText.gzip(bytes: $0) },
            Way(name: "gzip from a pipe", reader: usual, stretch: 100, hasSize: false) { TrailText.gzip(bytes: $0) },
            Way(name: "gzip, three members", reader: usual) { TrailText.members($0) },
            Way(name: "gzip, three members from a pipe", reader: usual, stretch: 5, hasSize: false) {
                TrailText.members($0)
            },
        ]
        for window in [16, 33, 64, 257, 1000] {
            ways.append(
                Way(name: "window of \(window) bytes", reader: try Reading.Reader(window: window, settings: settings))
            )
        }
        // Whatever processor it runs on.
        for kernel in SimdIndexer.kernels {
            for window in [64, 1 << 20] {
                let reader = try Reading.Reader(window: window, settings: settings, indexing: .kernel(kernel))
                ways.append(Way(name: "window of \(window) bytes, \(kernel)", reader: reader))
            }
        }
        let smallScalar = try Reading.Reader(window: 64, settings: settings, indexing: .scalar)
        return ways + [Way(name: "window of 64 bytes without simdjson", reader: smallScalar)]
    }

    /// What two readings differ in.
    private static func difference(_ reading: Reading, _ expected: Reading) -> String {
        var parts: [String] = []
        if reading.records != expected.records {
            parts.append("\(reading.records.count) records, not \(expected.records.count)")
        }
        if reading.numbers != expected.numbers { parts.append("numbers \(reading.numbers), not \(expected.numbers)") }
        if reading.problems != expected.problems {
            parts.append("\(reading.problems), not \(expected.problems)")
        } else if reading.lost != expected.lost {
            parts.append("lost \(reading.lost), not \(expected.lost)")
        }
        if reading.dropped != expected.dropped { parts.append("\(reading.dropped) dropped, not \(expected.dropped)") }
        if reading.housekeeping != expected.housekeeping { parts.append("housekeeping \(reading.housekeeping)") }
        return parts.joined(separator: "; ")
    }
}
