import Dispatch
import MHPipeIO
import MHPipeKit
import Synchronization

/// Writes down, every few seconds, how far a run has come.
///
/// A unit is marked as it is handed out, so that all that work in the order of the units come to its end later: each sink
/// then makes durable what it has and says where that ends, each ordered stage writes down its state, and the log gives
/// what was counted. Nobody waits for the others; when the last has come, the record is written, on a queue of its own.
final class Committer: Sendable {
    private struct State {
        /// What was read by the run that this one goes on with.
        let base: Int
        var record: JournalRecord
        var states: [Int: [UInt8]] = [:]
        /// The records of units whose turn has come, and that no record of the run says of.
        var units: [UInt8] = []
        /// The bytes of those that records say of.
        var written = 0
        /// The parts that the record at hand waits for.
        var missing = 0
        var last: DispatchTime
        var hasRecord: Bool
        var isClosed = false
    }

    private struct Disk: @unchecked Sendable /* used on `queue` only */ {
        let folder: StateFolder
    }

    private let disk: Disk
    private let queue = DispatchQueue(label: "mhpipe.journal")
    private let state: Locked<State>
    private let marked = Atomic(-1)
    private let parts: Int
    private let interval: Duration
    private let fail: @Sendable (any Error) -> Void
    private let hash: Locked<Box>
    /// The number of the run among those that append; 0 where none does.
    private let run: Int
    private let manifest: RunManifest?

    private struct Box: @unchecked Sendable /* behind a mutex */ {
        let hash: UnitHash
    }

    /// - Parameters:
    ///   - folder: Where it is written down.
    ///   - record: Where the run goes on; for a new run one of no units.
    ///   - isResumed: True when the record is on the disk.
    ///   - sinks: How many sinks there are, the quarantine among them.
    ///   - stages: How many ordered stages there are.
    ///   - run: The number of the run among those that append; 0 where none does.
    ///   - started: When the run began, for a new one.
    ///   - interval: The time from one record to the next.
    ///   - manifest: The run's manifest, whose lines are kept with the rest.
    ///   - fail: Takes what keeps a record from being written.
    /// - Throws: `StageError` when the folder cannot be written.
    init(
        _ folder: StateFolder,
        from record: JournalRecord,
        isResumed: Bool,
        sinks: Int,
        stages: Int,
        run: Int = 0,
        started: String = "",
        interval: Duration,
        manifest: RunManifest?,
        fail: @escaping @Sendable (any Error) -> Void
    ) throws {
        disk = Disk(folder: folder)
        hash = Locked(Box(hash: try UnitHash()))
        self.run = run
        var record = record
        record.number = run
        if record.started.isEmpty { record.started = started }
        state = Locked(State(base: record.units, record: record, last: .now(), hasRecord: isResumed))
        parts = sinks + stages + 1
        self.interval = interval
        self.manifest = manifest
        self.fail = fail
        try folder.openUnits(behind: record.units)
    }

    /// True once there is something to go on with.
    var hasRecord: Bool { state.withLock { $0.hasRecord } }

    /// Marks the unit that is being handed out, when it is time.
    func handOut(_ unit: Int) {
        guard marked.load(ordering: .acquiring) < 0 else { return }
        state.withLock { state in
            guard state.missing == 0, DispatchTime.now() >= state.last + interval.dispatchInterval else { return }
            state.missing = parts
            state.states = [:]
            marked.store(unit, ordering: .releasing)
        }
    }

    /// True when a record is to be written at the end of the unit.
    func isMarked(_ unit: Int) -> Bool { marked.load(ordering: .acquiring) == unit }

    /// Takes note of a unit whose turn has come, and, at the marked one, of what was counted up to it.
    func end(_ outcome: UnitOutcome, unit: Int, counts: () -> StageCounts) {
        var record = hash.withLock { $0.hash.of(outcome.id, of: outcome.source) }
        record.run = UInt32(truncatingIfNeeded: run)
        switch outcome.ending {
        case .unreadable: record.fate = .unreadable
        case .damaged where outcome.events <= outcome.quarantined: record.fate = .dropped
        case .read, .damaged, .cut: break
        }
        let counts = isMarked(unit) ? counts() : nil
        let end = counts == nil ? nil : manifest?.mark
        add(isPart: counts != nil) { state in
            record.append(to: &state.units)
            if let counts {
                state.record.units = state.base + unit + 1
                state.record.counts = counts.numbers
                state.record.manifest = end
            }
        }
    }

    /// Takes a sink's checkpoint; `sink` is nil for the quarantine.
    func add(_ checkpoint: Checkpoint, of sink: Int?) {
        add { state in
            if let sink { state.record.sinks[sink] = checkpoint } else { state.record.quarantine = checkpoint }
        }
    }

    /// Takes the state of an ordered stage.
    func add(_ saved: [UInt8], ofStage stage: Int) {
        add { state in
            state.states[stage] = saved
            state.record.stages[stage, default: 0] += 1
        }
    }

    private func add(isPart: Bool = true, _ part: (inout State) -> Void) {
        state.withLock { state in
            part(&state)
            guard isPart, state.missing > 0, !state.isClosed else { return }
            state.missing -= 1
            // Within the lock, so that whoever closes finds it on the queue.
            if state.missing == 0 { queue.async { [self] in write() } }
        }
    }

    private func write() {
        let (record, units, states) = state.withLock { state in
            // Units behind the marked one may have come; the next record has them.
            let count = (state.record.units - state.base) * UnitRecord.count - state.written
            let units = Array(state.units.prefix(count))
            state.units.removeFirst(count)
            state.written += count
            return (state.record, units, state.states)
        }
        do {
            try manifest?.sync()
            try put(record, units, states)
        } catch {
            fail(error)
        }
        state.withLock { $0.last = .now() }
        marked.store(-1, ordering: .releasing)
    }

    /// Writes down that nothing is left but to put the outputs in their places.
    ///
    /// `states` are those of stages that later runs go on with.
    func end(
        _ counts: StageCounts,
        sinks: [Checkpoint],
        quarantine: Checkpoint?,
        states: [Int: [UInt8]] = [:]
    ) throws {
        try write(counts, sinks, quarantine, states, hasEnded: true)
    }

    var record: JournalRecord { state.withLock { $0.record } }

    /// Writes down how far a run has come that all stages have stopped at the same unit of.
    func pause(
        _ counts: StageCounts,
        sinks: [Checkpoint],
        quarantine: Checkpoint?,
        states: [Int: [UInt8]]
    ) throws {
        try write(counts, sinks, quarantine, states, hasEnded: false)
    }

    private func write(
        _ counts: StageCounts,
        _ sinks: [Checkpoint],
        _ quarantine: Checkpoint?,
        _ states: [Int: [UInt8]],
        hasEnded: Bool
    ) throws {
        try queue.sync {
            try manifest?.sync()
            let end = manifest?.mark
            let (record, units) = state.withLock { state in
                state.record.hasEnded = hasEnded
                state.record.manifest = end
                state.record.counts = counts.numbers
                for stage in states.keys { state.record.stages[stage, default: 0] += 1 }
                state.record.sinks = Dictionary(uniqueKeysWithValues: sinks.enumerated().map { ($0, $1) })
                state.record.quarantine = quarantine
                state.record.units = state.base + (state.written + state.units.count) / UnitRecord.count
                return (state.record, state.units)
            }
            try put(record, units, states)
        }
    }

    /// Writes a record; what it names is kept also when it may be there, and nobody knows.
    private func put(_ record: JournalRecord, _ units: [UInt8], _ states: [Int: [UInt8]]) throws {
        defer { if disk.folder.hasRecord { state.withLock { $0.hasRecord = true } } }
        try disk.folder.write(record, units: units, states: states)
    }

    /// Waits until what was begun is written.
    func drain() { queue.sync {} }

    /// Waits likewise, and takes no further part, so that no other record comes to be complete: from here on `hasRecord` says for good whether there is
    /// something to go on with.
    func close() {
        state.withLock { $0.isClosed = true }
        drain()
    }

    /// Forgets the run, when all outputs are in their places or nothing of it is to be kept.
    func clear() throws {
        try queue.sync { try disk.folder.clear() }
    }
}
