import Synchronization

/// Tells plugins that wait for something outside the run that nobody waits for them any more.
///
/// Any thread may raise it and ask. It is asked, not heard, so who waits looks at it now and then.
package final class RunStop: Sendable {
    private enum Level: Int {
        case none, enough, stopped, urgent
    }

    private let level = Atomic(Level.none.rawValue)

    package init() {}

    /// True once no more input is wanted than is there: what has no end of its own ends here.
    package var isEnough: Bool { has(.enough) }

    /// True once what was begun shall be let go of.
    package var isRaised: Bool { has(.stopped) }

    /// True once there is less than a second left for it, since the user waits for the end of the process.
    package var isUrgent: Bool { has(.urgent) }

    /// Ends the waiting; it cannot be taken back.
    ///
    /// - Parameter isUrgent: True when the process shall end within a second.
    package func raise(isUrgent: Bool = false) {
        raise(isUrgent ? .urgent : .stopped)
    }

    /// Ends the input that has no end of its own; what was read of it is wanted.
    package func endInput() {
        raise(.enough)
    }

    private func has(_ level: Level) -> Bool {
        self.level.load(ordering: .acquiring) >= level.rawValue
    }

    private func raise(_ level: Level) {
        self.level.max(level.rawValue, ordering: .acquiringAndReleasing)
    }
}
