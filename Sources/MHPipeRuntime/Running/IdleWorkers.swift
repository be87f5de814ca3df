import MHPipeKit
import Dispatch

/// The workers that wait for a unit, and the run that waits for all of them to be busy.
final class IdleWorkers: Sendable {
    fileprivate struct State {
        var count = 0
        /// One for each thread that waits for a change.
        var waiters: [DispatchSemaphore] = []

        mutating func wakeAll() {
            for waiter in waiters { waiter.signal() }
            waiters.removeAll(keepingCapacity: true)
        }
    }

    private let state = Locked(State())

    /// Waits as an idle worker until a moment, or until `wake` is called.
    ///
    /// - Parameters:
    ///   - moment: When to look again.
    ///   - isOver: Asked before the wait, so that no `wake` is missed.
    func wait(until moment: DispatchTime, isOver: () -> Bool) {
        let waiter = state.withLock { state -> DispatchSemaphore? in
            guard !isOver() else { return nil }
            state.count += 1
            return state.line()
        }
        guard let waiter else { return }
        _ = waiter.wait(timeout: moment)
        cameUp()
    }

    /// Takes note of a worker that is about to ask for a unit.
    func expect() {
        state.withLock { $0.count += 1 }
    }

    /// Takes note that it has asked.
    func cameUp() {
        state.withLock { state in
            state.count -= 1
            if state.count == 0 { state.wakeAll() }
        }
    }

    /// Waits likewise without being an idle worker.
    func watch(until moment: DispatchTime, isOver: () -> Bool) {
        let waiter = state.withLock { isOver() ? nil : $0.line() }
        _ = waiter?.wait(timeout: moment)
    }

    /// Waits while some worker is idle, unless it is over.
    func waitUntilBusy(isOver: () -> Bool) {
        while let waiter = state.withLock({ $0.count > 0 && !isOver() ? $0.line() : nil }) { waiter.wait() }
    }

    /// Has all that wait look again.
    func wake() {
        state.withLock { $0.wakeAll() }
    }
}

extension IdleWorkers.State {
    fileprivate mutating func line() -> DispatchSemaphore {
        let waiter = DispatchSemaphore(value: 0)
        waiters.append(waiter)
        return waiter
    }
}
