import Dispatch
package import MHPipeKit

/// Bounds what is on its way to a bucket, so that who makes it waits when the network does not keep up.
///
/// What is large takes more than one slot. One thread takes slots, any gives them back.
package final class UploadSlots: Sendable {
    private let free = DispatchSemaphore(value: 0)
    private let count: Int
    private let unit: Int

    /// - Parameters:
    ///   - count: How many requests may be on their way.
    ///   - unit: The bytes that each slot is for.
    package init(_ count: Int, of unit: Int) {
        (self.count, self.unit) = (count, unit)
        for _ in 0..<count { free.signal() }
    }

    private func share(_ bytes: Int) -> Int { min(count, max(1, bytes / unit)) }

    /// Waits for room; false when nobody waits any more.
    package func take(_ bytes: Int, _ stop: RunStop = RunStop()) -> Bool {
        for taken in 0..<share(bytes) {
            while free.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
                guard stop.isRaised else { continue }
                for _ in 0..<taken { free.signal() }
                return false
            }
        }
        return true
    }

    /// Gives room back.
    package func give(_ bytes: Int) {
        for _ in 0..<share(bytes) { free.signal() }
    }
}
