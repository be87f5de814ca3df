import Foundation
import MHPipeKit
import Testing

/// The ways in which AWS hands over a text, each with one round it.
enum Wrapping: String, CaseIterable, CustomTestStringConvertible {
    case queueMessage, receivedMessage, bareMessage, notification, lambdaNotification, streamRecord
    case zippedStreamRecord, pulledStreamRecord, deliveredRecord, zippedDeliveredRecord, subscription, dataMessage
    case logEvent, busEvent, lookupEvent

    var testDescription: String { rawValue }

    /// What its body is called.
    var body: String {
        switch self {
        case .queueMessage, .receivedMessage, .bareMessage: "the body of an SQS message"
        case .notification, .lambdaNotification: "the 'Message' of an SNS notification"
        case .streamRecord, .zippedStreamRecord, .pulledStreamRecord: "the data of a Kinesis record"
        case .deliveredRecord, .zippedDeliveredRecord: "the data of a Firehose record"
        case .subscription: "the data of a log subscription"
        case .dataMessage, .logEvent: "the 'message' of a log event"
        case .busEvent: "the 'detail' of an EventBridge event"
        case .lookupEvent: "the 'CloudTrailEvent' of a lookup event"
        }
    }

    /// Its body is an object, and nothing else fits in.
    var takesAnObject: Bool { self == .busEvent }

    /// A document with a text in it.
    func document(_ text: String) -> String {
        switch self {
        case .queueMessage, .bareMessage, .lambdaNotification, .streamRecord, .zippedStreamRecord:
            "{\"Records\":[\(element(text))]}"
        case .receivedMessage: "{\"Messages\":[\(element(text))]}"
        case .pulledStreamRecord: "{\"Records\":[\(element(text))],\"NextShardIterator\":\"x\"}"
        case .deliveredRecord, .zippedDeliveredRecord:
            #"{"invocationId":"i","deliveryStreamArn":"arn:x","region":"r","records":[\#(element(text))]}"#
        case .dataMessage:
            #"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logEvents":[\#(element(text))]}"#
        case .logEvent: "{\"events\":[\(element(text))],\"searchedLogStreams\":[]}"
        case .lookupEvent: "{\"Events\":[\(element(text))]}"
        case .notification, .subscription, .busEvent: element(text)
        }
    }

    /// What stands in an array of the document.
    func element(_ text: String) -> String {
        switch self {
        case .queueMessage:
            #"{"messageId":"m","receiptHandle":"h","body":\#(Self.quoted(text)),"attributes":{"SentTimestamp":"1"},"#
                + #""messageAttributes":{},"md5OfBody":"x","eventSource":"aws:sqs","eventSourceARN":"arn:x"}"#
        case .bareMessage:
            #"{"eventSource":"aws:sqs","body":\#(Self.quoted(text))}"#
        case .receivedMessage:
            #"{"MessageId":"m","ReceiptHandle":"h","MD5OfBody":"x","Body":\#(Self.quoted(text))}"#
        case .notification:
            #"{"Type":"Notification","MessageId":"m","TopicArn":"arn:x","Message":\#(Self.quoted(text)),"#
                + #""Timestamp":"2026-01-01T00:00:00.000Z","SignatureVersion":"1","Signature":"x"}"#
        case .lambdaNotification:
            #"{"EventVersion":"1.0","EventSubscriptionArn":"arn:x","EventSource":"aws:sns","Sns":{"#
                + #""SignatureVersion":"1","Message":\#(Self.quoted(text)),"Type":"Notification"}}"#
        case .streamRecord, .zippedStreamRecord:
            #"{"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-0:1","#
                + #""eventName":"aws:kinesis:record","kinesis":{"partitionKey":"1","data":"\#(base64(text))"}}"#
        case .pulledStreamRecord:
            #"{"SequenceNumber":"1","PartitionKey":"1","Data":"\#(base64(text))"}"#
        case .deliveredRecord, .zippedDeliveredRecord:
            #"{"recordId":"r","approximateArrivalTimestamp":1,"data":"\#(base64(text))"}"#
        case .subscription: #"{"awslogs":{"data":"\#(base64(text))"}}"#
        case .dataMessage, .logEvent: #"{"id":"1","timestamp":1,"message":\#(Self.quoted(text))}"#
        case .busEvent:
            #"{"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.mgh","detail":\#(text)}"#
        case .lookupEvent:
            #"{"EventId":"e","EventName":"n","EventSource":"s.amazonaws.com","CloudTrailEvent":\#(Self.quoted(text))}"#
        }
    }

    private func base64(_ text: String) -> String {
        let isZipped = self == .zippedStreamRecord || self == .zippedDeliveredRecord || self == .subscription
        return Data(isZipped ? TrailText.gzip(text) : Array(text.utf8)).base64EncodedString()
    }

    private static func quoted(_ text: String) -> String {
        var escaped: [UInt8] = []
        JSONText.escape(text.utf8, into: &escaped)
        return "\"\(String(decoding: escaped, as: UTF8.self))\""
    }
}
