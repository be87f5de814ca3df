import MHPipeKit

/// One sink of a run, on its own serial queue.
final class SinkRunner: Sendable {
    /// The sink, which its queue alone touches.
    private final class Box: @unchecked Sendable /* used on the runner's serial queue only */ {
        var sink: any Sink
        var isOpen = false

        init(_ sink: any Sink) {
            self.sink = sink
        }
    }

    let name: String
    private let box: Box
    private let queue: OrderedQueue<OutputBuffer>
    private let budget: ByteBudget
    private let state: RunState
    private let number: Int

    /// Encoded bytes that are worth waking the sink's queue for; a small part of the budget.
    private static let batchBytes = 1 << 20

    init(name: String, number: Int, sink: any Sink, state: RunState, budget: ByteBudget, pool: BufferPool) {
        self.name = name
        self.number = number
        self.state = state
        self.budget = budget
        let box = Box(sink)
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
                    if !state.isStopped { try box.sink.write(buffer.bytes) }
                } catch {
                    state.fail(error)
                }
                pool.give(buffer)
                budget.release(count, sink: number)
            }
        )
    }

    /// Opens the destination.
    func open() throws {
        try queue.sync {
            try box.sink.open()
            box.isOpen = true
        }
    }

    /// Takes what an encoder made of some batches of a unit; waits while too much is in flight.
    func submit(_ buffer: OutputBuffer, unit: Int) {
        budget.wait(for: number, isNext: { queue.isNext(unit) }, isStopped: { state.isStopped })
        queue.submit(buffer, unit: unit)
    }

    /// Takes note that a unit has nothing more for this sink.
    func finish(unit: Int) {
        queue.finish(unit: unit)
        budget.wake()
    }

    /// Writes what is left and makes it durable, unless the run has failed by then.
    func finish() throws {
        try queue.sync { if !state.isStopped { try box.sink.finish() } }
    }

    /// Puts the result in its place.
    func commit() throws {
        try queue.sync {
            try box.sink.commit()
            box.isOpen = false
        }
    }

    /// Removes what was written, when anything was.
    func abort() {
        queue.sync {
            if box.isOpen { box.sink.abort() }
            box.isOpen = false
        }
    }
}
