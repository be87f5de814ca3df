import Dispatch
import MHPipeKit

/// What a completion gives, for somebody who waits for it.
final class Awaited<Value: Sendable>: Sendable {
    private let value = Locked<Value?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    /// Takes the value; once.
    func put(_ value: Value) {
        self.value.withLock { $0 = value }
        isThere.signal()
    }

    /// Waits for the value, once, and not from a completion; nil when it is not wanted any more, which is looked for ten times a second.
    func wait(_ stop: RunStop) -> Value? {
        while isThere.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if stop.isRaised { return nil }
        }
        return value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
