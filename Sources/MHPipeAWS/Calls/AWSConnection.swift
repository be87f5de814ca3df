package import MHPipeKit

/// What plugins reach AWS through: the configuration, and what makes calls.
package final class AWSConnection: Sendable {
    package let configuration: AWSConfiguration
    package let caller: AWSCaller
    private let stop: RunStop

    /// Reads the configuration; nobody is asked for anything yet.
    ///
    /// - Parameters:
    ///   - options: What the plugin says.
    ///   - environment: The variables of the environment.
    ///   - stop: Ends all calls.
    /// - Throws: `StageError` when the configuration cannot be read, or a library is not there.
    package init(_ options: AWSOptions, environment: AWSEnvironment = .process, stop: RunStop = RunStop()) throws {
        configuration = try AWSConfiguration(options, environment: environment)
        self.stop = stop
        var settings = HTTPClient.Settings()
        settings.proxy = options.proxy
        settings.certificates = configuration.certificates
        let http = try HTTPClient(settings)
        let chain = CredentialChain(configuration, http, stop: stop)
        caller = try AWSCaller(http, options.signs ? CredentialStore { try chain.load() } : nil, stop: stop)
    }

    /// A bucket.
    package func bucket(_ name: String, extras: S3Bucket.Extras = S3Bucket.Extras()) throws -> S3Bucket {
        try S3Bucket(name, configuration, caller, extras: extras)
    }
}
