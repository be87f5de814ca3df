package import MHPipeKit

/// The time as servers have it, which signatures and the ends of credentials go by.
///
/// It is that of this machine until a server refuses it.
package final class ServerClock: Sendable {
    private let ahead = Locked(Duration.zero)
    private let warn: @Sendable (String) -> Void

    /// Less than this is no reason to refuse a signature.
    private static let tolerance = Duration.seconds(60)

    /// - Parameter warn: Tells the user.
    package init(warn: @escaping @Sendable (String) -> Void = { _ in }) {
        self.warn = warn
    }

    /// How far servers are ahead of this machine.
    package var skew: Duration { ahead.withLock { $0 } }

    package var now: Timestamp { Timestamp.now.advanced(by: skew) }

    /// Takes over the time of a server, and says so.
    ///
    /// - Parameters:
    ///   - time: The time by the server's answer.
    ///   - host: The server.
    ///   - used: How far a call was set forward that it has refused.
    /// - Returns: False when that is what the call was signed with, whatever others have learned since.
    func adopt(_ time: Timestamp, of host: String, insteadOf used: Duration) -> Bool {
        let skew = time.duration(since: .now)
        let isNew = ahead.withLock { ahead in
            let isNew = Self.differ(skew, ahead)
            ahead = skew
            return isNew
        }
        if isNew {
            let seconds = Int(skew.components.seconds)
            let length = abs(seconds) < 7200 ? "\(abs(seconds) / 60) minutes" : "\(abs(seconds) / 3600) hours"
            warn(
                "the clock of this machine is \(length) \(seconds > 0 ? "behind" : "ahead of") that of \(host), which refuses "
                    + "what is signed by it: the server's is used"
            )
        }
        return Self.differ(skew, used)
    }

    private static func differ(_ left: Duration, _ right: Duration) -> Bool {
        left - right > tolerance || right - left > tolerance
    }
}
