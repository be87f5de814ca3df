import MHPipeKit

/// What carries records in its body: the text of a string, or an object.
///
/// Sources: the Lambda developer guide for `Records` of SQS, SNS and Kinesis, the SQS, SNS and Kinesis API references
/// for what their commands write, the Firehose guide for its `records`, the CloudWatch Logs guide for subscriptions,
/// the EventBridge guide for `detail`, and `aws cloudtrail lookup-events`.
enum Envelope {
    case lookupEvent
    case logEvent
    case logSubscription
    case queueMessage
    case notification
    case busEvent
    case streamRecord
    case deliveredRecord

    /// How deep envelopes are opened, one in the other.
    static let deepest = 3

    /// True when the text is Base64 for bytes, which may be gzip.
    var isBase64: Bool {
        switch self {
        case .streamRecord, .deliveredRecord, .logSubscription: true
        default: false
        }
    }

    var body: String {
        switch self {
        case .lookupEvent: "the 'CloudTrailEvent' of a lookup event"
        case .logEvent: "the 'message' of a log event"
        case .logSubscription: "the data of a log subscription"
        case .queueMessage: "the body of an SQS message"
        case .notification: "the 'Message' of an SNS notification"
        case .busEvent: "the 'detail' of an EventBridge event"
        case .streamRecord: "the data of a Kinesis record"
        case .deliveredRecord: "the data of a Firehose record"
        }
    }
}

extension Envelope {
    /// Tells which envelope an object is.
    ///
    /// - Parameters:
    ///   - object: An object that is neither event nor container.
    ///   - frame: The array it stands in; nil at the top of the document.
    /// - Returns: The envelope and the index position of its body; nil when it is none.
    static func find(_ object: ScannedObject, in frame: ContainerFrame.Kind?) -> (envelope: Envelope, body: Int)? {
        func text(_ key: StaticString, in place: Int? = nil) -> Int? { object.place(of: key, in: place, opening: "\"") }
        func holds(_ key: StaticString) -> Bool { text(key) != nil }

        if let body = object.place(of: .cloudTrailEvent, opening: "\"") { return (.lookupEvent, body) }
        if let stream = object.streamName {
            switch stream {
            case "aws:sqs":
                return text("body").map { (.queueMessage, $0) }
            case "aws:sns":
                return object.place(of: "Sns", opening: "{").flatMap { text("Message", in: $0) }
                    .map { (.notification, $0) }
            case "aws:kinesis":
                let record = object.place(of: "kinesis", opening: "{")
                return text("data", in: record).map { (.streamRecord, $0) }
            default:
                return nil
            }
        }
        if let body = object.place(of: .message, opening: "\""), frame == .logEvents || object.hasKey("timestamp") {
            return (.logEvent, body)
        }
        if let body = object.place(of: .detail, opening: "{"), holds("detail-type") { return (.busEvent, body) }
        if let body = text("Message"), object.says("Type", "Notification") { return (.notification, body) }
        if let body = text("Body"), holds("MessageId") || holds("ReceiptHandle") { return (.queueMessage, body) }
        if let body = text("Data"), holds("SequenceNumber") { return (.streamRecord, body) }
        if let body = text("data"), frame == .deliveredRecords || holds("recordId") { return (.deliveredRecord, body) }
        return object.place(of: "awslogs", opening: "{").flatMap { text("data", in: $0) }.map { (.logSubscription, $0) }
    }
}

@safe
struct EnvelopePlace {
    /// The byte offset in the text that it stands in.
    var offset: Int
    /// Its own text, valid while the window is.
    var raw: UnsafeBufferPointer<UInt8>
}
