import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Random trail files: what is read is what was written, and damage costs what it hits.
@Suite(.timeLimit(.minutes(30))) struct GeneratedTrailTests {
    private static let windows = [16, 31, 64, 257, 1 << 20]

    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyRecordIsReadAsItWasWritten(seed: UInt64) throws {
        let readers = try Self.windows.map { try Reading.Reader(window: $0) }
        for round in 0..<8 as Range<UInt64> {
            var generator = GeneratedJSON(seed: seed * 8 + round)
            generator.whiteSpace = round % 3 == 0 ? 0 : 6
            let (text, records) = generator.trail(Int(round) + 1)
            for (reader, window) in zip(readers, Self.windows) {
                let reading = try reader.read(Array(text.utf8), stretch: round % 2 == 0 ? 13 : .max)
                #expect(reading.records == records, "round \(round), window of \(window) bytes")
                #expect(reading.problems == [], "round \(round), window of \(window) bytes")
                #expect(reading.numbers == Array(records.indices))
            }
        }
    }

    @Test(arguments: 100..<120 as Range<UInt64>)
    func foundationReadsTheSame(seed: UInt64) throws {
        var generator = GeneratedJSON(seed: seed)
        generator.isOdd = false
        let (text, _) = generator.trail(12)
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary
        let expected = try #require(document?["Records"] as? NSArray)
        let reading = try Reading(text, window: 64)
        let records = try reading.records.map { try JSONSerialization.jsonObject(with: Data($0.utf8)) }
        #expect(expected.isEqual(records))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func linesAreReadAsTheyWereWritten(seed: UInt64) throws {
        var generator = GeneratedJSON(seed: seed)
        generator.whiteSpace = 0
        let records = (0..<12).map { #"{"eventVersion":"1","n":\#($0),"r":\#(generator.record().compact)}"# }
        let text = Array(records.joined(separator: seed % 2 == 0 ? "\n" : "\r\n").utf8)
        for window in Self.windows {
            #expect(try Reading(bytes: text, window: window).records == records, "window of \(window) bytes")
        }
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func aBadByteCostsNothingBeforeIt(seed: UInt64) throws {
        var generator = GeneratedJSON(seed: seed)
        generator.depth = 3
        generator.whiteSpace = seed % 2 == 0 ? 0 : 6
        let (document, records) = generator.trail(6)
        let text = Array(document.utf8)
        let ends = try Self.ends(of: records, in: document)
        let readers = try Self.windows.map { try Reading.Reader(window: $0) }
        var random = SplitMix64(seed: seed)
        for _ in 0..<60 {
            let damage = Damage(text.count, &random)
            let damaged = damage.apply(to: text)
            let before = ends.count { $0 < damage.position }
            let whole = try Reading(bytes: damaged)
            for (reader, window) in zip(readers, Self.windows) {
                let reading = try reader.read(damaged)
                let comment = "\(damage), window of \(window) bytes: \(reading.problems)"
                #expect(reading.records.starts(with: records.prefix(before)), "\(comment)")
                expectAccounted(reading, records.count, comment)
                #expect(reading.records == whole.records, "\(comment)")
                #expect(reading.problems == whole.problems, "\(comment)")
            }
        }
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func aBadByteInALineCostsItsLine(seed: UInt64) throws {
        var generator = GeneratedJSON(seed: seed)
        generator.depth = 3
        generator.whiteSpace = 0
        let records = (0..<8).map { #"{"eventVersion":"1","n":\#($0),"r":\#(generator.record().compact)}"# }
        let text = Array(records.joined(separator: "\n").utf8)
        let readers = try Self.windows.map { try Reading.Reader(window: $0) }
        var random = SplitMix64(seed: seed)
        for _ in 0..<60 {
            // The first two lines tell what kind of file it is.
            let damage = Damage(text.count, &random, from: records[0].utf8.count + records[1].utf8.count + 2)
            guard text[damage.position] != 0x0A, damage.byte != 0x0A else { continue }
            let line = text[..<damage.position].count { $0 == 0x0A }
            let others = records.enumerated().filter { $0.offset != line }.map(\.element)
            for (reader, window) in zip(readers, Self.windows) {
                let reading = try reader.read(damage.apply(to: text))
                let comment = "\(damage), window of \(window) bytes: \(reading.problems)"
                var rest = reading.records[...]
                for record in others {
                    guard let found = rest.firstIndex(of: record) else {
                        Issue.record("a good line is missing: \(comment)")
                        break
                    }
                    rest = rest[(found + 1)...]
                }
                #expect(reading.records.count + reading.problems.count >= records.count, "\(comment)")
                #expect(reading.records.count - others.count <= 1 || reading.problems.isEmpty, "\(comment)")
            }
        }
    }

    /// Every record has a number of its own or is told of, and what is missing has a problem to explain it.
    private func expectAccounted(_ reading: Reading, _ count: Int, _ comment: String) {
        let lost = reading.problems.compactMap { problem in
            problem.firstMatch(of: /^f: record (\d+)/).flatMap { Int($0.1) }
        }
        #expect((reading.numbers + lost).sorted() == Array(0..<reading.numbers.count + lost.count), "\(comment)")
        #expect(reading.records.count >= count || !reading.problems.isEmpty, "\(comment)")
    }

    /// Where each record ends in the text.
    private static func ends(of records: [String], in document: String) throws -> [Int] {
        // The records before a cut are known from the cuts themselves: the reader is right on whole text.
        let text = Array(document.utf8)
        let reader = try Reading.Reader()
        var ends: [Int] = []
        for cut in text.indices where text[cut] == UInt8(ascii: "}") {
            let count = try reader.read(Array(text[...cut])).records.count
            if count > ends.count { ends.append(cut + 1) }
        }
        #expect(ends.count == records.count)
        return ends
    }
}
