import Dispatch
import Synchronization

/// Wakes one thread that waits, also when it was rung before that; any thread may ring.
final class Doorbell: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let isRung = Atomic(false)

    /// Wakes the one who waits, or the next who does.
    func ring() {
        if !isRung.exchange(true, ordering: .acquiringAndReleasing) { semaphore.signal() }
    }

    /// Waits for the bell, and no longer than to a moment.
    func wait(until moment: DispatchTime = .distantFuture) {
        if semaphore.wait(timeout: moment) == .success { isRung.store(false, ordering: .releasing) }
    }
}
