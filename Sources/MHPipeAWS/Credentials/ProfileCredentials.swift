import MHPipeKit

/// The credentials that profiles say how to get.
struct ProfileCredentials: Sendable {
    private let configuration: AWSConfiguration
    private let http: HTTPClient
    private let clock: ServerClock
    private let stop: RunStop

    init(_ configuration: AWSConfiguration, _ http: HTTPClient, clock: ServerClock, stop: RunStop) {
        self.clock = clock
        self.configuration = configuration
        self.http = http
        self.stop = stop
    }

    private var environment: AWSEnvironment { configuration.environment }

    /// Those of a profile; nil when it says nothing of any.
    ///
    /// - Parameters:
    ///   - name: The profile.
    ///   - path: The profiles that have led to it.
    /// - Returns: The credentials.
    /// - Throws: `StageError` when what it says does not lead to any.
    func credentials(of name: String, via path: [String] = []) throws -> AWSCredentials? {
        guard !path.contains(name) else {
            throw StageError("profiles lead in a circle: \((path + [name]).joined(separator: " -> "))")
        }
        let profile = configuration.files.profiles[name]
        if let profile, let role = profile["role_arn"] {
            // A profile may be its own source: its keys are what the role is assumed with.
            if profile["source_profile"] == name, !path.contains(name) {
                guard
                    let keys = try keys(name, configuration.files.inCredentials)
                        ?? keys(name, configuration.files.inConfig)
                else {
                    throw StageError("profile '\(name)' is its own source_profile, but has no keys")
                }
                return try assume(role, profile, name, keys)
            }
            if let source = profile["source_profile"] {
                guard configuration.files.profiles[source] != nil else {
                    throw StageError("profile '\(name)' names source_profile '\(source)', which is not there")
                }
                guard let keys = try credentials(of: source, via: path + [name]) else {
                    throw StageError("profile '\(source)', the source_profile of '\(name)', has no credentials")
                }
                return try assume(role, profile, name, keys)
            }
            if let place = profile["credential_source"] {
                return try assume(role, profile, name, credentials(from: place, name))
            }
        }
        if let found = try webIdentity(profile, name, isFirst: path.isEmpty) { return found }
        guard let profile else { return nil }
        if profile["sso_session"] != nil || profile["sso_start_url"] != nil {
            return try SingleSignOn(configuration, http, stop: stop).credentials(profile, name)
        }
        // As AWS's tools go on: the credentials file, a program, the other file.
        if let found = try keys(name, configuration.files.inCredentials) { return found }
        if let command = profile["credential_process"] {
            return try CredentialProcess.credentials(command, profile: name, environment: environment, stop: stop)
        }
        if let found = try keys(name, configuration.files.inConfig) { return found }
        guard profile["role_arn"] == nil else {
            throw StageError(
                "profile '\(name)' has role_arn, but no source_profile, credential_source or web_identity_token_file"
            )
        }
        return nil
    }

    /// Those that one file has, as a whole.
    private func keys(_ name: String, _ file: [String: ProfileFiles.Section]) throws -> AWSCredentials? {
        guard let profile = file[name], let accessKey = profile["aws_access_key_id"] else { return nil }
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

    private func assume(
        _ role: String,
        _ profile: ProfileFiles.Section,
        _ name: String,
        _ source: AWSCredentials
    ) throws -> AWSCredentials {
        guard profile["mfa_serial"] == nil else {
            throw StageError(
                "profile '\(name)' asks for a code of an MFA device, which nobody is there to type",
                advice: "sign in by hand, for example with `aws sts get-session-token`, and set the environment"
            )
        }
        let region = profile["region"]
        let service = try SecurityTokenService(configuration, http, source, region: region, clock: clock, stop: stop)
        return try service.assume(
            role,
            session: profile["role_session_name"],
            externalID: profile["external_id"],
            seconds: profile["duration_seconds"],
            origin: "profile '\(name)'"
        )
    }

    private func credentials(from place: String, _ name: String) throws -> AWSCredentials {
        let machine = MachineCredentials(environment, http, stop: stop)
        let found: AWSCredentials?
        switch place {
        case "Environment":
            found = environment["AWS_ACCESS_KEY_ID"].flatMap { accessKey in
                environment["AWS_SECRET_ACCESS_KEY"].map { secretKey in
                    AWSCredentials(
                        accessKey: accessKey,
                        secretKey: secretKey,
                        sessionToken: environment["AWS_SESSION_TOKEN"],
                        origin: "the environment"
                    )
                }
            }
        case "EcsContainer": found = try machine.fromContainer()
        case "Ec2InstanceMetadata": found = try machine.fromInstance()
        default:
            throw StageError(
                "profile '\(name)' has credential_source '\(place)', which is none of Environment, EcsContainer, Ec2InstanceMetadata"
            )
        }
        guard let found else {
            throw StageError("profile '\(name)' has credential_source \(place), but there are none")
        }
        return found
    }

    /// The environment names a token for the first profile only.
    private func webIdentity(
        _ profile: ProfileFiles.Section?,
        _ name: String,
        isFirst: Bool
    ) throws -> AWSCredentials? {
        let variables = isFirst && configuration.options.profile == nil
        func setting(_ variable: String, _ key: String) -> String? {
            (variables ? environment[variable] : nil) ?? profile?[key]
        }
        guard let file = setting("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file") else { return nil }
        guard let role = setting("AWS_ROLE_ARN", "role_arn") else {
            throw StageError(
                "there is a web identity token in '\(file)', but no role: neither AWS_ROLE_ARN nor role_arn"
            )
        }
        let region = profile?["region"]
        let service = try SecurityTokenService(configuration, http, nil, region: region, clock: clock, stop: stop)
        return try service.assume(
            role,
            session: setting("AWS_ROLE_SESSION_NAME", "role_session_name"),
            token: (SmallFile.text(file) ?? "").filter { !$0.isWhitespace },
            origin: "the web identity token in '\(file)'"
        )
    }
}
