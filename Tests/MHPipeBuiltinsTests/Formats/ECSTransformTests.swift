import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// The fields of an event that Elastic's integration has.
///
/// `Tests/Formats` holds it to the list of all fields.
@Suite("ecs") struct ECSTransformTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let fields: String
        let path: String
        let expected: String?

        init(_ name: String, _ fields: String, _ path: String, _ expected: String?) {
            (testDescription, self.fields, self.path, self.expected) = (name, fields, path, expected)
        }
    }

    @Test(arguments: [
        Case("time", #""x":1"#, "@timestamp", "2026-01-31T23:59:59.000Z"),
        Case("kind of most", #""eventName":"GetObject""#, "event.type", #"["info"]"#),
        Case("kind of a user's creation", #""eventName":"CreateUser""#, "event.type", #"["user","creation"]"#),
        Case("category", #""eventName":"DeleteBucket""#, "event.category", #"["file"]"#),
        Case("success", #""eventName":"GetX""#, "event.outcome", "success"),
        Case("failure", #""errorMessage":"no""#, "event.outcome", "failure"),
        Case("an empty error is none", #""errorCode":"","errorMessage":null"#, "event.outcome", "success"),
        Case(
            "a sign-in that fails",
            #""eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"}"#,
            "event.outcome",
            "failure"
        ),
        Case("an address", #""sourceIPAddress":"192.0.2.1""#, "source.ip", "192.0.2.1"),
        Case("a service has none", #""sourceIPAddress":"ec2.amazonaws.com""#, "source.ip", nil),
        Case(
            "the user's name",
            #""userIdentity":{"userName":"u","sessionContext":{"sessionIssuer":{"userName":"r"}}}"#,
            "user.name",
            "u"
        ),
        Case(
            "the role's name",
            #""userIdentity":{"sessionContext":{"sessionIssuer":{"userName":"r"}}}"#,
            "user.name",
            "r"
        ),
        Case(
            "those who are in it",
            #""userIdentity":{"userName":"a"},"requestParameters":{"userName":"b","newUserName":"a"}"#,
            "related.user",
            #"["a","b"]"#
        ),
        Case("whom it is about", #""requestParameters":{"userName":"b"}"#, "user.target.name", "b"),
        Case("TLS", #""tlsDetails":{"tlsVersion":"TLSv1.3"}"#, "tls.version", "1.3"),
        Case("a flag", #""readOnly":"true""#, "aws.cloudtrail.read_only", "true"),
        Case("what is no keyword", #""requestID":{"a":1}"#, "aws.cloudtrail.request_id", nil),
        Case(
            "the session's beginning",
            #""userIdentity":{"sessionContext":{"attributes":{"creationDate":"2026-01-31T01:02:03Z"}}}"#,
            "aws.cloudtrail.user_identity.session_context.creation_date",
            "2026-01-31T01:02:03.000Z"
        ),
        Case(
            "no time of another form",
            #""userIdentity":{"sessionContext":{"attributes":{"creationDate":"20131102T010628Z"}}}"#,
            "aws.cloudtrail.user_identity.session_context.creation_date",
            nil
        ),
        Case(
            "resources once",
            #""resources":[{"ARN":"a","type":"t"},{"type":"t","ARN":"a"},{"accountId":"1"}]"#,
            "aws.cloudtrail.resources",
            #"[{"arn":"a","type":"t"},{"account_id":"1"}]"#
        ),
        Case(
            "a console's answers",
            #""eventName":"ConsoleLogin","additionalEventData":{"MFAUsed":"Yes","MobileVersion":"No"}"#,
            "aws.cloudtrail.console_login.additional_eventdata",
            #"{"mobile_version":false,"mfa_used":true}"#
        ),
        Case(
            "no blanks in trees",
            #""requestParameters":{"a":"","b":null,"c":{"d":[]},"e":[null,{"f":1}],"g":"x"}"#,
            "aws.cloudtrail.flattened.request_parameters",
            #"{"e":[{"f":1}],"g":"x"}"#
        ),
        Case("no tree of blanks", #""responseElements":{"a":{}}"#, "aws.cloudtrail", nil),
        Case("no tree that is a text", #""responseElements":"x""#, "aws.cloudtrail", nil),
    ])
    func hasItsFields(_ example: Case) throws {
        let record = #"{"eventTime":"2026-01-31T23:59:59Z",\#(example.fields)}"#
        let event = try #require(TransformRun(ECSTransform.self).batch([record]).map { $0 }.first)
        let found = event[try FieldPath(parsing: example.path)]
        #expect(found?.string ?? found?.json == example.expected, "\(event.enrichedJSON)")
    }

    @Test(arguments: [
        (#"{"userName":"Bob"}"#, "{userName=Bob}"),
        (#"{"MobileVersion":"No","LoginTo":"x","MFAUsed":"No"}"#, "{LoginTo=x, MobileVersion=No, MFAUsed=No}"),
        (#"{"a":[1,true,"x \"y\""],"b":null,"c":""}"#, #"{a=[1, true, x "y"]}"#),
        // Keys whose places in the table differ with its size, as many as make it grow to 64 places.
        (
            "{" + (0..<30).map { "\"key\($0)\":\($0)" }.joined(separator: ",") + "}",
            """
            {key1=1, key2=2, key0=0, key5=5, key6=6, key3=3, key4=4, key9=9, key7=7, key8=8, key22=22, key21=21, \
            key20=20, key15=15, key14=14, key13=13, key12=12, key19=19, key18=18, key17=17, key16=16, key11=11, \
            key10=10, key26=26, key25=25, key24=24, key23=23, key29=29, key28=28, key27=27}
            """
        ),
    ])
    func printsMapsAsJavaDoes(_ json: String, _ expected: String) throws {
        let record = #"{"eventTime":"2026-01-31T23:59:59Z","requestParameters":\#(json)}"#
        let event = try #require(TransformRun(ECSTransform.self).batch([record]).map { $0 }.first)
        #expect(event[try FieldPath(parsing: "aws.cloudtrail.request_parameters")]?.string == expected)
    }

    @Test(arguments: [(32_761, true), (32_762, false)])
    func leavesLongTreesToTheText(_ count: Int, _ isThere: Bool) throws {
        let text = String(repeating: "é", count: count)
        let record = #"{"eventTime":"2026-01-31T23:59:59Z","requestParameters":{"a":"\#(text)"}}"#
        let event = try #require(TransformRun(ECSTransform.self).batch([record]).map { $0 }.first)
        #expect(event[try FieldPath(parsing: "aws.cloudtrail.request_parameters")] != nil)
        #expect((event[try FieldPath(parsing: "aws.cloudtrail.flattened.request_parameters")] != nil) == isThere)
    }

    @Test func saysWhatItLeavesOut() throws {
        let records = [
            #"{"eventTime":"2026-01-31T23:59:59Z","eventName":"a","addendum":{"reason":"r"}}"#,
            #"{"eventTime":"2026-01-31T23:59:59Z","eventName":"b","addendum":{}}"#,
        ]
        let run = try TransformRun(ECSTransform.self)
        #expect(try run.lines(records).allSatisfy { !$0.contains("reason") })
        #expect(run.transform.tally == [1])
        #expect(
            run.transform.remarks([1]) == [
                "left out what has no place in the schema, of 1 event; 'unmapped: true' keeps it"
            ]
        )

        let keeping = try TransformRun(ECSTransform.self, ["unmapped": .text("true")])
        let lines = try keeping.lines(records)
        #expect(lines.first?.hasSuffix(#","mhpipe":{"addendum":{"reason":"r"}}}"#) == true)
        #expect(lines.last?.contains("mhpipe") == false)
        #expect(keeping.transform.tally == [0])
    }

    @Test func refusesEventsWithoutATime() throws {
        let batch = try TransformRun(ECSTransform.self).batch([#"{"eventName":"GetX"}"#])
        #expect(batch.isEmpty)
        #expect(batch.takeRejections().map(\.reason).first?.contains("@timestamp") == true)
    }
}
