/// Whether a batch may still be used, shared by all that stand on its memory.
package final class BatchLifetime {
    /// True when the call is over that the batch was handed to.
    package var isOver = false
    /// True when a late use is to be noted, not stopped at.
    package var isWatched = false
    /// True when something was used late.
    package private(set) var isUsedLate = false

    func noteLateUse() {
        isUsedLate = true
        assert(
            isWatched,
            "an event was used after the call that its batch was handed to; keep a copy: held(), detached()"
        )
    }
}
