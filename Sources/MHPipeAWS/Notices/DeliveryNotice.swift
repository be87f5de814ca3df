import MHPipeKit

/// A message that tells of objects in buckets, in whatever form it came: of S3, CloudTrail or EventBridge, by itself, through
/// SNS, or as a queue or a function hands it out.
package struct DeliveryNotice: Sendable, Hashable {
    /// Why a message is none.
    package struct Unreadable: Error, Sendable, Hashable {
        package var reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// The objects that were created, in order.
    package private(set) var objects: [S3Location] = []
    /// How many others it tells of: deleted ones, or restored ones.
    package private(set) var others = 0
    /// What it is that names no object, such as `s3:TestEvent`.
    package private(set) var housekeeping: [String] = []

    /// Reads a message.
    ///
    /// - Parameter text: The body.
    /// - Throws: `Unreadable` when nobody can tell what it means, or only of a part of it.
    package init(_ text: String) throws(Unreadable) {
        try take(text, depth: 0)
    }

    /// So many wrappings are undone.
    private static let mostWrappings = 6

    private mutating func take(_ text: String, depth: Int) throws(Unreadable) {
        let text = Self.trimmed(text)
        if text == "CloudTrail validation message." { return housekeeping.append("CloudTrail's validation message") }
        guard !text.isEmpty else { throw Unreadable("it is empty") }
        guard let value = JSONValue(parsing: text) else { throw Unreadable("it is no JSON text") }
        try take(value, depth: depth)
    }

    private mutating func take(_ value: JSONValue, depth: Int) throws(Unreadable) {
        guard depth <= Self.mostWrappings else {
            throw Unreadable("it is wrapped more than \(Self.mostWrappings) times")
        }
        if let text = value.string { return try take(text, depth: depth + 1) }
        if value.kind == .array {
            for element in value.elements { try take(element, depth: depth + 1) }
            return
        }
        guard value.kind == .object else { throw Unreadable("it is no JSON object") }
        if let type = value["Type"]?.string { return try takeFromSNS(value, type, depth) }
        if let keys = value["s3ObjectKey"] { return try takeOfCloudTrail(value, keys) }
        if let type = value["detail-type"]?.string { return try takeOfEventBridge(value, type) }
        if value["Event"]?.string == "s3:TestEvent" { return housekeeping.append("s3:TestEvent") }
        if let records = value["Records"] ?? value["Messages"], records.kind == .array {
            for record in records.elements { try takeRecord(record, depth) }
            return
        }
        // What a queue hands out, or SNS without the rest of its envelope.
        if let body = value["Body"] ?? value["body"] ?? value["Message"] { return try take(body, depth: depth + 1) }
        throw Unreadable("it is no message of S3, CloudTrail or EventBridge that tells of objects")
    }

    /// What stands in `Records`: an event of S3, or what functions are given of SNS and SQS.
    private mutating func takeRecord(_ record: JSONValue, _ depth: Int) throws(Unreadable) {
        if let message = record["Sns"]?["Message"] { return try take(message, depth: depth + 1) }
        if let s3 = record["s3"] {
            let name = record["eventName"]?.string ?? ""
            // Servers that speak like S3 may write the prefix that rules have.
            guard name.hasPrefix("ObjectCreated:") || name.hasPrefix("s3:ObjectCreated:") else {
                others += 1
                return
            }
            let key = s3["object"]?["key"]?.string.map { PercentEncoding.decoded($0, isForm: true) }
            return objects.append(try Self.location(s3["bucket"]?["name"]?.string, key))
        }
        if let body = record["Body"] ?? record["body"] { return try take(body, depth: depth + 1) }
        if record["eventVersion"] != nil, record["eventName"] != nil {
            throw Unreadable("it holds CloudTrail's records themselves, not the name of a file with them")
        }
        throw Unreadable("'Records' holds something else than events of S3")
    }

    private mutating func takeFromSNS(_ value: JSONValue, _ type: String, _ depth: Int) throws(Unreadable) {
        let topic = value["TopicArn"]?.string.map { " of \($0)" } ?? ""
        switch type {
        case "Notification":
            guard let message = value["Message"] else { throw Unreadable("a notification of SNS without 'Message'") }
            try take(message, depth: depth + 1)
        case "SubscriptionConfirmation":
            throw Unreadable("SNS wants the subscription\(topic) to be confirmed: open the 'SubscribeURL' in it")
        case "UnsubscribeConfirmation": housekeeping.append("a message that a subscription\(topic) has ended")
        default: throw Unreadable("a message of type '\(type.prefix(100))', which is not known")
        }
    }

    private mutating func takeOfCloudTrail(_ value: JSONValue, _ keys: JSONValue) throws(Unreadable) {
        let bucket = value["s3Bucket"]?.string
        for key in keys.kind == .array ? keys.elements : [keys] {
            objects.append(try Self.location(bucket, key.string))
        }
    }

    private mutating func takeOfEventBridge(_ value: JSONValue, _ type: String) throws(Unreadable) {
        guard value["source"]?.string == "aws.s3" else {
            let what = type.hasSuffix("via CloudTrail") ? "a record of CloudTrail itself" : "an event of another kind"
            throw Unreadable("EventBridge's event '\(type.prefix(100))' is \(what), and names no file")
        }
        guard type == "Object Created" else {
            others += 1
            return
        }
        let detail = value["detail"]
        // Not encoded, unlike that of S3's own events.
        objects.append(try Self.location(detail?["bucket"]?["name"]?.string, detail?["object"]?["key"]?.string))
    }

    private static func location(_ bucket: String?, _ key: String?) throws(Unreadable) -> S3Location {
        guard let bucket, let key, !key.isEmpty else { throw Unreadable("it names no bucket and key where it should") }
        // A name that is none could lead to another host.
        guard S3Location("s3://\(bucket)/")?.bucket == bucket else {
            throw Unreadable("'\(bucket.prefix(100))' is no name of a bucket")
        }
        return S3Location(bucket: bucket, key: key)
    }

    private static func trimmed(_ text: String) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}
