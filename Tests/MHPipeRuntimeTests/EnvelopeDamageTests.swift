import Foundation
import MHPipeKit
import MHPipePlan
import Testing

@testable import MHPipeRuntime

/// Envelopes that give nothing, or not all.
@Suite struct EnvelopeDamageTests {
    private static let one = #"{"eventVersion":"1.08","n":1}"#
    private static let foreign = "not CloudTrail: no 'Records', and no 'eventVersion' or 'eventName' with 'eventSource'"
    private static let names =
        "names objects in a bucket; read them with 'aws s3 cp s3://BUCKET/KEY - | mhpipe convert - OUTPUT'"

    /// Bodies without a record, and what is said of them.
    private static let bodies = [
        ("", "the text is empty"),
        (" \n", "nothing but white space"),
        ("hello", "a record must be a JSON object; the rest of the text is left out"),
        ("null", "a record must be a JSON object; the rest of the text is left out"),
        ("[]", "no records"),
        (#"{"Records":[]}"#, "no records"),
        (#"{"logEvents":[]}"#, "no records"),
        ("{}", foreign),
        (#"{"a":1}"#, foreign),
        (#"{"eventVersion":tru}"#, "a word that is no JSON value at byte 16"),
        (#"{"eventVersion":"1""#, "the document ends inside a record"),
        (#"{"eventVersion":"1"#, "the document ends inside a record"),
        (#"{"Records":["#, "the document ends before its last bracket"),
        (#"{"s3Bucket":"b","s3ObjectKey":["k"]}"#, "a notification of CloudTrail, which \(names)"),
        (
            #"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","s3":{}}]}"#,
            "an S3 event notification, which \(names)"
        ),
        (#"{"bucket":{"name":"b"},"object":{"key":"k"}}"#, "an S3 event, which \(names)"),
    ]

    @Test(arguments: Wrapping.allCases)
    func anEnvelopeThatGivesNothingCountsAsOne(_ wrapping: Wrapping) throws {
        let reader = try Reading.Reader()
        for (body, reason) in Self.bodies where !wrapping.takesAnObject || body.hasSuffix("}") {
            guard !wrapping.takesAnObject || !body.contains("tru}") else { continue }
            let text = "[\(Self.one),\(wrapping.document(body)),\(Self.one)]"
            let reading = try reader.read(Array(text.utf8))
            #expect(reading.records == [Self.one, Self.one], "\(body)")
            #expect(reading.numbers == [0, 2], "\(body)")
            #expect(reading.problems.count == 1, "\(body): \(reading.problems)")
            let problem = reading.problems.first ?? ""
            #expect(problem.hasPrefix("f: record 1 at byte "), "\(body): \(problem)")
            #expect(problem.hasSuffix(": in \(wrapping.body): \(reason)"), "\(body): \(problem)")
        }
    }

    @Test(arguments: Wrapping.allCases.filter { !$0.takesAnObject })
    func aBadRecordInABodyCostsOnlyItself(_ wrapping: Wrapping) throws {
        let body = "{\"Records\":[\(Self.one),{\"eventVersion\":tru},\(Self.one)]}"
        let reading = try Reading("\(wrapping.document(body))\n\(Self.one)")
        #expect(reading.records == [Self.one, Self.one, Self.one])
        #expect(reading.numbers == [0, 2, 3])
        #expect(reading.lost == [#"{"eventVersion":tru}"#])
    }

    @Test(arguments: [
        (#"{"eventSource":"aws:kinesis","kinesis":{"data":"@@@"}}"#, "the data of a Kinesis record is not Base64"),
        (#"{"awslogs":{"data":"A"}}"#, "the data of a log subscription is not Base64"),
        (#"{"awslogs":{"data":"H4sI"}}"#, "in the data of a log subscription: gzip data is cut short"),
        (#"{"awslogs":{"data":"/w=="}}"#, "in the data of a log subscription: a record must be a JSON object"),
        (#"{"eventSource":"aws:sqs"}"#, "an SQS message without a text in 'body'"),
        (#"{"eventSource":"aws:sqs","body":{}}"#, "an SQS message without a text in 'body'"),
        (#"{"EventSource":"aws:sns","Sns":{"Message":1}}"#, "an SNS notification without a text in 'Sns.Message'"),
        (#"{"eventSource":"aws:kinesis"}"#, "a Kinesis record without a text in 'kinesis.data'"),
        (
            #"{"eventSource":"aws:dynamodb","eventName":"INSERT","eventVersion":"1.1","dynamodb":{}}"#,
            "a change in a DynamoDB table, not a CloudTrail record"
        ),
        (#"{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{}}"#, "an S3 event notification, which names"),
        (#"{"eventSource":"aws:ses","eventVersion":"1.0","ses":{}}"#, "an event of 'aws:ses', not a CloudTrail record"),
        (#"{"EventSource":"aws:x","eventVersion":"1.0"}"#, "an event of 'aws:x', not a CloudTrail record"),
        (#"{"foo":1}"#, "not CloudTrail: no 'Records', and no"),
        (#"{"Records":null}"#, "'Records' is no array"),
        (#"{"messageType":"DATA_MESSAGE","logEvents":1}"#, "not CloudTrail: no 'Records', and no"),
        (
            #"{"detail-type":"EC2 Instance State-change","detail":{"state":"x"}}"#,
            "in the 'detail' of an EventBridge event: not"
        ),
        (#""text""#, "a record must be a JSON object"),
    ])
    func whatIsNoRecordIsNamed(object: String, reason: String) throws {
        for text in ["{\"Records\":[\(Self.one),\(object),\(Self.one)]}", "[\(Self.one),\(object),\(Self.one)]"] {
            let reading = try Reading(text)
            #expect(reading.records == [Self.one, Self.one])
            #expect(reading.problems.count == 1 && reading.problems[0].contains(": \(reason)"), "\(reading.problems)")
            #expect(reading.lost == [object] || reason.hasPrefix("in "))
        }
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00.000Z hello", "an exported log event that is no JSON object"),
        ("2026-01-01T00:00:00.000Z ", "an exported log event that is no JSON object"),
        ("2026-01-01T00:00:00.000Z {\"a\":1}", foreign),
        ("2026-01-01T00:00:00.000Z {\"a\":1", "the line ends inside a record"),
        ("2026-01-01 00:00:00 {\"eventVersion\":1}", "a record must be a JSON object"),
    ])
    func aBadExportedLineCostsItself(line: String, reason: String) throws {
        let good = "2026-01-01T00:00:00.000Z \(Self.one)"
        for lines in [[good, line, good], [line, good, good], [line, line, good], ["", good, good, line]] {
            let text = lines.joined(separator: "\n")
            let reading = try Reading(text)
            let bad = lines.count { $0 == line }
            #expect(reading.records.count == 3 - bad, "\(lines)")
            #expect(
                reading.problems.count == bad && reading.problems.allSatisfy { $0.contains(reason) },
                "\(reading.problems)"
            )
            for window in [16, 40, 70] { #expect(try Reading(text, window: window) == reading, "window of \(window)") }
        }
    }

    @Test(arguments: [
        "2026-01-01T00:00:00.000Z ", "2026-01-01T00:00:00Z ", "2026-01-01T00:00:00 ",
        "2026-01-01T00:00:00.123456+00:00 \t",
    ])
    func timesOfEveryKindAreTakenAway(time: String) throws {
        for text in ["\(time)\(Self.one)", "\(time)\(Self.one)\n\(time)\(Self.one)\n"] {
            let reading = try Reading(text)
            #expect(Set(reading.records) == [Self.one] && reading.problems == [], "\(reading.problems)")
        }
    }

    @Test func whatComesOutCountsAgainstTheLimit() throws {
        let body = Array(repeating: Self.one, count: 1000).joined(separator: "\n")
        let envelope = Wrapping.zippedStreamRecord.element(body)
        let text = "\(Self.one)\n\(envelope)\n\(Self.one)\n"
        var settings = RunSettings()
        settings.maxFileBytes = text.utf8.count + body.utf8.count
        #expect(try Reading(text, settings: settings).records.count == 1002)
        settings.maxFileBytes = text.utf8.count + 100
        let reading = try Reading(text, settings: settings)
        #expect(reading.records.count < 30 && reading.records.count > 1)
        let limit = "more than \(settings.maxFileBytes) bytes of text, with what envelopes hold (max_file_bytes)"
        #expect(reading.problems.last == "f: \(limit); the rest is left out", "\(reading.problems)")
        for window in [16, 64, 1000] {
            #expect(try Reading(text, window: window, settings: settings) == reading, "window of \(window)")
        }
    }

    @Test func envelopesInEnvelopesCountTogether() throws {
        let body = Array(repeating: Self.one, count: 100).joined(separator: "\n")
        let element = Wrapping.queueMessage.element(Wrapping.notification.document(body))
        let text = "[\(Array(repeating: element, count: 20).joined(separator: ","))]"
        var settings = RunSettings()
        settings.maxFileBytes = text.utf8.count * 3 / 2
        let reading = try Reading(text, settings: settings)
        #expect(reading.records.count > 500 && reading.records.count < 1500, "\(reading.records.count)")
        #expect(reading.problems.count == 1)
        for window in [64, 1000] {
            #expect(try Reading(text, window: window, settings: settings) == reading, "window of \(window)")
        }
    }

    @Test(arguments: [(RunSettings.DamagePolicy.keep, 1), (.drop, 0)])
    func damagedGzipInABodyIsTreatedLikeThatOfFiles(policy: RunSettings.DamagePolicy, records: Int) throws {
        let body = TrailText.gzip(bytes: Array("\(Self.one)\n".utf8)) + [1, 2, 3]
        let text = #"[{"awslogs":{"data":"\#(Data(body).base64EncodedString())"}},\#(Self.one)]"#
        var settings = RunSettings()
        settings.onDamage = policy
        let reading = try Reading(text, settings: settings)
        #expect(reading.records.count == records + 1)
        #expect(reading.problems.count == 1 && reading.problems[0].contains("follow the last gzip member"))
    }

    @Test func gzipInGzipIsRefusedInABody() throws {
        let twice = TrailText.gzip(bytes: TrailText.gzip(Self.one))
        let reading = try Reading(#"{"awslogs":{"data":"\#(Data(twice).base64EncodedString())"}}"#)
        #expect(reading.records == [] && reading.problems.count == 1)
        #expect(reading.problems.first?.contains("gzip inside gzip") == true)
        let file = try Reading(bytes: twice)
        #expect(file.problems.count == 1 && file.problems[0].contains("gunzip -c FILE | mhpipe convert - OUTPUT"))
    }
}
