import Foundation
import MHPipeTestSupport
import Testing

/// What `mhpipe convert` says of files that are no plain trails, and its exit code.
@Suite struct EnvelopeFilesTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        var events = 0
        var housekeeping = 0
        /// What is said of it; then the exit code is 3.
        var problem: String?
        var testDescription: String { name }
    }

    private static let quoted = Trail.hubCall.replacing("\"", with: "\\\"")
    private static let notification =
        #"{\"Records\":[{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"s3\":{}}]}"#

    static let cases = [
        Case(name: "SQS", text: #"{"Records":[{"eventSource":"aws:sqs","body":"\#(quoted)"}]}"#, events: 1),
        Case(name: "SNS", text: #"{"Type":"Notification","Message":"\#(quoted)","Timestamp":"t"}"#, events: 1),
        Case(name: "export", text: "2026-01-01T00:00:00.000Z \(Trail.hubCall)\n", events: 1),
        Case(
            name: "control message",
            text: #"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE"}]}"#
                + "\n\(Trail.hubCall)\n",
            events: 1,
            housekeeping: 1
        ),
        Case(name: "digest", text: #"{"digestS3Object":"k","logFiles":[]}"#, housekeeping: 1),
        Case(
            name: "names objects",
            text: #"{"Records":[{"eventSource":"aws:sqs","body":"\#(notification)"}]}"#,
            problem: "in the body of an SQS message: an S3 event notification, which names objects in a bucket; read"
        ),
        Case(
            name: "DynamoDB",
            text: #"{"Records":[{"eventSource":"aws:dynamodb","eventVersion":"1.0","eventName":"INSERT"}]}"#,
            problem: "record 0 at byte 12: a change in a DynamoDB table, not a CloudTrail record"
        ),
        Case(
            name: "something else",
            text: #"{"Records":[{"foo":1},\#(Trail.hubCall)]}"#,
            events: 1,
            problem: "record 0 at byte 12: not CloudTrail"
        ),
    ]

    @Test(arguments: cases)
    func isReadOrNamed(_ case: Case) throws {
        let folder = try TemporaryDirectory()
        try folder.write(`case`.text, to: "in.txt")
        let result = try Mhpipe(folder: folder).run("convert", "in.txt", "-", "--summary", "summary.json")
        #expect(result.status == (`case`.problem == nil ? 0 : 3), "\(result.errors)")
        #expect(result.text == String(repeating: Trail.hubCall + "\n", count: `case`.events))
        #expect(result.errors.contains(`case`.problem ?? "written to standard output"), "\(result.errors)")
        #expect(result.errors.contains("  not events: digests, control and test messages") == (`case`.housekeeping > 0))
        let summary = try JSONSerialization.jsonObject(with: folder.read("summary.json")) as? [String: Any]
        #expect(summary?["housekeeping"] as? Int == `case`.housekeeping)
        #expect(summary?["eventsIn"] as? Int == `case`.events + (`case`.problem == nil ? 0 : 1))
    }
}
