package import MHPipeKit

/// Looks for credentials where AWS's tools look, in their order.
package struct CredentialChain: Sendable {
    let configuration: AWSConfiguration
    let http: HTTPClient
    let clock: ServerClock
    let stop: RunStop

    package init(
        _ configuration: AWSConfiguration,
        _ http: HTTPClient,
        clock: ServerClock = ServerClock(),
        stop: RunStop = RunStop()
    ) {
        self.clock = clock
        self.configuration = configuration
        self.http = http
        self.stop = stop
    }

    private var environment: AWSEnvironment { configuration.environment }

    /// The first that are there.
    ///
    /// - Throws: `StageError` when there are none, or when a place that should have some has none.
    package func load() throws -> AWSCredentials {
        // A profile that is named on purpose counts before what lies about.
        if configuration.options.profile == nil, let found = try fromEnvironment() { return found }
        // A file that may not be read may hold them.
        if let failure = configuration.files.failure { throw failure }
        let profiles = ProfileCredentials(configuration, http, clock: clock, stop: stop)
        if let found = try profiles.credentials(of: configuration.profile) { return found }
        let machine = MachineCredentials(environment, http, stop: stop)
        if let found = try machine.fromContainer() ?? machine.fromInstance() { return found }
        let read = configuration.files.files
        throw StageError(
            "there are no AWS credentials: not in the environment, nor in profile '\(configuration.profile)'"
                + (read.isEmpty
                    ? ", since neither ~/.aws/config nor ~/.aws/credentials is there"
                    : " of \(read.joined(separator: ", "))")
                + ", nor from a container or an instance",
            advice: "sign in and set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY;\n"
                + "`anonymous: true` reads what anybody may read"
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
}
