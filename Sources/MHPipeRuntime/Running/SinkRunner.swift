import MHPipeKit
import Synchronization

/// One sink of a run, on its own serial queue.
///
/// A sink whose reader has gone away, as that of a pipe may, ends by itself: what is still made for it is let go of.
final class SinkRunner: Sendable {
    /// What comes for the sink.
    private enum Arrival: Sendable {
        case bytes(OutputBuffer)
        case unitEnd(UnitOutcome, number: Int)

        /// What it counts for in the budget.
        var weight: Int {
            switch self {
            case .bytes(let buffer): buffer.count
            case .unitEnd(let unit, _): unit.weight
            }
        }
    }

    /// The sink, which its queue alone touches.
    private final class Box: @unchecked Sendable /* used on the runner's serial queue only, but for `hasEnded` */ {
        var sink: any Sink
        var isOpen = false
        let hasEnded = Atomic(false)
        private let state: RunState

        init(_ sink: any Sink, _ state: RunState) {
            self.sink = sink
            self.state = state
        }

        /// Has the sink do something, unless it has ended, and again where that may help.
        func attempt(isRetried: Bool = true, _ work: (inout any Sink) throws -> Void) throws {
            guard !hasEnded.load(ordering: .relaxed) else { return }
            do {
                let retries = isRetried ? state.retries : Retries(pauses: [])
                try retries.run(isStopped: { state.isStopped }) { try work(&sink) }
            } catch let error as StageError where error.isClosedPipe {
                abort()
                hasEnded.store(true, ordering: .relaxed)
                state.endSink()
            }
        }

        func abort() {
            if isOpen { sink.abort() }
            isOpen = false
        }

        /// Opens the sink, where a run that keeps its state begins or goes on, if it does.
        func open(_ start: SinkStart?) throws {
            try attempt { sink in
                guard let start, var resumable = sink as? any ResumableSink else { return try sink.open() }
                defer { sink = resumable }
                try resumable.open(start)
            }
            isOpen = !hasEnded.load(ordering: .relaxed)
        }

        func checkpoint() throws -> Checkpoint? {
            var checkpoint: Checkpoint?
            try attempt { sink in
                guard var resumable = sink as? any ResumableSink else { return }
                defer { sink = resumable }
                checkpoint = try resumable.checkpoint()
            }
            return checkpoint
        }

        func suspend() {
            guard isOpen, var resumable = sink as? any ResumableSink else { return }
            resumable.suspend()
            sink = resumable
            isOpen = false
        }
    }

    let name: String
    private let box: Box
    private let queue: OrderedQueue<Arrival>
    private let budget: ByteBudget
    private let pool: BufferPool
    private let state: RunState
    private let number: Int
    /// The sections that give it events, in the order in which a unit's bytes are written.
    private let sections: [Int]

    /// Encoded bytes that are worth waking the sink's queue for; a small part of the budget.
    private static let batchBytes = 1 << 20

    /// - Parameters:
    ///   - name: Its name, for debuggers and messages.
    ///   - number: Its number among those that wait for bytes.
    ///   - sections: The sections that give it events.
    ///   - sink: The sink.
    ///   - isLive: True to write at once what comes, since somebody may watch.
    ///   - committer: Takes checkpoints, where the run keeps its state.
    ///   - stateNumber: The sink's number there; nil for the quarantine.
    ///   - state: The run's.
    ///   - budget: What bounds what waits.
    ///   - pool: Where buffers go back to.
    init(
        name: String,
        number: Int,
        sections: [Int],
        sink: any Sink,
        isLive: Bool = false,
        committer: Committer? = nil,
        stateNumber: Int? = nil,
        state: RunState,
        budget: ByteBudget,
        pool: BufferPool
    ) {
        self.sections = sections
        self.name = name
        self.number = number
        self.state = state
        self.budget = budget
        self.pool = pool
        let box = Box(sink, state)
        self.box = box
        queue = OrderedQueue(
            label: "mhpipe.sink.\(name)",
            batchWeight: Self.batchBytes,
            weight: { arrival in
                switch arrival {
                case .bytes where isLive: Self.batchBytes
                // Others wait for the checkpoint.
                case .unitEnd(_, let number) where committer?.isMarked(number) == true: Self.batchBytes
                default: arrival.weight
                }
            },
            onHold: { budget.hold($0.weight) },
            onQueue: { budget.queue($0.weight, sink: number, wereHeld: $1) },
            deliver: { arrival in
                let weight = arrival.weight
                do {
                    switch arrival {
                    case .bytes(let buffer):
                        if !state.isStopped { try box.attempt { try unsafe $0.write(buffer.bytes) } }
                        pool.give(buffer)
                    case .unitEnd(let unit, let number):
                        if !state.isStopped {
                            try box.attempt { try $0.finishUnit(unit) }
                            if let committer, committer.isMarked(number), let checkpoint = try box.checkpoint() {
                                committer.add(checkpoint, of: stateNumber)
                            }
                        }
                    }
                } catch {
                    state.fail(error)
                }
                budget.release(weight, sink: number)
            }
        )
    }

    /// True once the reader of what the sink writes has gone away; any queue may ask.
    var hasEnded: Bool { box.hasEnded.load(ordering: .relaxed) }

    /// Of the quarantine, the lines that it had no room for.
    var leftOut: Int {
        queue.sync { [box] in (box.sink as? QuarantineFile)?.leftOut ?? 0 }
    }

    /// Of the quarantine, whether it does not have all of its lines.
    var hasLost: Bool {
        queue.sync { [box] in hasEnded || (box.sink as? QuarantineFile)?.hasLost ?? false }
    }

    /// The files of a path with fields that it has put in their places.
    var writtenFiles: [WrittenFile] { queue.sync { [box] in box.sink.listing?.writtenFiles ?? [] } }

    /// Where in its one file what the run has written begins; nil where the sink does not say.
    var offset: Int? { queue.sync { [box] in (box.sink as? QuarantineFile)?.offset ?? box.sink.listing?.offset } }

    /// Opens the destination, in a run that keeps its state where that begins or goes on.
    func open(_ start: SinkStart? = nil) throws {
        try queue.sync { try box.open(start) }
    }

    /// Where all that was written ends, once it is finished.
    func checkpoint() throws -> Checkpoint? {
        try queue.sync { try box.checkpoint() }
    }

    /// Leaves what was written for a later run.
    func suspend() {
        queue.sync { box.suspend() }
    }

    /// Takes what an encoder made of some batches of a unit; waits while too much is in flight.
    func submit(_ buffer: OutputBuffer, unit: Int, section: Int) {
        guard !hasEnded, let slot = slot(unit, section) else { return pool.give(buffer) }
        submit(.bytes(buffer), slot, section)
    }

    /// Waits while too much is in flight, and hands on.
    private func submit(_ arrival: Arrival, _ slot: Int, _ section: Int) {
        // A later section comes alone and in order: waiting for what others hold could be waiting for its own.
        budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
        queue.submit(arrival, unit: slot)
    }

    /// Takes note that a section has nothing more of a unit for this sink.
    ///
    /// - Parameters:
    ///   - unit: What became of the unit; nil behind the last one.
    ///   - number: The unit's number.
    ///   - section: The section.
    func finish(_ unit: UnitOutcome?, number: Int, section: Int) {
        guard let slot = slot(number, section) else { return }
        if let unit, section == sections.last { submit(.unitEnd(unit, number: number), slot, section) }
        queue.finish(unit: slot)
        budget.wake()
    }

    /// The place in line of a section's part of a unit; nil when the section gives nothing to this sink.
    private func slot(_ unit: Int, _ section: Int) -> Int? {
        sections.firstIndex(of: section).map { unit * sections.count + $0 }
    }

    /// Writes what is left and makes it durable, unless the run has failed by then.
    func finish(_ run: RunTotals) throws {
        try queue.sync { if !state.isStopped { try box.attempt { try $0.finish(run) } } }
    }

    /// Puts the result in its place.
    func commit() throws {
        try queue.sync {
            // Nothing stops a run from here on, so it must not wait.
            try box.attempt(isRetried: false) { try $0.commit() }
            box.isOpen = false
        }
    }

    /// Removes what a run would need that does the commit again.
    func forget() {
        queue.sync { [box] in box.sink.forgetting?.forget() }
    }

    /// Removes what was written, when anything was.
    func abort() {
        queue.sync { box.abort() }
    }
}
