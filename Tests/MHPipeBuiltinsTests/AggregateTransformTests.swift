import MHPipeKit
import MHPipeTestSupport
import MHPipeTesting
import Testing

@testable import MHPipeBuiltins

@Suite("transform aggregate", .timeLimit(.minutes(30))) struct AggregateTransformTests {
    private static let trail = [
        #"{"eventTime":"2026-05-02T00:00:00Z","eventName":"Get","u":{"arn":"b"},"ip":"2"}"#,
        #"{"eventTime":"2026-05-01T00:00:00Z","eventName":"Put","u":{"arn":"a"},"ip":"1"}"#,
        #"{"eventTime":"2026-05-03T02:00:00+02:00","eventName":"Get","u":{"arn":"a"},"ip":"1"}"#,
        #"{"eventTime":"2026-05-02T23:00:00Z","eventName":"List","u":{"arn":"a"}}"#,
        #"{"eventName":"Odd","u":{"arn":"a"},"ip":"3"}"#,
        #"{"eventTime":"2026-05-02T12:00:00Z","eventName":"Get","u":{"arn":null}}"#,
        #"{"eventTime":"2026-05-02T13:00:00Z","eventName":"\u0047et"}"#,
    ]

    private static let options = "by: [u.arn]\nfirst: [eventTime, ip]\nlast: [eventName]\ndistinct: [eventName, ip]"

    private static let groups = [
        #"{"u":{"arn":"a"},"count":4,"first":{"eventTime":"2026-05-01T00:00:00Z","ip":"1"},"last":{"eventName":"Get"},"distinct":{"eventName":4,"ip":2}}"#,
        #"{"u":{"arn":"b"},"count":1,"first":{"eventTime":"2026-05-02T00:00:00Z","ip":"2"},"last":{"eventName":"Get"},"distinct":{"eventName":1,"ip":1}}"#,
        #"{"count":2,"first":{"eventTime":"2026-05-02T12:00:00Z"},"last":{"eventName":"Get"},"distinct":{"eventName":1,"ip":0}}"#,
    ]

    /// Whatever the order of the input.
    @Test func oneEventForEachGroup() throws {
        var random = SplitMix64(seed: 2)
        var records = Self.trail
        for _ in 0..<10 {
            #expect(try PluginTrial.lines(AggregateTransform.self, Self.options, records: records) == Self.groups)
            records.shuffle(using: &random)
        }
    }

    /// With as little memory as there may be, groups are put together from parts on disk.
    @Test func countsAreRightWhateverTheMemory() throws {
        var random = SplitMix64(seed: 9)
        let records = (0..<12_000).map { number in
            #"{"g":\#(random.below(3000)),"v":\#(random.below(5)),"eventTime":"\#(Timestamp(seconds: 1_780_000_000 + Int64(random.below(1000))))","n":\#(number)}"#
        }
        let options = "by: [g]\nfirst: [n]\nlast: [n, eventTime]\ndistinct: [v]"
        let whole = try PluginTrial.lines(AggregateTransform.self, options, records: records)
        let parts = try PluginTrial.lines(AggregateTransform.self, options + "\nmemory: 64KiB", records: records)
        #expect(whole == parts)
        #expect(whole.count > 2900)
        let counts = try whole.map { line in
            try #require(Int(line.split(separator: #""count":"#)[1].prefix { $0.isNumber }))
        }
        #expect(counts.reduce(0, +) == records.count)
        let numbers = try whole.map { try #require(Int($0.dropFirst(5).prefix { $0.isNumber })) }
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    }

    /// A group with more different values than are counted says so, over the disk too.
    @Test(arguments: ["", "\nmemory: 64KiB"]) func valuesBeyondTheLimitAreNotCountedInSilence(memory: String) throws {
        let records = (0..<400).flatMap { number in
            [#"{"g":1,"v":\#(number % 7),"w":"\#(number % 3) \#(String(repeating: "-", count: 300))"}"#]
        }
        let lines = try PluginTrial.lines(
            AggregateTransform.self,
            "by: [g]\ndistinct: [v, w]\ndistinct_limit: 5" + memory,
            records: records
        )
        #expect(lines == [#"{"g":1,"count":400,"distinct":{"v":5,"w":3},"distinctOver":["v"]}"#])
    }

    /// A value goes into an object of its own, so it may not nest as deep as the record that it came from.
    @Test(arguments: [("first", 0), ("last", 0), ("first", 1), ("last", 1), ("distinct", 0)])
    func whatWouldNestTooDeepIsLeftOut(list: String, less: Int) throws {
        let depth = RecordScanner.maximumDepth - 1 - less
        let nested = String(repeating: "[", count: depth) + #""]\"[""# + String(repeating: "]", count: depth)
        let records = [#"{"g":1,"x":2}"#, #"{"g":1,"x":\#(nested)}"#]
        let lines = try PluginTrial.lines(AggregateTransform.self, "by: [g]\n\(list): [x]", records: records)
        let isLeftOut = list != "distinct" && less == 0
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix(isLeftOut ? #"{"g":1,"count":1,"# : #"{"g":1,"count":2,"#), "\(lines[0].prefix(60))")
    }

    @Test func mistakesInOptionsAreNamed() {
        for (options, message) in [
            ("by: []", "needs at least one field"), ("by: [count]", "'count' is what this transform adds"),
            ("by: [a]\ndistinct_limit: 0", "needs 1 or more"),
        ] {
            let error = #expect(throws: (any Error).self) {
                try PluginTrial.lines(AggregateTransform.self, options, records: [])
            }
            #expect(error.map { "\($0)" }?.contains(message) == true, "\(String(describing: error))")
        }
    }
}
