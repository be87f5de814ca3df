import MHPipeKit

/// The service that gives credentials of roles (STS).
struct SecurityTokenService {
    private let caller: AWSCaller
    private let endpoint: AWSEndpoint
    private let region: String

    /// - Parameters:
    ///   - configuration: How AWS is reached.
    ///   - http: What sends requests.
    ///   - credentials: Nil for calls that no one has to sign.
    ///   - region: The region that a profile names.
    ///   - clock: The time.
    ///   - stop: Ends all calls.
    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    init(
        _ configuration: AWSConfiguration,
        _ http: HTTPClient,
        _ credentials: AWSCredentials?,
        region: String?,
        clock: ServerClock,
        stop: RunStop
    ) throws {
        self.region = configuration.region ?? region ?? "us-east-1"
        endpoint = try configuration.ownEndpoint(of: "sts") ?? configuration.usualEndpoint(of: "sts", self.region)
        var policy = AWSCaller.Policy()
        policy.attempts = 5
        let store = credentials.map { known in CredentialStore { known } }
        caller = try AWSCaller(http, store, policy: policy, clock: clock, stop: stop)
    }

    /// Assumes a role, by the credentials that sign the call.
    func assume(
        _ role: String,
        session: String?,
        externalID: String?,
        seconds: String?,
        origin: String
    ) throws -> AWSCredentials {
        var query = [("Action", "AssumeRole"), ("RoleArn", role), ("RoleSessionName", session ?? Self.session)]
        if let externalID { query.append(("ExternalId", externalID)) }
        if let seconds { query.append(("DurationSeconds", seconds)) }
        return try call(query, role, isSigned: true, origin)
    }

    /// Assumes a role, by a token of somebody that AWS trusts.
    func assume(_ role: String, session: String?, token: String, origin: String) throws -> AWSCredentials {
        let query = [
            ("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role), ("RoleSessionName", session ?? Self.session),
            ("WebIdentityToken", token),
        ]
        return try call(query, role, isSigned: false, origin)
    }

    private static let session = "mhpipe"

    private func call(
        _ query: [(name: String, value: String)],
        _ role: String,
        isSigned: Bool,
        _ origin: String
    ) throws -> AWSCredentials {
        let form = (query + [("Version", "2011-06-15")]).map {
            "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))"
        }.joined(separator: "&")
        let request = AWSRequest(
            "POST",
            endpoint,
            headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(form.utf8),
            scope: isSigned ? SigningScope(service: "sts", region: region) : nil
        )
        let response: HTTPResponse
        do throws(AWSFailure) {
            response = try caller.call(request)
        } catch {
            throw error.error(
                "cannot assume role '\(role)' of \(origin)",
                needs: "sts:AssumeRole, and a role that trusts the caller"
            )
        }
        guard let found = Self.credentials(response.body, "role '\(role)' by \(origin)") else {
            throw StageError("\(endpoint.host) has answered no credentials for role '\(role)'")
        }
        return found
    }

    static func credentials(_ body: [UInt8], _ origin: String) -> AWSCredentials? {
        var reader = XMLReader(body)
        var values: [String: String] = [:]
        while let step = reader.next() {
            guard case .start(let name) = step,
                ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"].contains(name)
            else { continue }
            values[name] = reader.text()
        }
        guard let accessKey = values["AccessKeyId"], let secretKey = values["SecretAccessKey"] else { return nil }
        return AWSCredentials(
            accessKey: accessKey,
            secretKey: secretKey,
            sessionToken: values["SessionToken"],
            expires: values["Expiration"].flatMap { Timestamp(rfc3339: $0) },
            origin: origin
        )
    }
}
