import MHPipeKit
import Synchronization

/// What the parts of a run share: whether it goes on, why it does not, and how far it is.
final class RunState: Sendable {
    /// Why a run ends without a commit.
    enum End: Sendable {
        /// Something failed.
        case failed(any Error)
        /// It was cancelled, and nothing is wanted of it.
        case aborted
        /// The readers of all sinks have gone away.
        case noReader
    }

    private struct State {
        var end: End?
        var isCommitting = false
    }

    private let state = Locked(State())
    private let stopped = Atomic(false)
    private let cancelled = Atomic(false)
    private let cut = Atomic(false)
    /// The sinks that still write.
    private let openSinks: Atomic<Int>
    private let onStop: @Sendable () -> Void

    /// For whoever waits for something outside the run.
    let stop = RunStop()

    let retries: Retries
    let filesDone = Atomic(0)
    /// Of what was handed out, what workers are done with.
    let unitsDone = Atomic(0)
    let bytesDone = Atomic(0)
    let events = Atomic(0)

    /// - Parameters:
    ///   - sinks: How many sinks there are.
    ///   - retries: How often calls that failed are made again.
    ///   - onStop: Called when work in flight is to be let go of, so that whoever waits for something looks again.
    init(sinks: Int = 1, retries: Retries = Retries(), onStop: @escaping @Sendable () -> Void = {}) {
        self.retries = retries
        openSinks = Atomic(sinks)
        self.onStop = onStop
    }

    /// True when work in flight shall be let go of.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// True when no new work shall be begun.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// True when a unit that has no end of its own was ended by the run.
    var hasCut: Bool { cut.load(ordering: .acquiring) }

    /// Takes note that such a unit was ended.
    func noteCut() {
        cut.store(true, ordering: .releasing)
    }

    /// Ends the run without a commit; the first reason is the one that counts.
    ///
    /// - Parameters:
    ///   - end: Why.
    ///   - isUrgent: True when the process shall end within a second.
    /// - Returns: False when it is too late, since outputs are being put in their places.
    @discardableResult
    func end(_ end: End, isUrgent: Bool = false) -> Bool {
        let isInTime = state.withLock { state in
            guard !state.isCommitting else { return false }
            state.end = state.end ?? end
            return true
        }
        guard isInTime else { return false }
        stopped.store(true, ordering: .releasing)
        stop.raise(isUrgent: isUrgent)
        onStop()
        return true
    }

    /// Ends the run with a failure.
    func fail(_ error: any Error) {
        end(.failed(error))
    }

    /// Takes note that a sink writes no more, since its reader has gone away; without any sink the run ends.
    func endSink() {
        if openSinks.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 { end(.noReader) }
    }

    /// Lets what is in flight end, and begins nothing new; false when it is too late for that.
    func cancel() -> Bool {
        guard !state.withLock({ $0.isCommitting }) else { return false }
        cancelled.store(true, ordering: .releasing)
        stop.endInput()
        return true
    }

    /// Begins to put outputs in their places, which nothing stops; the reason when the run has ended before.
    func beginCommit() -> End? {
        state.withLock { state in
            state.isCommitting = state.end == nil
            return state.end
        }
    }
}
