import MHPipeKit

/// Looks for credentials where AWS's tools look, in their order.
package struct CredentialChain: Sendable {
    let configuration: AWSConfiguration
    let http: HTTPClient

    package init(_ configuration: AWSConfiguration, _ http: HTTPClient) {
        self.configuration = configuration
        self.http = http
    }

    private var environment: AWSEnvironment { configuration.environment }

    /// The first that are there.
    ///
    /// - Throws: `StageError` when there are none, or the first place that should have some has none.
    package func load() throws -> AWSCredentials {
        // A profile that is named on purpose counts before what lies about.
        if configuration.options.profile == nil, let found = try fromEnvironment() { return found }
        if let found = try fromProfile(configuration.profile) { return found }
        throw StageError(
            "there are no AWS credentials: not in the environment, nor in profile '\(configuration.profile)'",
            advice: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    }

    private func fromEnvironment() throws -> AWSCredentials? {
        guard let accessKey = environment["AWS_ACCESS_KEY_ID"] else { return nil }
        guard let secretKey = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw StageError("AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not")
        }
        return AWSCredentials(
            accessKey: accessKey,
            secretKey: secretKey,
            sessionToken: environment["AWS_SESSION_TOKEN"],
            origin: "the environment"
        )
    }

    private func fromProfile(_ name: String) throws -> AWSCredentials? {
        guard let profile = configuration.files.profiles[name] else { return nil }
        guard let accessKey = profile["aws_access_key_id"] else { return nil }
        guard let secretKey = profile["aws_secret_access_key"] else {
            throw StageError("profile '\(name)' has aws_access_key_id, but no aws_secret_access_key")
        }
        return AWSCredentials(
            accessKey: accessKey,
            secretKey: secretKey,
            sessionToken: profile["aws_session_token"],
            origin: "profile '\(name)'"
        )
    }
}
