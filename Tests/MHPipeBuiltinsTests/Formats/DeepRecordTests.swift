import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// Records that nest as deep as is read: what puts something around their parts ends no run, and takes no longer by depth.
@Suite("records that nest deep") struct DeepRecordTests {
    private static let time = #""eventTime":"2026-01-31T23:59:59Z""#

    /// A record whose field `name` holds objects in each other, so that the record has `depth` levels.
    private static func record(_ name: String, depth: Int) -> String {
        let opening = String(repeating: #"{"k":"#, count: depth - 1)
        return #"{\#(time),"\#(name)":\#(opening)1\#(String(repeating: "}", count: depth - 1))}"#
    }

    /// Runs a transform over three records of which the second nests as deep as one may.
    private static func outcome<T: Transform>(
        _ type: T.Type,
        _ options: KeyValuePairs<String, ConfigNode.Content> = [:],
        field: String = "x"
    ) throws -> (kept: [Int], rejections: [EventRejection]) {
        let plain = #"{\#(time),"eventName":"GetX"}"#
        let deep = record(field, depth: RecordScanner.maximumDepth)
        let batch = try TransformRun(type, options).batch([plain, deep, plain])
        #expect(batch.rowCount == 3)
        let rejections = batch.takeRejections()
        #expect(rejections.allSatisfy { $0.bytes == Array(deep.utf8) })
        return (batch.map(\.number), rejections)
    }

    @Test func areRejectedWhereTheyWouldNestTooDeep() throws {
        let outcomes = [
            try Self.outcome(OCSFTransform.self),
            try Self.outcome(ECSTransform.self, ["unmapped": .text("true")]),
            // Nothing else holds what it says.
            try Self.outcome(ECSTransform.self, field: "insightDetails"),
        ]
        for outcome in outcomes {
            #expect(outcome.kept == [0, 2])
            #expect(outcome.rejections.map(\.number) == [1])
            #expect(outcome.rejections.map(\.reason) == ["nests more than 1000 levels deep when it is written anew"])
        }
    }

    /// The text has all that the tree would, so an event is worth more without the tree than no event.
    @Test(arguments: ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"])
    func areKeptWithoutATreeThatStandsInATextToo(_ field: String) throws {
        #expect(try Self.outcome(ECSTransform.self, field: field).kept == [0, 1, 2])
        let (key, most) = (try #require(Self.keys[field]), RecordScanner.maximumDepth)
        for (depth, isThere) in [(most, false), (most - 2, false), (most - 3, true)] {
            let line = try #require(TransformRun(ECSTransform.self).lines([Self.record(field, depth: depth)]).first)
            let opening = String(repeating: "{k=", count: depth - 1)
            #expect(line.contains(#""\#(key)":"\#(opening)1\#(String(repeating: "}", count: depth - 1))""#))
            #expect(line.contains(#""flattened":{"\#(key)":{"k":"#) == isThere, "\(depth)")
            #expect(StrictJSON.object(Array(line.utf8)) != nil, "\(depth)")
        }
        // What says nothing is not written, however deep it nests.
        let (opening, closing) = (String(repeating: "[", count: most - 2), String(repeating: "]", count: most - 2))
        let record = #"{\#(Self.time),"\#(field)":{"a":"b","c":\#(opening)null\#(closing)}}"#
        let line = try #require(TransformRun(ECSTransform.self).lines([record]).first)
        #expect(line.contains(#""flattened":{"\#(key)":{"a":"b"}}"#), "\(line.suffix(100))")
    }

    private static let keys = [
        "requestParameters": "request_parameters", "responseElements": "response_elements",
        "additionalEventData": "additional_eventdata", "serviceEventDetails": "service_event_details",
    ]

    @Test func passWhereTheyDoNot() throws {
        #expect(try Self.outcome(ECSTransform.self).kept == [0, 1, 2])
        let depth = RecordScanner.maximumDepth - 1
        let lines = try TransformRun(OCSFTransform.self).lines([Self.record("x", depth: depth)])
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { $0.contains(String(repeating: #"{"k":"#, count: depth - 1) + "1") })
    }

    /// What is walked again for each level would take many minutes here.
    @Test(.timeLimit(.minutes(30)), arguments: ["requestParameters", "insightDetails", "resources", "x"])
    func takeNoLongerByDepth(_ field: String) throws {
        let run = try TransformRun(ECSTransform.self, ["unmapped": .text("true")])
        for _ in 0..<100 {
            let lines = try run.lines([Self.record(field, depth: 900)])
            #expect(lines.count == 1)
        }
    }

    @Test(.timeLimit(.minutes(30))) func takeNoLongerByTheNumberOfResources() throws {
        let count = 100_000
        let resources = (0..<count).map { #"{"ARN":"arn:aws:s3:::\#($0)","type":"AWS::S3::Object"}"# }
        let list = (resources + resources.prefix(2)).joined(separator: ",")
        let batch = try TransformRun(ECSTransform.self).batch([#"{\#(Self.time),"resources":[\#(list)]}"#])
        let event = try #require(batch.map { $0 }.first)
        #expect(event[try FieldPath(parsing: "aws.cloudtrail.resources")]?.elements.count == count)
    }
}
