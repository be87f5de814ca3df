import CRecordScreen
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Records that are passed over before the index: the others come out as they do without it.
@Suite(.timeLimit(.minutes(30)), .enabled(if: mhp_screen_is_supported())) struct WindowScreenTests {
    private static let windows = [64, 257, 4096, 1 << 20]
    private static let wanted = "migrationhub.amazonaws.com"
    private static let screen = EventSourceScreen { $0.elementsEqual(wanted.utf8) }

    /// Members that tell the source, as they are or as they may be.
    private static let sources = [
        #""eventSource":"ec2.amazonaws.com""#, #""eventSource":"ec2.amazonaws.com""#,
        #""eventSource":"kms.amazonaws.com""#, #""eventSource":"\#(wanted)""#,
        #""eventSource":"migrationhu\u0062.amazonaws.com""#, #""event\u0053ource":"\#(wanted)""#,
        #""eventSource":"ec2.amazonaws.com","eventSource":"\#(wanted)""#,
        #""eventSource":"ec2.amazonaws.com","event\u0053ource":"\#(wanted)""#,
        #""q":{"eventSource":"ec2.amazonaws.com"},"eventSource":"\#(wanted)""#,
        #""q":{"eventSource":"\#(wanted)"},"eventSource":"sts.amazonaws.com""#,
        #""q":"\"eventSource\":\"ec2.amazonaws.com\"""#, #""q":"\u0026 \\","eventSource":"ec2.amazonaws.com""#,
        #""q":{"eventSource":"ec2.amazonaws.com"}"#, #""eventSource":"aws:sns""#, #""eventSource":null"#,
        #""eventSource":"","q":"eventSource""#,
    ]

    @Test(arguments: [
        (#"{"eventSource":"ec2.amazonaws.com"}"#, true),
        (#"{"a":[1,{"b":"}"}],"eventSource":"ec2.amazonaws.com","c":"\\"}"#, true),
        (#"{"a":"\u0026","eventSource":"ec2.amazonaws.com"}"#, true),
        (#"{"eventSource":"\#(wanted)"}"#, false),
        (#"{"eventSource":"aws:s3"}"#, false),
        (#"{"eventSource" :"ec2.amazonaws.com"}"#, false),
        (#"{"a":{"eventSource":"ec2.amazonaws.com"}}"#, false),
        (#"{"eventSource":"ec2.amazonaws.com","eventSource":"kms.amazonaws.com"}"#, false),
        (#"{"a":"\u0053","eventSource":"ec2.amazonaws.com"}"#, false),
        ("{\"a\":\"\u{1}\",\"eventSource\":\"ec2.amazonaws.com\"}", false),
    ])
    func aRecordIsLeftOutOnlyWhenItsSourceIsCertain(record: String, isDropped: Bool) throws {
        for (before, behind) in [("", ""), ("{},", ""), ("", ",{}"), ("{},", ",{}")] {
            let reader = try Reading.Reader(screen: Self.screen)
            let reading = try reader.read(Array("{\"Records\":[\(before)\(record)\(behind)]}".utf8))
            #expect(reading.dropped == (isDropped ? 1 : 0), "\(before)…\(behind)")
            let others = [before, behind].count { !$0.isEmpty }
            #expect(reading.records.count + reading.problems.count == others + (isDropped ? 0 : 1))
        }
    }

    @Test(arguments: [0, 63, 64, 65, 127, 300])
    func aKeyIsFoundWhereverItStands(offset: Int) throws {
        let reader = try Reading.Reader(screen: Self.screen)
        for shift in 0..<64 {
            let filler = String(repeating: "x", count: offset + shift)
            let record = #"{"f":"\#(filler)","eventSource":"ec2.amazonaws.com"}"#
            let kept = #"{"f":"\#(filler)","eventSource":"\#(Self.wanted)"}"#
            let reading = try reader.read(Array(#"{"Records":[\#(record),\#(kept),\#(record)]}"#.utf8))
            #expect(reading.dropped == 2, "\(filler.count) bytes before")
            #expect(reading.records == [kept])
            #expect(reading.numbers == [1])
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func theOthersAreReadAsWithoutIt(seed: UInt64) throws {
        let records = Self.records(30, seed: seed)
        let text = Array((seed % 2 == 0 ? Self.document(records) : records.joined(separator: "\n")).utf8)
        let all = try Reading(bytes: text)
        let expected = Self.kept(all)
        for window in Self.windows {
            let reader = try Reading.Reader(window: window, screen: Self.screen)
            let reading = try reader.read(text, stretch: seed % 3 == 0 ? 17 : .max)
            let isSame = Self.kept(reading) == expected
            #expect(isSame, "window of \(window) bytes")
            #expect(reading.problems == all.problems, "window of \(window) bytes")
            #expect(reading.records.count + reading.dropped == all.records.count, "window of \(window) bytes")
        }
    }

    @Test func mostRecordsOfOtherServicesAreLeftOut() throws {
        let records = (0..<200).map { number in
            #"{"eventVersion":"1","n":\#(number),"eventSource":"\#(number % 50 == 0 ? Self.wanted : "ec2.amazonaws.com")"}"#
        }
        for text in [Self.document(records), records.joined(separator: "\n")] {
            let reading = try Reading.Reader(screen: Self.screen).read(Array(text.utf8))
            #expect(reading.dropped == 196)
            #expect(reading.numbers == [0, 50, 100, 150])
        }
    }

    @Test(arguments: 0..<16 as Range<UInt64>)
    func damageCostsNoMoreThanWithoutIt(seed: UInt64) throws {
        let records = Self.records(8, seed: seed)
        let text = Array((seed % 2 == 0 ? Self.document(records) : records.joined(separator: "\n")).utf8)
        let readers = try Self.windows.map { try Reading.Reader(window: $0, screen: Self.screen) }
        var random = SplitMix64(seed: seed)
        // The first two lines tell what kind of file it is.
        let start = seed % 2 == 0 ? 0 : records[0].utf8.count + records[1].utf8.count + 2
        for _ in 0..<40 {
            let damage = Damage(text.count, &random, from: start)
            let damaged = damage.apply(to: text)
            let all = try Reading(bytes: damaged)
            for (reader, window) in zip(readers, Self.windows) {
                let reading = try reader.read(damaged)
                let comment = "\(damage), window of \(window) bytes: \(reading.problems), not \(all.problems)"
                let isSuperset = Set(Self.kept(reading).map(\.record)).isSuperset(of: Self.kept(all).map(\.record))
                #expect(isSuperset, "\(comment)")
                #expect(reading.problems.count <= all.problems.count, "\(comment)")
            }
        }
    }

    private struct Kept: Equatable {
        var record: String
        var number: Int
    }

    /// What is left of a reading when records of other services are taken out one by one.
    private static func kept(_ reading: Reading) -> [Kept] {
        zip(zip(reading.records, reading.numbers), reading.sources).compactMap { record, source in
            let isOther = source.map { $0 != wanted && $0.hasSuffix(".amazonaws.com") } ?? false
            return isOther ? nil : Kept(record: record.0, number: record.1)
        }
    }

    private static func document(_ records: [String]) -> String {
        #"{"Records":[\#(records.joined(separator: ","))]}"#
    }

    private static func records(_ count: Int, seed: UInt64) -> [String] {
        var generator = GeneratedJSON(seed: seed)
        generator.whiteSpace = 0
        generator.depth = 3
        var random = SplitMix64(seed: seed)
        return (0..<count).map { number in
            let value = generator.record().compact
            let source = random.pick(sources)
            return random.once(in: 2)
                ? #"{"eventVersion":"1","n":\#(number),"r":\#(value),\#(source)}"#
                : #"{"eventVersion":"1","n":\#(number),\#(source),"r":\#(value)}"#
        }
    }
}
