public import Dispatch

extension DispatchSemaphore {
    /// Waits for what a test needs to happen; false when it does not.
    ///
    /// Twenty minutes pass before that is said: long enough for a machine that does much else, and less than the bound of
    /// a suite, which cannot end a thread that waits.
    public func hasCome() -> Bool {
        wait(timeout: .now() + .seconds(1200)) == .success
    }
}
