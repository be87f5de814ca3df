/// A transform with state: what it does with an event may depend on all events before it.
///
/// The runtime makes one instance and calls it on a queue of its own, with all events that reach the stage in the order of
/// the input, whatever the number of workers. All that is parallel before it and behind it waits for it in turn, so it
/// should do no more than has to be done in order.
///
/// The accounts of the stage are checked when the run ends: *in + made = out + dropped + rejected*. In are the events of
/// the batches it was handed, out those that it passed or emitted, made those that it emitted as JSON, dropped those that
/// left a batch with `keep(as:where:)` or were held and then dropped, rejected those that left it with `reject`. An event
/// that is held and then neither emitted nor dropped, or passed twice, fails the run.
public protocol OrderedTransform: TransformPlugin {
    /// Works on one batch.
    ///
    /// - Parameters:
    ///   - batch: The events, in memory of their own: they may be held without a copy.
    ///   - output: Takes what goes on, in the order in which it shall go on.
    /// - Throws: Anything: it ends the run.
    mutating func process(_ batch: EventBatch, into output: EventOutput) throws

    /// Called once after the last batch, for what comes at the end: what is still held, what was counted.
    ///
    /// - Parameter output: Takes what goes on.
    /// - Throws: Anything: the run fails, and nothing is committed.
    mutating func finish(into output: EventOutput) throws

    /// Writes down what the instance knows, so that another can go on from here.
    ///
    /// Called at the end of a unit, when all of its events were processed, and only where a run keeps its state.
    ///
    /// - Parameter state: Takes the bytes; their format is the plugin's own.
    /// - Throws: Anything: it ends the run.
    func save(into state: OutputBuffer) throws

    /// Takes over what another instance has written down.
    ///
    /// Called before the first batch, if at all.
    ///
    /// - Parameter state: What `save` has written, whole.
    /// - Throws: Anything: the run does not start.
    mutating func restore(_ state: Span<UInt8>) throws

    /// True when, in runs that append to what earlier ones wrote, each begins with what those before knew at their ends.
    ///
    /// The runtime keeps what `save` writes behind `finish`, hands all that earlier runs have committed to `restore`, in
    /// order, and then calls `beginRun`.
    ///
    /// - Parameter options: The stage's options.
    /// - Returns: False by default: each run begins anew.
    static func spansRuns(_ options: Options) -> Bool

    /// Called, where `spansRuns` says so, behind the states of earlier runs: `save` writes what comes from here on, and what
    /// is restored behind this is of the run itself, which was stopped.
    ///
    /// - Throws: Anything: the run does not start.
    mutating func beginRun() throws
}

extension OrderedTransform {
    /// False.
    ///
    /// - Parameter options: The stage's options.
    /// - Returns: False.
    public static func spansRuns(_ options: Options) -> Bool { false }

    /// Nothing, unless the transform says otherwise.
    public mutating func beginRun() {}

    /// Nothing, unless the transform says otherwise.
    ///
    /// - Parameter output: Where events would go.
    public mutating func finish(into output: EventOutput) {}
}

/// Takes the events that an ordered transform passes on.
///
/// Used inside the call it is handed to. Events go on in the order in which they are given.
public final class EventOutput {
    private let deliver: (EventBatch) throws -> Void
    private let builder = BatchBuilder()
    private var failure: (any Error)?

    /// The events that went on, those that were made among them.
    package private(set) var passed = 0
    /// The events that were made here.
    package private(set) var made = 0
    /// The events that were held and then dropped.
    package private(set) var drops = DropCounts()

    /// Single events are put together up to so many bytes.
    private static let batchBytes = 512 << 10

    /// - Parameter deliver: Takes the batches in order; once it has thrown it is not called again.
    package init(deliver: @escaping (EventBatch) throws -> Void) {
        self.deliver = deliver
    }

    /// Passes on the events that are selected in a batch, with what was added to them.
    ///
    /// - Parameter batch: One that was handed to the transform, or was built of events that it held.
    public func pass(_ batch: EventBatch) {
        guard !batch.isEmpty else { return }
        flush()
        passed += batch.count
        // What comes behind drops and adds, and the transform may hold events of the batch.
        send(batch.fork())
    }

    /// Passes on an event that was held.
    ///
    /// - Parameter event: The event; what was added to it goes with it.
    public func emit(_ event: HeldEvent) {
        builder.append(event.batch, row: event.row)
        count()
    }

    /// Drops an event that was held, for good.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - reason: What the runtime counts it as.
    public func drop(_ event: HeldEvent, as reason: DropReason = .filtered) {
        drops.count(1, as: reason)
    }

    /// Drops so many events that were kept as bytes, for good.
    package func drop(_ count: Int) { drops.count(count, as: .filtered) }

    /// Passes on another text in the place of an event that was held; false when it is no JSON object.
    package func emit(json: String, inPlaceOf event: HeldEvent) -> Bool {
        let (batch, row) = (event.batch, event.row)
        let number = unsafe batch.rows.records[row].number
        guard
            builder.append(json: json, origin: batch.origin(ofRow: row), number: number, mark: batch.mark(ofRow: row))
        else { return false }
        count()
        return true
    }

    /// Passes on a new event; it is counted as made.
    ///
    /// - Parameters:
    ///   - json: One JSON object (RFC 8259).
    ///   - origin: What `Event.origin` shall say of it.
    /// - Throws: `StageError` when the text is no JSON object.
    public func emit(json: String, origin: EventOrigin) throws {
        guard builder.append(json: json, origin: origin, number: made) else {
            throw StageError("made an event that is no JSON object: \(json.prefix(100))")
        }
        made += 1
        count()
    }

    /// Hands on what was collected, and reports what went wrong behind this stage.
    package func finish() throws {
        flush()
        if let failure { throw failure }
    }

    private func count() {
        passed += 1
        if builder.byteCount >= Self.batchBytes { flush() }
    }

    private func flush() {
        if builder.count > 0 { send(builder.build()) }
    }

    private func send(_ batch: EventBatch) {
        guard failure == nil else { return }
        do {
            try deliver(batch)
        } catch {
            failure = error
        }
    }
}
