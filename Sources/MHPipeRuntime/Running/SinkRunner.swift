import MHPipeKit
import Synchronization

/// One sink of a run, on its own serial queue.
///
/// A sink whose reader has gone away, as that of a pipe may, ends by itself: what is still made for it is let go of.
final class SinkRunner: Sendable {
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

        /// Has the sink do something, unless it has ended.
        func attempt(_ work: (inout any Sink) throws -> Void) throws {
            guard !hasEnded.load(ordering: .relaxed) else { return }
            do {
                try work(&sink)
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
    }

    let name: String
    private let box: Box
    private let queue: OrderedQueue<OutputBuffer>
    private let budget: ByteBudget
    private let pool: BufferPool
    private let state: RunState
    private let number: Int
    /// The sections that give it events, in the order in which a unit's bytes are written.
    private let sections: [Int]

    /// Encoded bytes that are worth waking the sink's queue for; a small part of the budget.
    private static let batchBytes = 1 << 20

    init(
        name: String,
        number: Int,
        sections: [Int],
        sink: any Sink,
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
            weight: { $0.count },
            onHold: { budget.hold($0.count) },
            onQueue: { budget.queue($0.count, sink: number, wereHeld: $1) },
            deliver: { buffer in
                let count = buffer.count
                do {
                    if !state.isStopped { try box.attempt { try $0.write(buffer.bytes) } }
                } catch {
                    state.fail(error)
                }
                pool.give(buffer)
                budget.release(count, sink: number)
            }
        )
    }

    /// True once the reader of what the sink writes has gone away; any queue may ask.
    var hasEnded: Bool { box.hasEnded.load(ordering: .relaxed) }

    /// Opens the destination.
    func open() throws {
        try queue.sync {
            try box.attempt { try $0.open() }
            box.isOpen = !hasEnded
        }
    }

    /// Takes what an encoder made of some batches of a unit; waits while too much is in flight.
    func submit(_ buffer: OutputBuffer, unit: Int, section: Int) {
        guard !hasEnded, let slot = slot(unit, section) else { return pool.give(buffer) }
        // A later section comes alone and in order: waiting for what others hold could be waiting for its own.
        budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
        queue.submit(buffer, unit: slot)
    }

    /// Takes note that a section has nothing more of a unit for this sink.
    func finish(unit: Int, section: Int) {
        guard let slot = slot(unit, section) else { return }
        queue.finish(unit: slot)
        budget.wake()
    }

    /// The place in line of a section's part of a unit; nil when the section gives nothing to this sink.
    private func slot(_ unit: Int, _ section: Int) -> Int? {
        sections.firstIndex(of: section).map { unit * sections.count + $0 }
    }

    /// Writes what is left and makes it durable, unless the run has failed by then.
    func finish() throws {
        try queue.sync { if !state.isStopped { try box.attempt { try $0.finish() } } }
    }

    /// Puts the result in its place.
    func commit() throws {
        try queue.sync {
            try box.attempt { try $0.commit() }
            box.isOpen = false
        }
    }

    /// Removes what was written, when anything was.
    func abort() {
        queue.sync { box.abort() }
    }
}
