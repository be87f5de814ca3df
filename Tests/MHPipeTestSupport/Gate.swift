import Dispatch

/// A gate that is shut until a test opens it, so that a test decides what happens before what, without sleeping.
public final class Gate: Sendable {
    /// Nobody opened the gate: what the test waits for does not happen.
    public struct Stuck: Error {}

    private let semaphore = DispatchSemaphore(value: 0)

    /// Makes a gate that is shut.
    public init() {}

    /// Opens the gate for all who wait and all who come later.
    public func open() {
        semaphore.signal()
    }

    /// Waits for the gate to open.
    ///
    /// - Throws: `Stuck` when nobody opens it, so that a test that would hang fails.
    public func pass() throws {
        guard semaphore.hasCome() else { throw Stuck() }
        semaphore.signal()
    }
}
