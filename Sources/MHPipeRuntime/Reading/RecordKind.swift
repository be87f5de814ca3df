import MHPipeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What an object among the records is.
enum RecordKind {
    /// A CloudTrail record.
    case event
    /// An EventBridge envelope; the record is at the index position.
    case detail(position: Int)
    /// The record is the text of the string at the index position.
    case embedded(position: Int)
    /// An object with arrays of records in it.
    case container
    /// A CloudTrail digest file.
    case digest
    /// None of these, and why.
    case foreign(String)
}

extension RecordKind {
    /// Tells what a scanned object is.
    ///
    /// - Parameters:
    ///   - fields: The positions of its known fields.
    ///   - cursor: The window it stands in.
    ///   - frame: The array it stands in; nil at the top of the document.
    init(_ fields: UnsafePointer<UInt32>, _ cursor: JSONCursor, in frame: ContainerFrame.Kind?) {
        func position(_ field: KnownField) -> Int { Int(fields[field.rawValue]) }
        func first(_ field: KnownField) -> UInt8 {
            let place = position(field)
            return place > 0 ? cursor.byte(at: place) : 0
        }
        let quote = UInt8(ascii: "\"")
        let eventSource = first(.eventSource) == quote ? cursor.slice(position(.eventSource)) : .missing
        if eventSource.isString("aws:s3") {
            self = .foreign("an S3 event notification, not a CloudTrail record")
        } else if Self.isService(eventSource.bytes), frame == .records || position(.eventVersion) > 0 {
            self = .event
        } else if first(.cloudTrailEvent) == quote {
            self = .embedded(position: position(.cloudTrailEvent))
        } else if frame == .logEvents, first(.message) == quote {
            self = .embedded(position: position(.message))
        } else if first(.detail) == UInt8(ascii: "{"), first(.detailType) == quote {
            self = .detail(position: position(.detail))
        } else if frame == .records || frame == .lookupEvents || Self.isEvent(fields) {
            self = .event
        } else if ContainerFrame.Kind.fields.contains(where: { first($0) == UInt8(ascii: "[") }) {
            self = .container
        } else if position(.digestS3Object) > 0, position(.logFiles) > 0 {
            self = .digest
        } else if position(.records) > 0 {
            self = .foreign("'Records' is no array")
        } else {
            self = .foreign("not CloudTrail: no 'Records', and no 'eventVersion' or 'eventName' with 'eventSource'")
        }
    }

    /// True for an `eventSource` as records have it, which no envelope and no notification has.
    static func isService(_ source: UnsafeBufferPointer<UInt8>) -> Bool {
        let length = serviceSuffix.utf8CodeUnitCount
        guard source.count > length, let base = source.baseAddress else { return false }
        return memcmp(base + (source.count - length), serviceSuffix.utf8Start, length) == 0
    }

    private static let serviceSuffix: StaticString = ".amazonaws.com"

    /// True when an object outside `Records` counts as a record.
    static func isEvent(_ fields: UnsafePointer<UInt32>) -> Bool {
        fields[KnownField.eventVersion.rawValue] > 0
            || (fields[KnownField.eventName.rawValue] > 0 && fields[KnownField.eventSource.rawValue] > 0)
    }
}
