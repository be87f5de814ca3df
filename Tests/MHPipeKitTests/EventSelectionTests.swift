import MHPipeKit
import Testing

/// What is asked for of time, and which keys that leaves.
@Suite struct EventSelectionTests {
    private static let now = Timestamp(rfc3339: "2026-06-10T12:00:00Z") ?? Timestamp(seconds: 0)

    static let bounds = [
        ("2026-05-31", "2026-05-31T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("2026-05", "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("2025-12", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
        ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ("2026-05-31T12:00:00Z", "2026-05-31T12:00:00Z", "2026-05-31T12:00:01Z"),
        ("2026-05-31T12:00:00+02:00", "2026-05-31T10:00:00Z", "2026-05-31T10:00:01Z"),
        ("2026-05-31T12:00:00.5Z", "2026-05-31T12:00:00.5Z", "2026-05-31T12:00:00.500000001Z"),
        ("7d", "2026-06-03T12:00:00Z", "2026-06-03T12:00:00.000000001Z"),
        ("90m", "2026-06-10T10:30:00Z", "2026-06-10T10:30:00.000000001Z"),
        ("2w", "2026-05-27T12:00:00Z", "2026-05-27T12:00:00.000000001Z"),
        ("0s", "2026-06-10T12:00:00Z", "2026-06-10T12:00:00.000000001Z"),
    ]

    @Test(arguments: bounds) func `a time bound stands for all that it names`(text: String, start: String, end: String)
        throws
    {
        let bound = try TimeBound(config: ConfigNode(.text(text)))
        #expect(bound.start(Self.now).description == start)
        #expect(bound.end(Self.now).description == end)
        #expect(bound.optionText == text)
    }

    /// Of files that hold events behind `until`, whoever asks for a later time would read some.
    @Test(arguments: [
        ("2026-05-31", "05/31", "111122223333", false), ("2026-05-31", "06/01", "111122223333", true),
        ("2026-05-31", "07/31", "111122223333", true), ("2026-05-31T12:00:00Z", "05/31", "111122223333", true),
        ("2026-05-31", "06/01", "444455556666", false),
    ]) func `a key tells whether there may be something behind the end`(
        until: String,
        day: String,
        account: String,
        mayHold: Bool
    ) throws {
        let end = try TimeBound(config: ConfigNode(.text(until))).end(Self.now)
        let selection = EventSelection(accounts: ["111122223333"], until: end, late: .seconds(86_400 * 30))
        let name = "AWSLogs/\(account)/CloudTrail/us-east-1/2026/\(day)/x.json.gz"
        let key = try #require(CloudTrailKey(file: Array(name.utf8)))
        #expect(selection.mayHoldLater(key) == mayHold)
        #expect(!EventSelection(accounts: ["111122223333"]).mayHoldLater(key))
    }

    static let mistakes = [
        ("2026-02-30", "names a day that does not exist: '2026-02-30'", nil),
        ("2026-13", "names a month that does not exist: '2026-13'", nil),
        ("2026-00-01", "names a day that does not exist: '2026-00-01'", nil),
        ("2026-02-30T00:00:00Z", "names a day that does not exist: '2026-02-30'", nil),
        ("2026-02-01T25:00:00Z", nil, nil), ("2026-5", nil, "did you mean '2026-05'?"), ("26-05-01", nil, nil),
        ("yesterday", nil, "'1d' begins 24 hours ago"), ("2026-4-3", nil, "did you mean '2026-04-03'?"),
        ("7D", nil, "did you mean '7d'?"), ("7 days", nil, "did you mean '7d'?"),
        ("2026-04-03T09:00+02:00", nil, "a time needs seconds: '2026-04-03T09:00:00+02:00'"),
        ("", nil, nil),
        ("7", nil, nil), ("-7d", nil, nil), ("7.5d", nil, nil), ("7y", nil, nil), ("01/05/2026", nil, nil),
        ("2026-05-31T12:00:00", nil, "a time needs seconds and a zone: '2026-05-31T12:00:00Z' is one in UTC"),
        ("2026-05-31 12:00", nil, "a time needs seconds and a zone: '2026-05-31 12:00:00Z' is one in UTC"),
    ]

    @Test(arguments: mistakes) func `what is no time is refused`(text: String, message: String?, label: String?) {
        let error = #expect(throws: OptionError.self) { try TimeBound(config: ConfigNode(.text(text))) }
        let usual =
            "needs a day, a month, a time or an age (2026-05-31, 2026-05, 2026-05-31T12:00:00Z or 7d), not '\(text)'"
        #expect(error?.message == message ?? usual)
        #expect(error?.label == label)
    }

    static let accounts = [
        ("11112222333", ", which has 11", "a digit is missing; if it is a zero in front, write '011112222333'"),
        ("1111222233334", ", which has 13", nil), ("", "", nil), ("prod", "", nil),
        ("1111-2222-3333", "", "did you mean '111122223333'?"),
        ("arn:aws:iam::111122223333:root", "", "did you mean '111122223333'?"),
    ]

    @Test(arguments: accounts) func `an account has twelve digits`(text: String, more: String, label: String?) {
        let error = #expect(throws: OptionError.self) { try AccountID(config: ConfigNode(.text(text))) }
        #expect(error?.message == "needs an account id of 12 digits, not '\(text)'\(more)")
        #expect(error?.label == label)
    }

    /// May 2026 in one account and region, with two days of slack.
    private static let selection = EventSelection(
        accounts: ["111122223333"],
        regions: ["us-east-1"],
        since: Timestamp(year: 2026, month: 5, day: 1),
        until: Timestamp(year: 2026, month: 6, day: 1),
        late: .seconds(2 * 86_400)
    )

    static let keys: [(String, EventSelection.Field?)] = [
        ("111122223333/CloudTrail/us-east-1/2026/05/01", nil),
        ("111122223333/CloudTrail/us-east-1/2026/04/30", .time),
        ("111122223333/CloudTrail/us-east-1/2026/06/02", nil),
        ("111122223333/CloudTrail/us-east-1/2026/06/03", .time),
        ("111122223333/CloudTrail/us-east-1/2026/06", nil),
        ("111122223333/CloudTrail/us-east-1/2026/07", .time),
        ("111122223333/CloudTrail/us-east-1/2026", nil),
        ("111122223333/CloudTrail/us-east-1/2025", .time),
        ("111122223333/CloudTrail/us-east-1", nil),
        ("111122223333/CloudTrail/us-east-2", .region),
        ("444455556666/CloudTrail", .account),
        ("prod/CloudTrail/us-east-1/2026/05/01", nil),
    ]

    @Test(arguments: keys) func `keys exclude what cannot hold such events`(path: String, field: EventSelection.Field?)
        throws
    {
        let key = try #require(CloudTrailKey(folder: Array("AWSLogs/\(path)".utf8)))
        #expect(Self.selection.excluding(key) == field)
    }

    @Test func `a file's minute counts whole`() throws {
        func key(_ time: String) throws -> CloudTrailKey {
            try #require(CloudTrailKey(file: Array("111122223333_CloudTrail_us-east-1_\(time)_x.json.gz".utf8)))
        }
        // Delivered within the minute, a file may hold an event of that minute.
        let selection = EventSelection(since: Timestamp(rfc3339: "2026-05-01T00:05:30Z"))
        #expect(try selection.excluding(key("20260501T0005Z")) == nil)
        #expect(try selection.excluding(key("20260501T0004Z")) == .time)
        #expect(try Self.selection.excluding(key("20260602T2359Z")) == nil)
        #expect(try Self.selection.excluding(key("20260603T0000Z")) == .time)
    }

    @Test func `options give a selection, or say why there is none`() throws {
        var context = PluginContext(stage: "logs")
        context.started = Self.now
        var options = SelectionOptions()
        #expect(try options.selection(context) == nil)
        options.since = try TimeBound(config: ConfigNode(.text("2026-05")))
        options.until = try TimeBound(config: ConfigNode(.text("2026-05")))
        let may = try #require(try options.selection(context))
        #expect(may.since == Timestamp(year: 2026, month: 5, day: 1))
        #expect(may.until == Timestamp(year: 2026, month: 6, day: 1))
        options.until = try TimeBound(config: ConfigNode(.text("2026-04-30")))
        #expect(throws: OptionError.self) { try options.selection(context) }
        // The check and the run know when they began.
        options.until = try TimeBound(config: ConfigNode(.text("60d")))
        #expect(throws: OptionError.self) { try options.selection(context) }
        options.until = try TimeBound(config: ConfigNode(.text("7d")))
        #expect(try options.selection(context) != nil)
        options.accounts = []
        #expect(throws: OptionError.self) { try options.selection(context) }
    }
}
