import MHPipeKit

/// A level of the document above the records: where the reader is when it stands between two of them.
struct ContainerFrame {
    enum Kind {
        /// An object that holds arrays of records.
        case object
        /// `Records` of a trail file.
        case records
        /// `Events` of lookup-events, whose elements hold the record as a string.
        case lookupEvents
        /// `logEvents` or `events` of CloudWatch Logs, whose elements hold the record as a string.
        case logEvents
        /// `Messages` of `aws sqs receive-message`, whose elements hold the record in their body.
        case queueMessages
        /// `records` of what Firehose hands over, whose elements hold the record as Base64.
        case deliveredRecords
        /// An array that stands for itself.
        case bare
    }

    /// What may come next.
    enum Expectation {
        /// The first element or member, or the end.
        case first
        /// An element or member, after a comma.
        case next
        case commaOrEnd
    }

    var kind: Kind
    var expects = Expectation.first
    /// True for an object by which CloudWatch Logs only tries whether it gets through; its log events are not read.
    var isControl = false
    /// Where it begins in the text, and what had been found before, for an object in an array.
    var start: (offset: Int, found: Int)?

    static func isBracket(_ byte: UInt8) -> Bool {
        let lower = byte | 0x20
        return lower == UInt8(ascii: "{") || lower == UInt8(ascii: "}")
    }

    /// The byte that ends the level.
    var end: UInt8 { kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]") }
}

extension ContainerFrame.Kind {
    /// The kind of array that stands under a key of a container, or nil when records do not stand there.
    ///
    /// Sources: the CloudTrail User Guide for `Records`, `aws cloudtrail lookup-events` for `Events`, the CloudWatch
    /// Logs subscription format for `logEvents` and filter-log-events for `events`, `aws sqs receive-message` for
    /// `Messages` and the Firehose guide for `records`.
    init?(_ field: KnownField) {
        switch field {
        case .records: self = .records
        case .lookupEvents: self = .lookupEvents
        case .logEvents, .filteredLogEvents: self = .logEvents
        case .queueMessages: self = .queueMessages
        case .deliveredRecords: self = .deliveredRecords
        default: return nil
        }
    }

    /// The keys under which arrays of records stand.
    static let fields: [KnownField] = [
        .records, .lookupEvents, .logEvents, .filteredLogEvents, .queueMessages, .deliveredRecords,
    ]
}
