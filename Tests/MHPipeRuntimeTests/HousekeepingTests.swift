import Foundation
import MHPipeKit
import Testing

@testable import MHPipeRuntime

/// What AWS writes for itself is no event and no damage, wherever it stands.
@Suite struct HousekeepingTests {
    private static let one = #"{"eventVersion":"1.08","n":1}"#
    private static let control =
        #"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","subscriptionFilters":[],"#
        + #""logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination"}]}"#

    static let objects = [
        #"{"awsAccountId":"1","digestS3Object":"k","logFiles":[{"a":1}]}"#,
        #"{"awsAccountId":"1","digestS3Object":"k","logFiles":[]}"#,
        control,
        #"{"messageType":"CONTROL_MESSAGE","logEvents":[]}"#,
        #"{"messageType":"CONTROL_MESSAGE"}"#,
        #"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"t","Bucket":"b","RequestId":"r","HostId":"h"}"#,
        #"{"Type":"SubscriptionConfirmation","MessageId":"m","Token":"t","Message":"You have chosen","SubscribeURL":"u"}"#,
    ]

    @Test(arguments: objects)
    func itIsCountedApart(_ object: String) throws {
        let texts = [
            (object, 0), ("[\(object),\(object),\(Self.one)]", 1), ("{\"Records\":[\(Self.one),\(object)]}", 1),
            ("\(Self.one)\n\(object)\n\(Self.one)\n", 2), ("\(object)\(Self.one)\(object)", 1),
        ]
        for (text, records) in texts {
            let reading = try Reading(text)
            let count = text.components(separatedBy: object).count - 1
            #expect(reading.records == Array(repeating: Self.one, count: records), "\(text)")
            #expect(reading.numbers == Array(0..<records))
            #expect(reading.problems == [], "\(text)")
            #expect(reading.housekeeping == count, "\(text)")
            for window in [16, 17, 64, 200] {
                #expect(try Reading(text, window: window) == reading, "\(window)")
            }
        }
    }

    @Test(arguments: objects + ["CloudTrail validation message.", " CloudTrail validation message.\n"])
    func itIsFoundInEnvelopes(_ message: String) throws {
        for wrapping in Wrapping.allCases where !wrapping.takesAnObject || message.hasSuffix("}") {
            let reading = try Reading("[\(Self.one),\(wrapping.document(message)),\(Self.one)]")
            #expect(reading.records == [Self.one, Self.one], "\(wrapping)")
            #expect(reading.problems == [], "\(wrapping)")
            #expect(reading.housekeeping == 1, "\(wrapping)")
        }
    }

    @Test(arguments: [
        "CloudTrail validation message.", "CloudTrail validation message.\n", "\nCloudTrail validation message.\r\n\n",
    ])
    func theValidationMessageIsAText(_ text: String) throws {
        for text in [text, "\(text)\n\(Self.one)", "\(Self.one)\n\(text)", "\(Self.one)\n\(text)\n\(Self.one)"] {
            let reading = try Reading(text)
            #expect(reading.housekeeping == 1 && reading.problems == [], "\(text): \(reading.problems)")
            for window in [16, 40, 64] { #expect(try Reading(text, window: window) == reading, "\(window)") }
        }
    }

    @Test(arguments: [
        "CloudTrail validation messages.", "CloudTrail validation", "CloudTrail validation message.x",
        #"{"digestS3Object":"k"}"#, #"{"Event":"s3:Test"}"#, #"{"messageType":"control_message"}"#,
    ])
    func whatOnlyLooksLikeItIsReported(_ text: String) throws {
        let reading = try Reading(text)
        #expect(reading.housekeeping == 0 && reading.problems.count == 1)
    }

    @Test(arguments: [
        #"{"digestS3Object":"@","logFiles":[]}"#, #"{"messageType":"CONTROL_MESSAGE","owner":"@","logEvents":[]}"#,
        #"{"messageType":"DATA_MESSAGE","owner":"@","logEvents":[]}"#, #"{"a@":1,"Records":[]}"#,
    ])
    func damageInItIsReported(_ text: String) throws {
        let bytes = Array(text.utf8).map { $0 == UInt8(ascii: "@") ? 0xFF : $0 }
        let reading = try Reading(bytes: bytes)
        #expect(
            reading.problems.count == 1 && reading.problems[0].contains("bytes that are not UTF-8"),
            "\(reading.problems)"
        )
        for window in [16, 64] { #expect(try Reading(bytes: bytes, window: window) == reading, "window of \(window)") }
    }

    /// AWS writes the type first, and only what stands behind it is not read.
    @Test func aControlMessageHidesNoRecords() throws {
        let reading = try Reading(#"{"messageType":"CONTROL_MESSAGE","Records":[\#(Self.one)]}"#)
        #expect(reading.records == [Self.one])
    }
}
