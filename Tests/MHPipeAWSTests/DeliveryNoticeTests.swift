import MHPipeKit
import Testing

@testable import MHPipeAWS

@Suite struct DeliveryNoticeTests {
    private static let event = """
        {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-05-31T12:00:00Z",\
        "userIdentity":{"principalId":"X"},"s3":{"bucket":{"name":"trail"},"object":{"key":"a+b%2Bc/%C3%BC.json","size":3}}}]}
        """
    private static let bridge = """
        {"version":"0","detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"trail"},\
        "object":{"key":"a+b%2B.json","size":3}}}
        """

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.escape(text.utf8, into: &bytes)
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }

    private static func sns(_ message: String, type: String = "Notification") -> String {
        "{\"Type\":\"\(type)\",\"TopicArn\":\"arn:aws:sns:eu-west-1:1:t\",\"Message\":\(quoted(message))}"
    }

    private static let named: [(String, [String])] = [
        (event, ["a b+c/ü.json"]), (" \n" + event + "\r\n", ["a b+c/ü.json"]), (sns(event), ["a b+c/ü.json"]),
        (sns(sns(event)), ["a b+c/ü.json"]), (quoted(event), ["a b+c/ü.json"]), (bridge, ["a+b%2B.json"]),
        (sns(bridge), ["a+b%2B.json"]),
        (event.replacing("ObjectCreated:Put", with: "s3:ObjectCreated:Copy"), ["a b+c/ü.json"]),
        (#"{"s3Bucket":"trail","s3ObjectKey":["a+b.json","b%20.json"]}"#, ["a+b.json", "b%20.json"]),
        (#"{"s3Bucket":"trail","s3ObjectKey":"one.json"}"#, ["one.json"]),
        (sns(#"{"s3Bucket":"trail","s3ObjectKey":["k"]}"#), ["k"]), (#"{"s3Bucket":"trail","s3ObjectKey":[]}"#, []),
        ("{\"Records\":[{\"EventSource\":\"aws:sns\",\"Sns\":\(sns(event))}]}", ["a b+c/ü.json"]),
        ("{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\(quoted(sns(event)))}]}", ["a b+c/ü.json"]),
        ("{\"Messages\":[{\"MessageId\":\"1\",\"Body\":\(quoted(event))}]}", ["a b+c/ü.json"]),
        ("{\"MessageId\":\"1\",\"ReceiptHandle\":\"h\",\"Body\":\(quoted(event))}", ["a b+c/ü.json"]),
        ("[\(event),\(bridge)]", ["a b+c/ü.json", "a+b%2B.json"]), (#"{"Records":[]}"#, []),
    ]

    @Test(arguments: named.indices) func knowsWhatIsNamed(index: Int) throws {
        let (text, keys) = Self.named[index]
        let notice = try DeliveryNotice(text)
        #expect(notice.objects.map(\.key) == keys, "\(text)")
        #expect(notice.objects.allSatisfy { $0.bucket == "trail" })
        #expect(notice.others == 0)
        #expect(notice.housekeeping.isEmpty)
    }

    @Test(arguments: [
        event.replacing("ObjectCreated:Put", with: "ObjectRemoved:Delete"),
        event.replacing("ObjectCreated:Put", with: "ObjectRestore:Completed"),
        bridge.replacing("Object Created", with: "Object Deleted"),
    ])
    func countsWhatWasNotCreated(text: String) throws {
        let notice = try DeliveryNotice(text)
        #expect(notice.objects.isEmpty)
        #expect(notice.others == 1)
    }

    @Test(arguments: [
        #"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"t","Bucket":"trail","RequestId":"r","HostId":"h"}"#,
        "CloudTrail validation message.", sns("CloudTrail validation message."), sns("{\"Event\":\"s3:TestEvent\"}"),
        sns("You are no longer subscribed", type: "UnsubscribeConfirmation"),
    ])
    func knowsWhatNamesNothing(text: String) throws {
        let notice = try DeliveryNotice(text)
        #expect(notice.objects.isEmpty)
        #expect(notice.housekeeping.count == 1)
    }

    private static let wrong: [(String, String)] = [
        ("", "is empty"), ("hello", "no JSON"), ("{", "no JSON"), ("{} {}", "no JSON"), ("{},{}", "no JSON"),
        ("1", "no JSON object"), ("null", "no JSON object"), ("{}", "no message"),
        (sns("hello"), "no JSON"), (sns("x", type: "SubscriptionConfirmation"), "SubscribeURL"),
        (sns("x", type: "New"), "'New'"),
        (#"{"Type":"Notification"}"#, "without 'Message'"),
        (
            #"{"Records":[{"eventVersion":"1.08","eventName":"X","eventSource":"s3.amazonaws.com"}]}"#,
            "records themselves"
        ),
        (#"{"Records":[{"x":1}]}"#, "something else"),
        (#"{"s3ObjectKey":["k"]}"#, "names no bucket"),
        (#"{"s3Bucket":"trail","s3ObjectKey":[1]}"#, "no bucket and key"),
        (#"{"s3Bucket":"trail","s3ObjectKey":[""]}"#, "no bucket and key"),
        (event.replacing("\"trail\"", with: "\"evil.example.com/x\""), "no name of a bucket"),
        (event.replacing("\"trail\"", with: "\"evil.example.com:80\""), "no name of a bucket"),
        (event.replacing("\"trail\"", with: "\"user@host\""), "no name of a bucket"),
        (#"{"detail-type":"AWS API Call via CloudTrail","source":"aws.s3x","detail":{}}"#, "record of CloudTrail"),
        (#"{"detail-type":"EC2 Instance State-change Notification","source":"aws.ec2"}"#, "another kind"),
        (String(repeating: "[", count: 20) + String(repeating: "]", count: 20), "wrapped more than"),
    ]

    @Test(arguments: wrong.indices) func saysWhatIsWrong(index: Int) {
        let (text, reason) = Self.wrong[index]
        #expect(throws: DeliveryNotice.Unreadable.self, "\(text)") { try DeliveryNotice(text) }
        do {
            _ = try DeliveryNotice(text)
        } catch {
            #expect(error.reason.contains(reason), "\(text): \(error.reason)")
        }
    }
}
