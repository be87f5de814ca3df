import MHPipeKit

/// Records that came as the text of a string inside another object.
///
/// Their texts are decoded one behind the other into a buffer, which is then indexed like any other text.
final class EmbeddedRecords {
    private struct Entry {
        var start: Int
        var end: Int
        var place: RecordCollector.Place
        var key: KnownField
    }

    private let consumer: any DocumentConsumer
    private let indexer: WindowIndexer
    private let scanner = RecordScanner()
    private let text = TextBuffer(capacity: 64 << 10)
    private let rows = RowTable()
    @exclusivity(unchecked) private var entries: [Entry] = []
    private let fields: UnsafeMutablePointer<UInt32>

    init(consumer: any DocumentConsumer) throws {
        self.consumer = consumer
        indexer = try WindowIndexer()
        fields = .allocate(capacity: KnownField.count)
        fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        fields.deallocate()
    }

    /// Adds the text that the bytes between two quotes stand for.
    func append(_ escaped: UnsafeBufferPointer<UInt8>, _ place: RecordCollector.Place, key: KnownField) {
        // A text is never longer than its escaped form, but for an unpaired surrogate: six bytes become three.
        if text.capacity - text.count <= escaped.count { text.grow(to: 2 * text.capacity + escaped.count + 1) }
        let start = text.count
        let room = text.room
        var written = 0
        JSONText.decode(escaped) { byte in
            room[written] = byte
            written += 1
        }
        room[written] = 0x0A
        text.append(written + 1)
        entries.append(Entry(start: start, end: start + written, place: place, key: key))
    }

    /// Hands on the records as batches, and reports those that are none.
    func flush(_ origin: EventOrigin) throws {
        guard !entries.isEmpty else { return }
        var next = 0
        while next < entries.count {
            // A text with an open quote spoils the tokens behind it, so the index is made anew after a bad one.
            let base = entries[next].start
            text.consume(base)
            for later in next..<entries.count {
                entries[later].start -= base
                entries[later].end -= base
            }
            next = try flush(from: next, origin)
        }
        entries.removeAll(keepingCapacity: true)
        text.reset(to: 4 << 20)
    }

    /// Hands on the records up to and including the first bad one; returns the number of the one after it.
    private func flush(from first: Int, _ origin: EventOrigin) throws -> Int {
        let window = try indexer.window(text, count: text.count, isFinal: true, isLines: false)
        defer { indexer.release() }
        var position = 0
        var next = first
        var reason: String?
        if let window {
            while next < entries.count, reason == nil {
                reason = add(entries[next], window, &position)
                if reason == nil { next += 1 }
            }
            if rows.count > 0 { try consumer.take(EventBatch(window: window, rows: rows, origin: origin)) }
            rows.removeAll()
        } else {
            reason = "no JSON object"
        }
        guard let reason, next < entries.count else { return next }
        let entry = entries[next]
        let problem = InputProblem(
            scope: .record,
            file: origin.unit,
            offset: entry.place.offset,
            record: entry.place.number,
            reason: "the text of '\(entry.key.key)' is no CloudTrail record: \(reason)"
        )
        indexer.release()
        try consumer.note(problem, raw: UnsafeBufferPointer(rebasing: text.bytes[entry.start..<entry.end]))
        return next + 1
    }

    /// Adds one record to the rows; the reason when it is none.
    private func add(_ entry: Entry, _ window: IndexedText, _ position: inout Int) -> String? {
        guard position < window.indexCount, Int(window.index[position]) < entry.end,
            window.text[Int(window.index[position])] == UInt8(ascii: "{")
        else { return "no JSON object" }
        switch scanner.scan(window, from: position, fields: fields) {
        case .incomplete:
            return "it ends too early"
        case .malformed(let offset, let reason):
            return offset < entry.end
                ? "\(reason.description) at byte \(offset - entry.start) of it" : "it ends too early"
        case .complete(let end):
            let start = Int(window.index[position])
            let stop = Int(window.index[end - 1]) + 1
            guard stop <= entry.end else { return "it ends too early" }
            guard end == window.indexCount || Int(window.index[end]) >= entry.end else { return "more text behind it" }
            if let defect = window.defect(from: start, to: stop) { return defect.reason.description }
            guard entry.key == .cloudTrailEvent || RecordKind.isEvent(fields) else { return "no 'eventVersion'" }
            let record = RowTable.Record(
                start: UInt32(start),
                end: UInt32(stop),
                position: UInt32(position),
                endPosition: UInt32(end),
                number: entry.place.number
            )
            rows.append(record, fields: fields)
            position = end
            return nil
        }
    }
}
