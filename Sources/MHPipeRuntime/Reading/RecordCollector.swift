import MHPipeKit

/// Puts the records of a window together into batches.
///
/// Records that stand in the window itself and records that were the body of an envelope are not in one text, so they
/// never share a batch; the order of the file is kept.
final class RecordCollector {
    private let consumer: any DocumentConsumer
    private let context: ReadingContext
    private let rows = RowTable()
    private let embedded: EmbeddedRecords
    private let scanner = RecordScanner()
    @exclusivity(unchecked) private var window: IndexedText?
    @exclusivity(unchecked) private var origin = EventOrigin(source: "", unit: "")

    /// Text that makes a batch: what is made of it fits a buffer that is small enough to be used again (`BufferPool`).
    private static let batchBytes = 128 << 10

    init(consumer: any DocumentConsumer, context: ReadingContext) throws {
        self.consumer = consumer
        self.context = context
        embedded = try EmbeddedRecords(consumer: consumer, context: context)
    }

    /// Takes another window; nothing of the last one is left.
    func begin(_ window: IndexedText, _ origin: EventOrigin) {
        unsafe self.window = window
        unsafe self.origin = origin
    }

    /// Forgets what was collected.
    func removeAll() {
        rows.removeAll()
        embedded.removeAll()
    }

    /// Reads the bodies that were collected, so that what comes next is counted behind what they hold.
    func settle() throws {
        if !embedded.isEmpty { try unsafe embedded.flush(origin) }
    }

    /// The next record's number, taken.
    func takeNumber() throws -> Int {
        try settle()
        return context.tally.takeNumber()
    }

    /// Takes the numbers of the next records.
    func takeNumbers(_ count: Int) throws {
        try settle()
        context.tally.takeNumbers(count)
    }

    /// Adds a record, and hands on what was collected where that is enough for a batch.
    ///
    /// - Parameters:
    ///   - position: Its index position.
    ///   - end: The index position behind it.
    ///   - fields: The positions of its known fields.
    /// - Throws: What the consumer throws.
    func add(_ position: Int, to end: Int, fields: UnsafePointer<UInt32>) throws {
        guard let window = unsafe window else { return }
        try unsafe rows.append(window, from: position, to: end, number: takeNumber(), fields: fields)
        if unsafe Int(window.index[end - 1] - rows.records[0].start) >= Self.batchBytes { try flushRows() }
    }

    /// Reads what is in an envelope.
    ///
    /// - Parameters:
    ///   - envelope: What it is.
    ///   - body: The index position of its body.
    ///   - place: Where it stands.
    ///   - fields: Room for the positions of known fields.
    /// - Returns: Why it cannot be read, or nil.
    /// - Throws: What the consumer throws.
    func open(
        _ envelope: Envelope,
        body: Int,
        at place: EnvelopePlace,
        fields: UnsafeMutablePointer<UInt32>
    ) throws -> String? {
        guard let window = unsafe window else { return nil }
        guard context.level < Envelope.deepest else {
            return "more than \(Envelope.deepest) envelopes, one in the other"
        }
        let cursor = JSONCursor(window)
        if cursor.byte(at: body) == UInt8(ascii: "\"") {
            try flushRows()
            try unsafe embedded.append(cursor.stringBytes(body), of: envelope, at: place, origin)
        } else if case .complete(let end) = unsafe scanner.scan(window, from: body, fields: fields),
            unsafe ScannedObject(cursor: cursor, position: body, fields: fields).isPlainEvent
        {
            try unsafe add(body, to: end, fields: fields)
        } else {
            try flush()
            try unsafe embedded.readBody(cursor.slice(body).bytes, of: envelope, at: place, origin)
        }
        return nil
    }

    /// Hands on what was collected.
    func flush() throws {
        try flushRows()
        try unsafe embedded.flush(origin)
    }

    private func flushRows() throws {
        guard rows.count > 0, let window = unsafe window else { return }
        defer { rows.removeAll() }
        try unsafe consumer.take(EventBatch(window: window, rows: rows, origin: origin))
    }
}
