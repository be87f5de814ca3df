import MHPipeKit

/// Reads what is in an envelope as if it were a file: any container, JSON lines, gzip, other envelopes.
///
/// Owned by one worker. Made when the first envelope is met that holds more than a record as its text.
final class BodyReader {
    private let reader: UnitReader
    private let consumer: BodyConsumer
    private let tally: FileTally

    /// - Parameters:
    ///   - consumer: Takes what the text that the envelopes stand in gives.
    ///   - context: The context of that text.
    /// - Throws: `IndexingFailure` when there is no memory.
    init(consumer: any DocumentConsumer, context: ReadingContext) throws {
        self.consumer = BodyConsumer(consumer, context.tally)
        tally = context.tally
        reader = try UnitReader(consumer: self.consumer, context: context.inside) { _ in }
    }

    /// Reads a body.
    ///
    /// - Parameters:
    ///   - bytes: The body, decoded; valid and unchanged during the call.
    ///   - envelope: What it is the body of.
    ///   - place: Where that stands in the text around it.
    ///   - origin: The file.
    /// - Throws: What the consumer throws; `UnwrappingEnded` when the body makes the file too large.
    func read(
        _ bytes: UnsafeBufferPointer<UInt8>,
        of envelope: Envelope,
        at place: EnvelopePlace,
        _ origin: EventOrigin
    ) throws {
        consumer.begin(envelope, at: place)
        let before = tally.found
        let around = unsafe tally.place
        unsafe tally.place += place.offset
        defer { unsafe tally.place = around }
        let totals = try unsafe reader.read(Body(name: origin.unit, bytes: bytes), from: origin.source) { false }
        unsafe tally.unwrappedBytes += totals.bytesText
        if tally.isExhausted { throw UnwrappingEnded() }
        if tally.found == before {
            let problem = InputProblem(scope: .record, file: origin.unit, reason: "no records")
            try unsafe consumer.note(problem, raw: UnsafeBufferPointer(start: nil, count: 0))
        }
    }

    @safe
    private struct Body: SourceUnit, @unchecked Sendable /* lives inside one call, on one queue */ {
        let name: String
        let bytes: UnsafeBufferPointer<UInt8>

        var size: Int? { unsafe bytes.count }

        func open() -> any ByteStream { unsafe BodyStream(bytes: bytes) }
    }
}

/// Hands on what comes out of a body as what came from the place of the envelope.
private final class BodyConsumer: DocumentConsumer {
    private let consumer: any DocumentConsumer
    private let tally: FileTally
    private var envelope = Envelope.logEvent
    private var place = unsafe EnvelopePlace(offset: 0, raw: UnsafeBufferPointer(start: nil, count: 0))

    init(_ consumer: any DocumentConsumer, _ tally: FileTally) {
        self.consumer = consumer
        self.tally = tally
    }

    func begin(_ envelope: Envelope, at place: EnvelopePlace) {
        self.envelope = envelope
        self.place = place
    }

    func take(_ batch: EventBatch) throws {
        try consumer.take(batch)
    }

    func noteDropped(_ count: ProvenRecords.Dropped) {
        consumer.noteDropped(count)
    }

    /// A problem in a body costs a record, and never what comes after the envelope.
    func note(_ problem: InputProblem, raw: UnsafeBufferPointer<UInt8>) throws {
        var problem = problem
        problem.scope = .record
        problem.offset = place.offset
        problem.record = problem.record ?? tally.takeNumber()
        problem.reason = "in \(envelope.body): \(problem.reason)"
        try unsafe consumer.note(problem, raw: raw.isEmpty ? place.raw : raw)
    }

    func noteHousekeeping() {
        consumer.noteHousekeeping()
    }
}

@safe
private final class BodyStream: ByteStream {
    private var rest: UnsafeBufferPointer<UInt8>.SubSequence

    init(bytes: UnsafeBufferPointer<UInt8>) {
        unsafe rest = unsafe bytes[...]
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let next = unsafe rest.prefix(buffer.count)
        unsafe buffer.copyBytes(from: UnsafeBufferPointer(rebasing: next))
        unsafe rest.removeFirst(next.count)
        return unsafe next.count
    }
}
