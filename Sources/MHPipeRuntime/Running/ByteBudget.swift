import Foundation

/// Bounds the encoded bytes that wait for a sink: the back-pressure of a run.
///
/// The worker whose unit is next in line for a sink waits for that sink only. Everyone else also waits while the bytes
/// that are held back for later fill the budget. So the one that all others wait for is never among those that wait.
final class ByteBudget: @unchecked Sendable /* `held` and `queued` are used under the condition's lock only */ {
    private let condition = NSCondition()
    private let limit: Int
    /// Bytes of units that are not next in line.
    private var held = 0
    /// For each sink, bytes on its queue.
    private var queued: [Int]

    init(limit: Int, sinks: Int) {
        self.limit = limit
        queued = Array(repeating: 0, count: sinks)
    }

    /// Waits until a worker may submit to a sink.
    ///
    /// - Parameters:
    ///   - sink: The sink's number.
    ///   - isNext: Asked again after every change: whether the worker's unit is the next in line.
    ///   - isStopped: Asked likewise; ends the wait.
    func wait(for sink: Int, isNext: () -> Bool, isStopped: () -> Bool) {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped() {
            let total = held + queued[sink]
            if isNext() ? queued[sink] < limit : total < limit { return }
            condition.wait()
        }
    }

    /// Counts bytes that are held back for later.
    func hold(_ bytes: Int) {
        condition.withLock { held += bytes }
    }

    /// Counts bytes that go to a sink's queue, held back before or not.
    func queue(_ bytes: Int, sink: Int, wereHeld: Bool) {
        condition.withLock {
            if wereHeld { held -= bytes }
            queued[sink] += bytes
        }
    }

    /// Counts bytes that a sink has written.
    func release(_ bytes: Int, sink: Int) {
        condition.withLock {
            queued[sink] -= bytes
            condition.broadcast()
        }
    }

    /// Wakes all that wait, after another unit became the next in line or the run was stopped.
    func wake() {
        condition.withLock { condition.broadcast() }
    }
}
