package import MHPipeKit

/// What plugins reach AWS through: the configuration, and what makes calls.
package final class AWSConnection: Sendable {
    package let configuration: AWSConfiguration
    package let caller: AWSCaller
    /// Ends all calls.
    package let stop: RunStop
    private let credentials: CredentialStore?
    private let clock: ServerClock

    /// Reads the configuration; nobody is asked for anything yet.
    ///
    /// - Parameters:
    ///   - options: What the plugin says.
    ///   - environment: The variables of the environment.
    ///   - stop: Ends all calls.
    ///   - warn: Tells the user.
    /// - Throws: `StageError` when the configuration cannot be read, or a library is not there.
    package init(
        _ options: AWSOptions,
        environment: AWSEnvironment = .process,
        stop: RunStop = RunStop(),
        warn: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let clock = ServerClock(warn: warn)
        self.clock = clock
        configuration = try AWSConfiguration(options, environment: environment)
        self.stop = stop
        let http = try Self.client(configuration, stop)
        let chain = CredentialChain(configuration, http, clock: clock, stop: stop)
        credentials = options.signs ? CredentialStore(now: { clock.now }) { try chain.load() } : nil
        caller = try AWSCaller(http, credentials, clock: clock, stop: stop)
    }

    /// Connects anew, with what another connection knows of the configuration and of credentials.
    ///
    /// - Parameters:
    ///   - other: The other connection.
    ///   - stop: Ends all calls of this one.
    /// - Throws: `StageError` when there is no thread for it.
    package init(like other: AWSConnection, stop: RunStop) throws {
        configuration = other.configuration
        credentials = other.credentials
        clock = other.clock
        self.stop = stop
        caller = try AWSCaller(Self.client(configuration, stop), credentials, clock: clock, stop: stop)
    }

    private static func client(_ configuration: AWSConfiguration, _ stop: RunStop) throws -> HTTPClient {
        var settings = HTTPClient.Settings()
        settings.proxy = configuration.options.proxy
        settings.certificates = configuration.certificates
        return try HTTPClient(settings, stop: stop)
    }

    /// A bucket.
    package func bucket(_ name: String, extras: S3Bucket.Extras = S3Bucket.Extras()) throws -> S3Bucket {
        try S3Bucket(name, configuration, caller, extras: extras)
    }
}
