import MHPipeKit
import Testing

@testable import MHPipePostgreSQL

/// Values that PostgreSQL refuses are made valid, or NULL, and never end a run.
@Suite struct BadValuesTests {
    private static let good = #"{"eventID":"good","eventTime":"2025-10-06T00:00:00Z"}"#

    @Test(
        arguments: [
            (#""eventTime":"yesterday""#, "event_time", nil, "1 value of 'eventTime' is no timestamp with time zone"),
            (#""eventTime":1759708800"#, "event_time", nil, "1 value of 'eventTime' is no timestamp with time zone"),
            (#""eventTime":"2025-02-29T00:00:00Z""#, "event_time", nil, "1 value of 'eventTime'"),
            (#""readOnly":"perhaps""#, "read_only", nil, "1 value of 'readOnly' is no boolean"),
            (
                #""migration":{"percent":"half"}"#, "migration_percent", nil,
                "1 value of 'migration.percent' is no double"
            ),
            (
                #""migration":{"percent":1e999}"#, "migration_percent", nil,
                "1 value of 'migration.percent' is no double"
            ),
            (#""userAgent":"a\u0000b""#, "user_agent", "a\u{FFFD}b", "1 value of 'userAgent' holds NUL"),
            (#""userAgent":"a\ud800b""#, "user_agent", "a\u{FFFD}b", ""),
            (
                #""requestParameters":{"k\u0000":"\u0000"}"#, "request_parameters", "{\"k\u{FFFD}\": \"\u{FFFD}\"}",
                "NUL"
            ),
            (
                #""requestParameters":["\ud83d","\ude00","\ud83d\ude00"]"#, "request_parameters",
                "[\"\u{FFFD}\", \"\u{FFFD}\", \"😀\"]", "surrogate"
            ),
            (
                #""requestParameters":{"n":1e99999}"#, "request_parameters", nil,
                "1 value of 'requestParameters' is no jsonb"
            ),
            (
                #""requestParameters":{"n":1e-99999}"#, "request_parameters", nil,
                "1 value of 'requestParameters' is no jsonb"
            ),
            (#""requestParameters":{"n":1e0009}"#, "request_parameters", "{\"n\": 1000000000}", ""),
            (#""requestParameters":"\\u0000""#, "request_parameters", #""\\u0000""#, ""),
        ] as [(String, String, String?, String)]
    )
    func areMadeValid(member: String, column: String, expected: String?, warning: String) throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name)
        try run.all([Self.good, #"{"eventID":"odd",\#(member)}"#, Self.good.replacing("good", with: "last")])
        #expect(try table.rows(column, "WHERE event_id = 'odd'") == [[expected]])
        #expect(try table.count() == 3)
        #expect(run.warnings.count == (warning.isEmpty ? 0 : 1), "\(run.warnings)")
        #expect(run.warnings.joined().contains(warning) || warning.isEmpty, "\(run.warnings)")
    }

    @Test func theServerTakesWhatIsJustAllowed() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let digits = String(repeating: "7", count: 5000)
        let values = [
            "1e9999", "-1E-9999", digits, "0.\(digits)e-9999", "\(digits)e+9999",
            String(repeating: "[", count: 900) + String(repeating: "]", count: 900), "\"\(digits)\"",
        ]
        let run = try SinkRun(server, table.name, record: true)
        try run.all(values.enumerated().map { #"{"eventID":"\#($0)","requestParameters":{"v":\#($1)}}"# })
        #expect(try table.rows("count(*)", "WHERE request_parameters IS NOT NULL AND record IS NOT NULL") == [["7"]])
        #expect(run.warnings.isEmpty, "\(run.warnings)")
    }

    @Test func anArrayOfMoreElementsThanTheServerHasRoomForIsRefused() {
        let text = [UInt8](repeating: UInt8(ascii: " "), count: JSONBText.mostBytes - 1) + Array("[]".utf8)
        #expect(text.withUnsafeBufferPointer { JSONBText(checking: $0) } == .refused)
    }

    @Test func anIDThatNoIndexHoldsIsNull() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        var random = SystemRandomNumberGenerator()
        let long = (0..<5000).map { _ in String(UInt8.random(in: 0...255, using: &random), radix: 36) }.joined()
        let run = try SinkRun(server, table.name)
        try run.all([#"{"eventID":"\#(long)","eventName":"A"}"#])
        #expect(try table.rows("event_id, event_name") == [[nil, "A"]])
        #expect(run.warnings == ["1 value of 'eventID' is too long, and NULL in the table"])
    }

    @Test(
        arguments: [
            "2025-10-06T12:34:56Z", "2000-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2024-02-29T23:59:60Z",
            "1970-01-01T00:00:00.123456Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
            "2025-10-06T12:34:56+05:30", "2025-10-06T12:34:56-11:00", "1900-02-28T12:00:00Z", "2100-03-01T00:00:00Z",
        ]
    )
    func aTimeIsWhatTheServerMakesOfIt(text: String) throws {
        guard let server = TestServer.shared else { return }
        let rows = try server.connect().run(
            "SELECT (extract(epoch FROM timestamptz '\(text)') * 1000000)::numeric(30) - 946684800000000"
        )
        #expect(rows == [[ServerTime.microseconds(text).map { "\($0)" }]])
    }

    @Test(
        arguments: [
            "", "2025-10-06", "2025-10-06T12:34:56", "2025-13-06T12:34:56Z", "2025-00-06T12:34:56Z",
            "2025-10-32T12:34:56Z",
            "2025-10-06T24:34:56Z", "2025-10-06T12:60:56Z", "2025-10-06T12:34:61Z", "2025-10-06T12:34:56.Z",
            "2025-10-06T12:34:56Z ", "0000-10-06T12:34:56Z", "2025-1-06T12:34:56Z", "2025-10-06T12:34:56+5",
            "1900-02-29T00:00:00Z",
        ]
    )
    func whatIsNoTimeIsNone(text: String) {
        #expect(ServerTime.microseconds(text) == nil)
    }
}
