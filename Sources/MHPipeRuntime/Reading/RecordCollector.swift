import MHPipeKit

/// Puts the records of a window together into batches.
///
/// Records that stand in the window itself and records that were the text of a string (lookup-events, CloudWatch Logs)
/// are not in one text, so they never share a batch; the order of the file is kept.
final class RecordCollector {
    /// Where a record was found.
    struct Place {
        /// Its index positions.
        var position: Int
        var end: Int
        /// Its number in the file.
        var number: Int
        /// The byte offset in the text of the file.
        var offset: Int
    }

    private let consumer: any DocumentConsumer
    private let rows = RowTable()
    private let embedded: EmbeddedRecords
    private let scanner = RecordScanner()
    @exclusivity(unchecked) private var window: IndexedText?
    @exclusivity(unchecked) private var origin = EventOrigin(source: "", unit: "")

    init(consumer: any DocumentConsumer) throws {
        self.consumer = consumer
        embedded = try EmbeddedRecords(consumer: consumer)
    }

    /// Takes another window; nothing of the last one is left.
    func begin(_ window: IndexedText, _ origin: EventOrigin) {
        self.window = window
        self.origin = origin
    }

    /// Adds what is, or holds, one record.
    ///
    /// - Returns: Why it is none, or nil.
    func add(_ kind: RecordKind, _ place: Place, fields: UnsafeMutablePointer<UInt32>) throws -> String? {
        guard let window else { return nil }
        switch kind {
        case .event:
            try embedded.flush(origin)
            append(window, place.position, place.end, place.number, fields)
        case .detail(let position):
            guard case .complete(let end) = scanner.scan(window, from: position, fields: fields),
                RecordKind.isEvent(fields)
            else { return "an EventBridge event whose 'detail' is no CloudTrail record" }
            try embedded.flush(origin)
            append(window, position, end, place.number, fields)
        case .embedded(let position):
            try flushRows()
            let isLookup = fields[KnownField.cloudTrailEvent.rawValue] == UInt32(position)
            embedded.append(
                JSONCursor(window).stringBytes(position),
                place,
                key: isLookup ? .cloudTrailEvent : .message
            )
        case .foreign(let reason):
            return reason
        case .digest:
            return "a digest among the records"
        case .container:
            return "a container among the records"
        }
        return nil
    }

    /// Hands on what was collected.
    func flush() throws {
        try flushRows()
        try embedded.flush(origin)
    }

    private func append(
        _ window: IndexedText,
        _ position: Int,
        _ end: Int,
        _ number: Int,
        _ fields: UnsafePointer<UInt32>
    ) {
        let record = RowTable.Record(
            start: window.index[position],
            end: window.index[end - 1] + 1,
            position: UInt32(position),
            endPosition: UInt32(end),
            number: number
        )
        rows.append(record, fields: fields)
    }

    private func flushRows() throws {
        guard rows.count > 0, let window else { return }
        defer { rows.removeAll() }
        try consumer.take(EventBatch(window: window, rows: rows, origin: origin))
    }
}
