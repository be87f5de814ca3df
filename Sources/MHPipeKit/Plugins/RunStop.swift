import Synchronization

/// Tells plugins that wait for something outside the run that nobody waits for them any more.
///
/// Any thread may raise it and ask. It is asked, not heard, so who waits looks at it now and then.
package final class RunStop: Sendable {
    private enum Level: Int {
        case none, stopped, urgent
    }

    private let level = Atomic(Level.none.rawValue)

    package init() {}

    /// True once what was begun shall be let go of.
    package var isRaised: Bool { level.load(ordering: .acquiring) >= Level.stopped.rawValue }

    /// True once there is less than a second left for it, since the user waits for the end of the process.
    package var isUrgent: Bool { level.load(ordering: .acquiring) >= Level.urgent.rawValue }

    /// Ends the waiting; it cannot be taken back.
    ///
    /// - Parameter isUrgent: True when the process shall end within a second.
    package func raise(isUrgent: Bool = false) {
        level.max(isUrgent ? Level.urgent.rawValue : Level.stopped.rawValue, ordering: .acquiringAndReleasing)
    }
}
