import MHPipeIO
import MHPipeKit
import MHPipePlan

/// Records that came as the text of a string inside another object.
///
/// Their texts are decoded one behind the other into a buffer, which is then indexed like any other text. What is no
/// plain record is read as a document of its own.
@safe
final class EmbeddedRecords {
    private struct Entry {
        var start: Int
        var end: Int
        var envelope: Envelope
        var place: EnvelopePlace
    }

    private let consumer: any DocumentConsumer
    private let context: ReadingContext
    private let indexer: WindowIndexer
    private let scanner = RecordScanner()
    private let text = TextBuffer(capacity: 64 << 10)
    private let rows = RowTable()
    private var bodies: BodyReader?
    @exclusivity(unchecked) private var entries: [Entry] = []
    private let fields: UnsafeMutablePointer<UInt32>

    init(consumer: any DocumentConsumer, context: ReadingContext) throws {
        self.consumer = consumer
        self.context = context
        indexer = try WindowIndexer(context.indexing)
        unsafe fields = .allocate(capacity: KnownField.count)
        unsafe fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        unsafe fields.deallocate()
    }

    /// True when nothing was added since it was handed on.
    var isEmpty: Bool { unsafe entries.isEmpty }

    /// Forgets what was added.
    func removeAll() {
        unsafe entries.removeAll(keepingCapacity: true)
        text.reset(to: 4 << 20, over: 4 << 20)
    }

    /// Adds the text that the bytes between two quotes stand for.
    func append(
        _ escaped: UnsafeBufferPointer<UInt8>,
        of envelope: Envelope,
        at place: EnvelopePlace,
        _ origin: EventOrigin
    ) throws {
        guard unsafe escaped.first == UInt8(ascii: "{"), !envelope.isBase64 else {
            try flush(origin)
            return try unsafe read(escaped, of: envelope, at: place, origin)
        }
        let length = unsafe decode(escaped)
        unsafe text.room[length] = 0x0A
        unsafe entries.append(Entry(start: text.count, end: text.count + length, envelope: envelope, place: place))
        text.append(length + 1)
    }

    /// Reads a body as a document, after what was added before it.
    func readBody(
        _ bytes: UnsafeBufferPointer<UInt8>,
        of envelope: Envelope,
        at place: EnvelopePlace,
        _ origin: EventOrigin
    ) throws {
        let bodies = try self.bodies ?? BodyReader(consumer: consumer, context: context)
        self.bodies = bodies
        try unsafe bodies.read(bytes, of: envelope, at: place, origin)
    }

    /// Hands on the records as batches, and reads what is none.
    func flush(_ origin: EventOrigin) throws {
        guard unsafe !entries.isEmpty else { return }
        defer { removeAll() }
        var next = 0
        while unsafe next < entries.count {
            // A text with an open quote spoils the tokens behind it, so the index is made anew after it.
            let base = unsafe entries[next].start
            text.consume(base)
            for later in unsafe next..<entries.count {
                unsafe entries[later].start -= base
                unsafe entries[later].end -= base
            }
            next = try flush(from: next, origin)
        }
    }

    /// Hands on entries as long as each is found in the index; returns the number of the next one.
    private func flush(from first: Int, _ origin: EventOrigin) throws -> Int {
        guard let window = try indexer.window(text, count: text.count, isFinal: true, isLines: false) else {
            return unsafe entries.count
        }
        defer { indexer.release() }
        var position = 0
        for next in unsafe first..<entries.count {
            let entry = unsafe entries[next]
            guard position < window.indexCount, unsafe Int(window.index[position]) == entry.start else {
                try handOn(window, origin)
                return next
            }
            if add(entry, window, &position) { continue }
            try handOn(window, origin)
            let bytes = unsafe UnsafeBufferPointer(rebasing: text.bytes[entry.start..<entry.end])
            try unsafe readBody(bytes, of: entry.envelope, at: entry.place, origin)
            while position < window.indexCount, unsafe Int(window.index[position]) < entry.end { position += 1 }
        }
        try handOn(window, origin)
        return unsafe entries.count
    }

    private func handOn(_ window: IndexedText, _ origin: EventOrigin) throws {
        guard rows.count > 0 else { return }
        defer { rows.removeAll() }
        try consumer.take(EventBatch(window: window, rows: rows, origin: origin))
    }

    /// Adds an entry to the rows; false when it is anything but a record that nothing is wrong with.
    private func add(_ entry: Entry, _ window: IndexedText, _ position: inout Int) -> Bool {
        let length = entry.end - entry.start
        let tally = context.tally
        guard case .complete(let end) = unsafe scanner.scan(window, from: position, fields: fields),
            case let stop = unsafe Int(window.index[end - 1]) + 1, stop <= entry.end,
            unsafe end == window.indexCount || Int(window.index[end]) >= entry.end,
            unsafe ScannedObject(cursor: JSONCursor(window), position: position, fields: fields).isPlainEvent,
            window.defect(from: entry.start, to: stop) == nil, length <= context.settings.maxRecordBytes,
            length <= tally.allowance - entry.place.offset
        else { return false }
        unsafe tally.unwrappedBytes += length
        let record = RowTable.Record(
            start: UInt32(entry.start),
            end: UInt32(stop),
            position: UInt32(position),
            endPosition: UInt32(end),
            number: tally.takeNumber()
        )
        unsafe rows.append(record, fields: fields)
        position = end
        return true
    }

    /// Decodes a body and reads it.
    private func read(
        _ escaped: UnsafeBufferPointer<UInt8>,
        of envelope: Envelope,
        at place: EnvelopePlace,
        _ origin: EventOrigin
    ) throws {
        defer { text.reset(to: 4 << 20, over: 4 << 20) }
        var length = unsafe decode(escaped)
        if envelope.isBase64 {
            guard let count = unsafe Base64.decode(UnsafeMutableBufferPointer(start: text.base, count: length)) else {
                let reason = "\(envelope.body) is not Base64"
                return try note(reason, at: place, origin)
            }
            length = count
        }
        try unsafe readBody(UnsafeBufferPointer(start: text.base, count: length), of: envelope, at: place, origin)
    }

    private func note(_ reason: String, at place: EnvelopePlace, _ origin: EventOrigin) throws {
        let problem = InputProblem(
            scope: .record,
            file: origin.unit,
            offset: place.offset,
            record: context.tally.takeNumber(),
            reason: reason
        )
        try unsafe consumer.note(problem, raw: place.raw)
    }

    /// Writes the text that the bytes between two quotes stand for behind the buffer's text; returns its length.
    private func decode(_ escaped: UnsafeBufferPointer<UInt8>) -> Int {
        // A text is never longer than its escaped form, but for an unpaired surrogate: six bytes become three.
        if text.capacity - text.count <= escaped.count { text.grow(to: 2 * text.capacity + escaped.count + 1) }
        let room = unsafe text.room
        var length = 0
        unsafe JSONText.decode(escaped) { byte in
            unsafe room[length] = byte
            length += 1
        }
        return length
    }
}
