import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite("time_bucket") struct TimeBucketTransformTests {
    @Test(arguments: [
        ("1h", "2026-01-31T23:59:59Z", "2026-01-31T23:00:00Z"), ("1h", "2026-01-31T23:00:00Z", "2026-01-31T23:00:00Z"),
        ("5m", "2026-01-31T23:59:59Z", "2026-01-31T23:55:00Z"), ("1d", "2026-01-31T23:59:59Z", "2026-01-31T00:00:00Z"),
        ("6h", "2026-01-31T05:59:59.999Z", "2026-01-31T00:00:00Z"),
        ("10s", "2026-01-31T05:59:59Z", "2026-01-31T05:59:50Z"),
        ("1d", "2026-01-31T23:30:00-05:00", "2026-02-01T00:00:00Z"),
        ("1h", "2026-01-31 23:59:59Z", "2026-01-31T23:00:00Z"),
        ("7d", "2026-01-31T00:00:00Z", "2026-01-26T00:00:00Z"), ("7d", "2026-01-26T00:00:00Z", "2026-01-26T00:00:00Z"),
        ("2d", "1970-01-02T00:00:00Z", "1970-01-01T00:00:00Z"), ("1h", "1969-12-31T23:59:59Z", "1969-12-31T23:00:00Z"),
        ("1d", "1969-12-31T23:59:59Z", "1969-12-31T00:00:00Z"), ("7d", "1969-12-29T00:00:00Z", "1969-12-29T00:00:00Z"),
        ("1h30m", "2026-01-31T23:59:59Z", "2026-01-31T22:30:00Z"),
        ("1d", #"2026\u002d01-31T23:59:59Z"#, "2026-01-31T00:00:00Z"),
    ])
    func theBeginning(_ every: String, _ time: String, _ expected: String) throws {
        let run = try TransformRun(TimeBucketTransform.self, ["every": .text(every)])
        #expect(try run.added(to: #"{"eventTime":"\#(time)"}"#, column: "bucket") == "\"\(expected)\"")
    }

    @Test(arguments: [
        #"{}"#, #"{"eventTime":null}"#, #"{"eventTime":"yesterday"}"#, #"{"eventTime":5}"#, #"{"eventTime":""}"#,
    ])
    func noTime(_ record: String) throws {
        let run = try TransformRun(TimeBucketTransform.self, ["every": .text("1h")])
        #expect(try run.lines([record]) == [record])
    }

    @Test func anotherFieldAndName() throws {
        let run = try TransformRun(
            TimeBucketTransform.self,
            ["every": .text("1h"), "field": .text("a.t"), "as": .text("hour")]
        )
        #expect(
            try run.lines([#"{"a":{"t":"2026-01-31T23:59:59Z"}}"#, #"{"a":{"t":"2026-01-31T23:01:00Z"}}"#]) == [
                #"{"a":{"t":"2026-01-31T23:59:59Z"},"hour":"2026-01-31T23:00:00Z"}"#,
                #"{"a":{"t":"2026-01-31T23:01:00Z"},"hour":"2026-01-31T23:00:00Z"}"#,
            ]
        )
    }

    @Test(arguments: ["", "h", "0s", "-1h", "7h", "90m30s", "1.5s", "36h", "1w", "hour"])
    func lengthsThatCannotBe(_ text: String) {
        #expect(throws: OptionError.self) { try TransformRun(TimeBucketTransform.self, ["every": .text(text)]) }
    }
}
