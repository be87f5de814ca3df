import Foundation
import MHPipeKit
import MHPipeTestSupport
import MHPipeTesting
import Testing

@testable import MHPipeBuiltins

@Suite("transform sort", .timeLimit(.minutes(30))) struct SortTransformTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        /// The values of the field, in the order in which they shall be.
        let values: [String]

        init(_ description: String, _ values: [String]) { (testDescription, self.values) = (description, values) }
    }

    static let cases = [
        Case("times", [#""2026-01-01T00:00:00Z""#, #""2026-01-01T00:00:01Z""#, #""2026-10-01T00:00:00Z""#]),
        Case(
            "times as moments",
            [
                #""0001-01-01T00:00:00Z""#, #""1969-12-31T23:59:59.999999999Z""#, #""1970-01-01T00:00:00Z""#,
                #""2026-01-01T01:00:00+02:00""#, #""2026-01-01T00:00:00.1Z""#, #""2026-01-01T00:00:00.25Z""#,
                #""2025-12-31T23:00:01-01:00""#, #""9999-12-31T23:59:59Z""#,
            ]
        ),
        Case(
            "numbers by their exact value",
            ["-1e400", "-12.5", "-12", "-1", "-0.5", "0", "1e-400", "0.5", "2", "10", "1e2"]
        ),
        Case(
            "large numbers",
            ["-9007199254740993", "-9007199254740992", "9007199254740992", "9007199254740993", "1e19"]
        ),
        Case(
            "texts by their bytes",
            [#""""#, #""\u0000""#, #""\u0000a""#, #""A""#, #""AB""#, #""a""#, #""é""#, #""😀""#]
        ),
        Case(
            "values of several types",
            [
                "false", "true", "1", #""2026-01-01T00:00:00Z""#, #""1""#, #""yesterday at 0000""#, "[1, 2]",
                #"{"a":1}"#, "null",
            ]
        ),
    ]

    @Test(arguments: [1, 3, 10, 11]) func onlySoManyGoOn(limit: Int) throws {
        let records = (0..<10).reversed().map { #"{"v":\#($0)}"# }
        let expected = records.reversed().prefix(limit)
        let lines = try PluginTrial.lines(SortTransform.self, "by: [v]\nlimit: \(limit)", records: records)
        #expect(lines == Array(expected))
    }

    @Test func aLimitIsNotBelowOne() {
        #expect(throws: (any Error).self) { try PluginTrial.lines(SortTransform.self, "limit: 0", records: []) }
    }

    @Test(arguments: cases) func valuesComeInTheirOrder(_ example: Case) throws {
        let records = example.values.enumerated().map { number, value in #"{"v":\#(value),"n":\#(number)}"# }
        let expected = EventBatch(records: records).map(\.enrichedJSON)
        var random = SplitMix64(seed: 11)
        for _ in 0..<5 {
            let shuffled = records.shuffled(using: &random)
            #expect(try PluginTrial.lines(SortTransform.self, "by: [v]", records: shuffled) == expected)
            // What is missing or null comes last in either order.
            let falling = expected.filter { !$0.contains("null") }.reversed() + expected.filter { $0.contains("null") }
            let lines = try PluginTrial.lines(SortTransform.self, "by: [v]\ndescending: true", records: shuffled)
            #expect(lines == Array(falling))
        }
    }

    @Test func equalOnesKeepTheirOrder() throws {
        let records = (0..<200).map { #"{"eventTime":"2026-01-01T00:00:0\#($0 % 3)Z","n":\#($0)}"# }
        for options in ["by: [eventTime]", "by: [eventTime]\ndescending: true"] {
            let lines = try PluginTrial.lines(SortTransform.self, options, records: records)
            let groups = Dictionary(grouping: lines) { $0.prefix(35) }
            #expect(groups.count == 3)
            for (_, group) in groups { #expect(group == records.filter { $0.hasPrefix(group[0].prefix(35)) }) }
        }
        let missing = [#"{"n":1}"#, #"{"eventID":"b"}"#, #"{"n":2,"eventTime":null}"#, #"{"eventID":"a"}"#]
        let lines = try PluginTrial.lines(SortTransform.self, records: missing)
        #expect(lines == [missing[3], missing[1], missing[0], missing[2]])
    }

    @Test func fieldsDoNotRunIntoEachOther() throws {
        let records = [#"{"a":"x","b":"z"}"#, #"{"a":"x\u0000","b":"a"}"#, #"{"a":"xa","b":""}"#, #"{"b":"a"}"#]
        #expect(try PluginTrial.lines(SortTransform.self, "by: [a, b]", records: records.reversed()) == records)
    }

    /// Ten times what fits in memory comes out as sort(1) has it.
    @Test func isSortOnTenTimesTheMemory() throws {
        var random = SplitMix64(seed: 23)
        let filler = String(repeating: "x", count: 600)
        var size = 0
        var keys: [(time: String, id: String)] = []
        while size < 10 * 256 << 10 {
            let time = Timestamp(seconds: 1_780_000_000 + Int64(random.below(2000))).description
            keys.append((time, String(format: "%04x", random.below(1 << 16))))
            size += 700
        }
        let lines = keys.enumerated().map { number, key in
            #"{"eventTime":"\#(key.time)","eventID":"\#(key.id)","n":\#(number),"filler":"\#(filler)"}"#
        }
        let folder = try TemporaryDirectory()
        let text = zip(keys, lines).map { "\($0.time)\t\($0.id)\t\($1)\n" }.joined()
        let path = try folder.write(text, to: "in.tsv")
        let env = try #require(ExternalProgram("env"))
        let sorted = try env.run(["LC_ALL=C", "sort", "-s", "-t", "\t", "-k", "1,1", "-k", "2,2", path])
        let expected = String(decoding: sorted.output, as: UTF8.self).split(separator: "\n").map {
            String($0.split(separator: "\t")[2])
        }
        let spill = folder.path("spill")
        try FileManager.default.createDirectory(atPath: spill, withIntermediateDirectories: true)
        let options = "memory: 256KiB\ntemp_folder: \"\(spill)\""
        let ours = try PluginTrial.lines(SortTransform.self, options, records: lines)
        #expect(ours == expected)
        #expect(try FileManager.default.contentsOfDirectory(atPath: spill).isEmpty)
    }

    /// What was added goes with the events, also over the disk.
    @Test func whatWasAddedStays() throws {
        var sort = ExternalSort(SpillSettings(memory: ByteSize(bytes: SpillSettings.leastMemory)))
        let codec = EventCodec()
        let records = (0..<2000).map { #"{"n":\#($0),"who":1,"filler":"\#(String(repeating: "y", count: 100))"}"# }
        let batch = EventBatch(records: records)
        let (who, flag) = (batch.addColumn("who", members: ["a", "b"]), batch.addColumn("flag"))
        for event in batch {
            who.set(.string("\(event.number) \"quoted\""), row: event.row, member: event.number % 2)
            if event.number % 3 == 0 { flag.set(.json("[1, {}]"), row: event.row) }
        }
        let content = OutputBuffer()
        for event in batch {
            content.removeAll()
            codec.append(batch, row: event.row, to: content)
            let key = Array(String(format: "%08d", 100_000 - event.number).utf8)
            try unsafe key.withUnsafeBufferPointer { try unsafe sort.append(key: $0, content.bytes) }
        }
        #expect(sort.runCount > 2)
        let builder = BatchBuilder()
        try sort.finish { try unsafe codec.decode($0.content, into: builder) }
        let sorted = builder.build()
        #expect(sorted.map(\.enrichedJSON) == batch.map(\.enrichedJSON).reversed())
        #expect(sorted.map(\.number) == batch.map(\.number).reversed())
        #expect(sorted.allSatisfy { $0.origin == batch.origin })
    }

    @Test func mistakesInOptionsAreNamed() {
        for (options, message) in [
            ("by: []", "needs at least one field"), ("memory: 1B", "needs 64KiB or more, not 1"),
            ("temp_folder: /no/such", "'/no/such' cannot be written: No such file or directory"),
        ] {
            let error = #expect(throws: (any Error).self) {
                try PluginTrial.lines(SortTransform.self, options, records: [])
            }
            #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
        }
    }
}
