import MHPipeKit
import Testing

/// The containers in which CloudTrail records come.
@Suite struct ContainerTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var text: String
        var records: [String]
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ records: [String]) {
            self.name = name
            self.text = text
            self.records = records
        }
    }

    private static let one = #"{"eventVersion":"1.08","n":1}"#
    private static let two = #"{"eventVersion":"1.08","n":2}"#

    static let cases = [
        Case("a trail file", #"{"Records":[\#(one),\#(two)]}"#, [one, two]),
        Case("an empty trail file", #"{"Records":[]}"#, []),
        Case("an empty array", "[]", []),
        Case("Records behind other keys", #"{"a":{"b":[1]},"Records":[\#(one)],"c":"]"}"#, [one]),
        Case("Records twice", #"{"Records":[\#(one)],"x":null,"Records":[\#(two)]}"#, [one, two]),
        Case("an array", "[\(one), \(two)]", [one, two]),
        Case("one record", one, [one]),
        Case(
            "a record by its name and source",
            #"{"eventName":"A","eventSource":"b"}"#,
            [#"{"eventName":"A","eventSource":"b"}"#]
        ),
        Case("JSON lines", "\(one)\n\(two)\n", [one, two]),
        Case("JSON lines with blank lines and CRLF", "\r\n\(one)\r\n\r\n\(two)", [one, two]),
        Case("blank lines between JSON lines", "\(one)\n\n   \n\n\n\(two)\n\n \n\(one)\n", [one, two, one]),
        Case("a line that is an array", "[\(one),\(two)]\n\(one)\n", [one, two, one]),
        Case("a line that is a trail file", "{\"Records\":[\(one)]}\n{\"Records\":[\(two)]}\n", [one, two]),
        Case(
            "documents one behind the other",
            "{\"eventVersion\":\n\"1\"}\n{\"eventVersion\":\n\"2\"}",
            [#"{"eventVersion":"1"}"#, #"{"eventVersion":"2"}"#]
        ),
        Case(
            "pretty-printed",
            "{\n  \"Records\": [\n    {\n      \"eventVersion\": [ 1, 2 ]\n    }\n  ]\n}\n",
            [#"{"eventVersion":[1,2]}"#]
        ),
        Case(
            "an EventBridge envelope",
            #"{"detail-type":"AWS API Call via CloudTrail","source":"aws.mgh","detail":\#(one)}"#,
            [one]
        ),
        Case(
            "lookup-events",
            #"{"Events":[{"EventId":"x","CloudTrailEvent":"{\"eventVersion\":\"1.08\",\"n\":1}"}],"NextToken":"t"}"#,
            [one]
        ),
        Case(
            "a lookup event on a line",
            #"{"EventId":"x","CloudTrailEvent":"{\"eventVersion\": \"\\u00e9\"}"}"#,
            [#"{"eventVersion":"\u00e9"}"#]
        ),
        Case(
            "CloudWatch Logs",
            #"{"messageType":"DATA_MESSAGE","logEvents":[{"id":"1","message":"{\"eventVersion\":\"1.08\",\"n\":1}"}]}"#,
            [one]
        ),
        Case("filter-log-events", #"{"events":[{"message":"{\"eventVersion\":\"1.08\",\"n\":2}"}]}"#, [two]),
        Case("a byte order mark", "\u{FEFF}\(one)", [one]),
        Case("escapes in a container's key", #"{"R\u0065cords":[\#(one)]}"#, [one]),
        Case("events in Events", #"{"Events":[\#(one)]}"#, [one]),
        Case("a trail file in a trail file", #"{"Records":[\#(one),{"x":1,"Records":[\#(two)]}]}"#, [one, two]),
        Case("records in lower case", #"{"records":[\#(one),\#(two)]}"#, [one, two]),
        Case("Records twice, no array at last", #"{"x":1,"Records":[\#(one)],"Records":null}"#, [one]),
        Case("Records before a version", #"{"x":1,"Records":[\#(one)],"eventVersion":"1"}"#, [one]),
        Case(
            "Records behind a version",
            #"{"eventVersion":"1","Records":[1]}"#,
            [#"{"eventVersion":"1","Records":[1]}"#]
        ),
        Case("an array of trail files", #"[{"Records":[\#(one)]},{"Records":[\#(two)]}]"#, [one, two]),
    ]

    @Test(arguments: cases)
    func everyContainerIsRead(_ case: Case) throws {
        let reading = try Reading(`case`.text)
        #expect(reading.records == `case`.records)
        #expect(reading.problems == [])
        #expect(reading.numbers == Array(`case`.records.indices))
    }

    @Test(arguments: cases)
    func windowsOfAnySizeGiveTheSame(_ case: Case) throws {
        let whole = try Reading(`case`.text)
        for window in [16, 17, 19, 23, 61] {
            #expect(try Reading(`case`.text, window: window) == whole, "window of \(window) bytes")
        }
    }

    @Test func aBadEmbeddedRecordCostsOnlyItself() throws {
        let texts = [Self.one, #"{"eventVersion":"1"#, Self.two, "nope", Self.one]
        let events = texts.map { text in
            var escaped: [UInt8] = []
            JSONText.escape(text.utf8, into: &escaped)
            return #"{"CloudTrailEvent":""# + String(decoding: escaped, as: UTF8.self) + #""}"#
        }
        let reading = try Reading("{\"Events\":[\(events.joined(separator: ","))]}")
        #expect(reading.records == [Self.one, Self.two, Self.one])
        #expect(reading.numbers == [0, 2, 4])
        #expect(reading.lost == [#"{"eventVersion":"1"#, "nope"])
    }
}
