import MHPipeKit
import Synchronization

/// What the parts of a run share: whether it goes on, why it does not, and how far it is.
final class RunState: Sendable {
    private let failure = Mutex<(any Error)?>(nil)
    private let stopped = Atomic(false)
    private let cancelled = Atomic(false)
    private let onStop: @Sendable () -> Void

    /// For plugins that wait for something outside the run; raised when it has failed.
    let stop = RunStop()

    let filesDone = Atomic(0)
    let bytesDone = Atomic(0)
    let events = Atomic(0)

    /// - Parameter onStop: Called when the run has failed, so that whoever waits for something looks again.
    init(onStop: @escaping @Sendable () -> Void = {}) {
        self.onStop = onStop
    }

    /// True when work in flight shall be let go of.
    var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// True when no new work shall be begun.
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// The first failure.
    var error: (any Error)? { failure.withLock { $0 } }

    /// Ends the run; the first failure is the one that is reported.
    func fail(_ error: any Error) {
        failure.withLock { $0 = $0 ?? error }
        stopped.store(true, ordering: .releasing)
        stop.raise()
        onStop()
    }

    /// Lets what is in flight end, and begins nothing new.
    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}
