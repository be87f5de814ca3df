import MHPipeKit

/// Keeps what it is given, and fails where a test wants it to.
struct ScriptedSink: Sink {
    static let name = "scripted_sink"
    static let summary = "Keeps what it is given."

    struct Options: PluginOptions {
        var journal = SinkJournal()
        var failsAt: SinkJournal.Step?
        var failure = StageError("the sink cannot go on")
        /// How often it fails, before it does what it shall.
        var failures = Int.max
        /// Appended behind the lines of every batch.
        var padding = 0
        /// True for one that does not look at what is in the records.
        var copies = false
        /// Called when the sink is about to fail.
        var whenFailed: @Sendable () -> Void = {}
        /// Called in `commit`.
        var beforeCommitting: @Sendable () -> Void = {}
        /// Called in `encode`, on a worker's queue.
        var beforeEncoding: @Sendable (EventBatch) throws -> Void = { _ in }

        static let all: [Option<Options>] = []
    }

    struct Encoder: EventEncoder {
        var options: Options
        private var lines = JSONLinesEncoder()

        init(_ options: Options) {
            self.options = options
        }

        mutating func encode(_ batch: EventBatch, into output: OutputBuffer) throws {
            try options.beforeEncoding(batch)
            lines.encode(batch, into: output)
            output.append([UInt8](repeating: UInt8(ascii: "\n"), count: options.padding))
        }
    }

    private let options: Options

    init(_ options: Options, _ context: PluginContext) {
        self.options = options
    }

    func makeEncoder() -> Encoder { Encoder(options) }

    mutating func open() throws { try take(.open) }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try take(.write)
        options.journal.append(bytes)
    }

    mutating func finishUnit(_ outcome: UnitOutcome) { options.journal.note(outcome) }

    mutating func finish(_ totals: RunTotals) throws {
        options.journal.note(totals)
        try finish()
    }

    mutating func finish() throws { try take(.finish) }
    mutating func commit() throws {
        options.beforeCommitting()
        try take(.commit)
    }
    mutating func abort() { options.journal.note(.abort) }

    private func take(_ step: SinkJournal.Step) throws {
        options.journal.note(step)
        guard options.failsAt == step, options.journal.countFailure() <= options.failures else { return }
        options.whenFailed()
        throw options.failure
    }
}

extension ScriptedSink.Encoder: RecordCopying {
    var copiesRecords: Bool { options.copies }
}

/// What a sink was asked to do, in order, and the bytes it took.
final class SinkJournal: Sendable {
    enum Step: String, Sendable, CaseIterable {
        case open, write, finish, commit, abort
    }

    private struct State {
        var steps: [Step] = []
        var bytes: [UInt8] = []
        var units: [(outcome: UnitOutcome, bytes: Int)] = []
        var totals: RunTotals?
        var failures = 0
    }

    private let state = Locked(State())

    func note(_ step: Step) {
        state.withLock { $0.steps.append(step) }
    }

    /// How often it was to fail, this time included.
    func countFailure() -> Int {
        state.withLock { state in
            state.failures += 1
            return state.failures
        }
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        state.withLock { $0.bytes += bytes }
    }

    func note(_ outcome: UnitOutcome) {
        state.withLock { $0.units.append((outcome, $0.bytes.count)) }
    }

    func note(_ totals: RunTotals) {
        state.withLock { $0.totals = totals }
    }

    /// The units that ended, each with the bytes that were there by then.
    var units: [(outcome: UnitOutcome, bytes: Int)] { state.withLock { $0.units } }

    var totals: RunTotals? { state.withLock { $0.totals } }

    /// The steps, with writes that follow one another as one.
    var steps: [Step] {
        state.withLock { state in
            state.steps.reduce(into: []) { if $0.last != .write || $1 != .write { $0.append($1) } }
        }
    }

    var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// The lines of text, without those that are empty.
    var lines: [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
