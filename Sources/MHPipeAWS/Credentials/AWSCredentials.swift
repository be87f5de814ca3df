package import MHPipeKit

/// What requests are signed with.
///
/// Its description has no secret, so that none gets into a message by mistake.
package struct AWSCredentials: Sendable, Equatable {
    package var accessKey: String
    package var secretKey: String
    package var sessionToken: String?
    /// When they end; nil for never.
    package var expires: Timestamp?
    /// Where they are from, for messages: `the environment`.
    package var origin: String

    package init(
        accessKey: String,
        secretKey: String,
        sessionToken: String? = nil,
        expires: Timestamp? = nil,
        origin: String
    ) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expires = expires
        self.origin = origin
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "credentials from \(origin)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["origin": origin]) }
}
