import MHPipeKit
import Dispatch

/// Bounds the encoded bytes that wait for a sink: the back-pressure of a run.
///
/// The worker whose unit is next in line for a sink waits for that sink only. Everyone else also waits while the bytes
/// that are held back for later fill the budget. So the one that all others wait for is never among those that wait.
final class ByteBudget: Sendable {
    private struct State {
        /// Bytes of units that are not next in line.
        var held = 0
        /// For each sink, bytes on its queue.
        var queued: [Int]
        /// One for each thread that waits for a change.
        var waiters: [DispatchSemaphore] = []

        mutating func wakeAll() {
            for waiter in waiters { waiter.signal() }
            waiters.removeAll(keepingCapacity: true)
        }
    }

    private let state: Locked<State>
    private let limit: Int

    init(limit: Int, sinks: Int) {
        self.limit = limit
        state = Locked(State(queued: Array(repeating: 0, count: sinks)))
    }

    /// Waits until a worker may submit to a sink.
    ///
    /// - Parameters:
    ///   - sink: The sink's number.
    ///   - isNext: Asked again after every change: whether the worker's unit is the next in line.
    ///   - isStopped: Asked likewise; ends the wait.
    func wait(for sink: Int, isNext: () -> Bool, isStopped: () -> Bool) {
        while !isStopped() {
            // Looking and lining up to wait are one step, so that no change falls between them.
            let waiter = state.withLock { state -> DispatchSemaphore? in
                let queued = state.queued[sink]
                if isNext() ? queued < limit : state.held + queued < limit { return nil }
                if isStopped() { return nil }
                let waiter = DispatchSemaphore(value: 0)
                state.waiters.append(waiter)
                return waiter
            }
            guard let waiter else { return }
            waiter.wait()
        }
    }

    /// Counts bytes that are held back for later.
    func hold(_ bytes: Int) {
        state.withLock { $0.held += bytes }
    }

    /// Counts bytes that go to a sink's queue, held back before or not.
    func queue(_ bytes: Int, sink: Int, wereHeld: Bool) {
        state.withLock { state in
            if wereHeld { state.held -= bytes }
            state.queued[sink] += bytes
        }
    }

    /// Counts bytes that a sink has written.
    func release(_ bytes: Int, sink: Int) {
        state.withLock { state in
            state.queued[sink] -= bytes
            state.wakeAll()
        }
    }

    /// The bytes that are held back, those that are queued for each sink, and how many threads wait for less.
    var queuedBytes: (held: Int, queued: [Int], waiting: Int) {
        state.withLock { ($0.held, $0.queued, $0.waiters.count) }
    }

    var bytes: Int { state.withLock { $0.held + $0.queued.reduce(0, +) } }

    /// Wakes all that wait, after another unit became the next in line or the run was stopped.
    func wake() {
        state.withLock { $0.wakeAll() }
    }
}
