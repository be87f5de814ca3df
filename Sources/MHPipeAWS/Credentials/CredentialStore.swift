package import MHPipeKit

/// The credentials that requests are signed with, renewed before they end.
///
/// Any thread may ask; who asks while they are renewed waits for that.
package final class CredentialStore: Sendable {
    private struct State {
        var known: AWSCredentials?
        /// Not asked before, where the last time has failed and what is known still holds.
        var retry = Timestamp(seconds: 0)
    }

    private let state = Locked(State())
    private let load: @Sendable () throws -> AWSCredentials
    private let now: @Sendable () -> Timestamp

    /// They are renewed so long before they end.
    private static let margin = Duration.seconds(300)
    private static let pause = Duration.seconds(30)

    /// - Parameters:
    ///   - now: The time.
    ///   - load: Gets them anew; may take its time.
    package init(
        now: @escaping @Sendable () -> Timestamp = { .now },
        load: @escaping @Sendable () throws -> AWSCredentials
    ) {
        self.now = now
        self.load = load
    }

    /// Credentials that hold for some time yet; nil where they have to be got, or somebody gets them now.
    package var known: AWSCredentials? {
        let known = state.withLockIfAvailable { $0.known } ?? nil
        guard let expires = known?.expires else { return known }
        return expires < now().advanced(by: Self.margin) ? nil : known
    }

    /// Credentials that hold.
    ///
    /// - Parameter refused: Those that a server has said have ended, which are not given again.
    /// - Returns: The credentials.
    /// - Throws: What getting them throws.
    package func credentials(insteadOf refused: AWSCredentials? = nil) throws -> AWSCredentials {
        try state.withLock { state in
            let time = now()
            if let known = state.known, known != refused {
                guard let expires = known.expires, expires < time.advanced(by: Self.margin) else { return known }
                // Those that end may not have been renewed yet where they come from.
                if time < expires, time < state.retry { return known }
                do {
                    let loaded = try load()
                    state.known = loaded
                } catch {
                    guard time < expires else { throw error }
                }
                state.retry = time.advanced(by: Self.pause)
                return state.known ?? known
            }
            let loaded = try load()
            state.known = loaded
            state.retry = time.advanced(by: Self.pause)
            return loaded
        }
    }
}
