import MHPipeKit

/// What an object is, by its own keys: the same wherever it stands.
enum RecordKind {
    /// A CloudTrail record.
    case event
    /// An object with arrays of records in it.
    case container
    /// Records are in its body, whose index position is given.
    case envelope(Envelope, body: Int)
    /// What AWS writes for itself: digests, control messages, test events. It holds no events, and nothing is lost.
    case housekeeping
    /// None of these, and what it is.
    case foreign(String)
}

extension RecordKind {
    var isContainer: Bool {
        if case .container = self { true } else { false }
    }

    /// Tells what a scanned object is.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - frame: The array it stands in; nil at the top of the document. It tells apart log events and records of
    ///     Firehose that have nothing but their body.
    @inline(__always)
    init(_ object: ScannedObject, in frame: ContainerFrame.Kind?) {
        self = object.isPlainEvent ? .event : Self.kind(of: object, in: frame)
    }

    /// The kind of an object that is not told by its known fields alone.
    private static func kind(of object: ScannedObject, in frame: ContainerFrame.Kind?) -> RecordKind {
        if object.arrayOfRecords != nil { return .container }
        if object.isEvent { return .event }
        if let (envelope, body) = Envelope.find(object, in: frame) { return .envelope(envelope, body: body) }
        return isHousekeeping(object) ? .housekeeping : .foreign(name(object))
    }

    private static func isHousekeeping(_ object: ScannedObject) -> Bool {
        object.hasKey("digestS3Object") && object.hasKey("logFiles")
            || object.says("messageType", controlMessage)
            || object.says("Event", "s3:TestEvent")
            || object.says("Type", "SubscriptionConfirmation") || object.says("Type", "UnsubscribeConfirmation")
    }

    /// The `messageType` by which CloudWatch Logs tries whether a subscription can be reached.
    static let controlMessage: StaticString = "CONTROL_MESSAGE"

    /// The whole `Message` by which CloudTrail tries whether a topic can be reached.
    static let validationMessage = Array("CloudTrail validation message.".utf8)

    /// What an object is that nobody can read records from.
    private static func name(_ object: ScannedObject) -> String {
        func names(_ what: String) -> String {
            "\(what) names objects in a bucket; read them with 'aws s3 cp s3://BUCKET/KEY - | mhpipe convert - OUTPUT'"
        }
        switch object.streamName {
        case "aws:s3": return names("an S3 event notification, which")
        case "aws:sqs": return "an SQS message without a text in 'body'"
        case "aws:sns": return "an SNS notification without a text in 'Sns.Message'"
        case "aws:kinesis": return "a Kinesis record without a text in 'kinesis.data'"
        case "aws:dynamodb": return "a change in a DynamoDB table, not a CloudTrail record"
        case let stream?: return "an event of '\(stream)', not a CloudTrail record"
        case nil: break
        }
        if object.hasKey("s3Bucket"), object.hasKey("s3ObjectKey") {
            return names("a notification of CloudTrail, which")
        }
        if object.place(of: "bucket", opening: "{") != nil, object.place(of: "object", opening: "{") != nil {
            return names("an S3 event, which")
        }
        if object.has(.records) { return "'Records' is no array" }
        return "not CloudTrail: no 'Records', and no 'eventVersion' or 'eventName' with 'eventSource'"
    }
}
