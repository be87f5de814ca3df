/// Writes events to one destination, in the order of the input.
///
/// The work is split in two: an *encoder* turns batches into bytes on the workers, side by side, and the sink writes
/// those bytes on its own queue, strictly in order. A sink that leaves `Encoder` alone is handed JSON lines.
///
/// The runtime calls, on the sink's queue and never twice at once: `open` once, `write` any number of times and
/// `finishUnit` behind the bytes of every unit, then `finish` and `commit`; or `abort`, at any point after `open` and
/// instead of what would follow.
public protocol Sink: Plugin {
    /// What makes bytes of batches.
    associatedtype Encoder: EventEncoder = JSONLinesEncoder

    /// Makes an encoder. Called once for every worker, before it begins; others may have begun by then.
    ///
    /// - Returns: The encoder.
    /// - Throws: Anything: the run does not start.
    func makeEncoder() throws -> Encoder

    /// Opens the destination, beside its final name.
    ///
    /// - Throws: `StageError` when it cannot be written: the run does not start.
    mutating func open() throws

    /// Writes what an encoder made of some batches.
    ///
    /// - Parameter bytes: The bytes of one or more whole `encode` calls, in order; valid during the call.
    /// - Throws: `StageError`: the run fails, and `abort` is called. One with `isClosedPipe` ends this sink alone.
    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws

    /// Takes note that the bytes of a unit are all there; those of the next one come behind it. Does nothing by default.
    ///
    /// Called for every unit in the order of the input, whether or not it gave any bytes, but not at once: some hundred
    /// may come together.
    ///
    /// - Parameter outcome: What became of the unit.
    /// - Throws: As `write`.
    mutating func finishUnit(_ outcome: UnitOutcome) throws

    /// The same as `finish()`, which it calls by default, for a sink that writes what the whole run has counted.
    ///
    /// - Parameter totals: What the run has counted.
    /// - Throws: As `finish()`.
    mutating func finish(_ totals: RunTotals) throws

    /// Writes what is left and makes it durable. Called on every sink of a run before the first `commit`; a second call
    /// must change nothing.
    ///
    /// - Throws: `StageError`: the run fails, and every sink's `abort` is called.
    mutating func finish() throws

    /// Puts the result in its place, by a rename: nothing that takes long or can easily fail.
    ///
    /// - Throws: `StageError`: the run fails.
    mutating func commit() throws

    /// Removes what was written, and leaves the old destination as it was.
    mutating func abort()
}

extension Sink {
    /// Nothing, unless the sink says otherwise.
    ///
    /// - Parameter outcome: What became of the unit.
    public mutating func finishUnit(_ outcome: UnitOutcome) {}

    /// Finishes without the totals.
    ///
    /// - Parameter totals: What the run has counted.
    /// - Throws: As `finish()`.
    public mutating func finish(_ totals: RunTotals) throws { try finish() }
}

extension Sink where Encoder == JSONLinesEncoder {
    /// Makes an encoder of JSON lines.
    ///
    /// - Returns: The encoder.
    public func makeEncoder() -> JSONLinesEncoder { JSONLinesEncoder() }
}

/// Turns batches into the bytes that its sink writes.
///
/// Used on one worker's queue.
public protocol EventEncoder {
    /// Appends the selected events of a batch.
    ///
    /// An event that the destination cannot hold, although it takes others, is no reason to end the run: append nothing of
    /// it, and `reject` it.
    ///
    /// - Parameters:
    ///   - batch: The events.
    ///   - output: Where the bytes go; it may hold earlier ones.
    /// - Throws: Anything: it ends the run.
    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) throws

    /// Called after the last batch of every unit of work, so that an encoder can round off what it wrote for it.
    ///
    /// - Parameter output: Where the bytes go.
    /// - Throws: Anything: it ends the run.
    mutating func finishUnit(into output: OutputBuffer) throws
}

extension EventEncoder {
    /// Nothing, unless the encoder says otherwise.
    ///
    /// - Parameter output: Where the bytes would go.
    public mutating func finishUnit(into output: OutputBuffer) {}
}

/// Encodes events as JSON lines: the record as it came, with what transforms added before its last brace.
public struct JSONLinesEncoder: EventEncoder {
    private let lines = JSONLines()

    /// Makes an encoder.
    public init() {}

    /// Appends the selected events of a batch, a line each.
    ///
    /// - Parameters:
    ///   - batch: The events.
    ///   - output: Where the lines go.
    public mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        lines.append(batch, to: output)
    }
}

extension JSONLinesEncoder: RecordCopying {
    package var copiesRecords: Bool { true }
}
