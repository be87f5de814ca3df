import MHPipeIO
import MHPipeKit

/// Credentials for those who have signed in with `aws sso login`, by the token that it keeps.
struct SingleSignOn {
    private let configuration: AWSConfiguration
    private let http: HTTPClient
    private let stop: RunStop

    init(_ configuration: AWSConfiguration, _ http: HTTPClient, stop: RunStop) {
        self.configuration = configuration
        self.http = http
        self.stop = stop
    }

    /// Those of a profile.
    ///
    /// - Throws: `StageError` when the profile lacks something, or nobody is signed in.
    func credentials(_ profile: ProfileFiles.Section, _ name: String) throws -> AWSCredentials {
        var settings = profile
        if let session = profile["sso_session"] {
            guard let found = configuration.files.sessions[session] else {
                throw StageError("profile '\(name)' names sso_session '\(session)', which is not in ~/.aws/config")
            }
            settings.merge(found) { mine, _ in mine }
        }
        let keys = ["sso_start_url", "sso_region", "sso_account_id", "sso_role_name"]
        let values = keys.compactMap { settings[$0] }
        guard values.count == keys.count else {
            let missing = keys.filter { settings[$0] == nil }
            throw StageError("profile '\(name)' has no \(missing.joined(separator: ", "))")
        }
        let token = try token(of: profile["sso_session"] ?? values[0], name)
        var request = AWSRequest(
            "GET",
            try configuration.ownEndpoint(of: "sso") ?? configuration.usualEndpoint(of: "portal.sso", values[1]),
            path: "/federation/credentials",
            query: [("account_id", values[2]), ("role_name", values[3])],
            scope: nil
        )
        request.headers = [("X-Amz-Sso_bearer_token", token)]
        let caller = try AWSCaller(unsigned: http, stop: stop)
        let response: HTTPResponse
        do throws(AWSFailure) {
            response = try caller.call(request)
        } catch {
            var said = error.error(
                "cannot get the credentials of profile '\(name)'",
                needs: "role \(values[3]) in \(values[2])"
            )
            if error.refusal?.status == 401 { said.advice = Self.advice(name) }
            throw said
        }
        let body = JSONValue(parsing: response.body)?["roleCredentials"]
        guard let accessKey = body?["accessKeyId"]?.string, let secretKey = body?["secretAccessKey"]?.string else {
            throw StageError("the sign-in service has answered no credentials for profile '\(name)'")
        }
        return AWSCredentials(
            accessKey: accessKey,
            secretKey: secretKey,
            sessionToken: body?["sessionToken"]?.string,
            expires: body?["expiration"]?.int.map { Timestamp(seconds: Int64($0 / 1000)) },
            origin: "profile '\(name)'"
        )
    }

    /// The token that is kept under the hash of a name.
    private func token(of name: String, _ profile: String) throws -> String {
        let home = configuration.environment["HOME"] ?? "/"
        let file = Hexadecimal.text(try MessageDigest.hash(Array(name.utf8), by: .sha1)) + ".json"
        guard let text = try SmallFile.text("\(home)/.aws/sso/cache/\(file)", isOptional: true),
            let token = JSONValue(parsing: text), let access = token["accessToken"]?.string
        else { throw StageError("nobody is signed in for profile '\(profile)'", advice: Self.advice(profile)) }
        // Older tools write UTC in the place of Z.
        let expires = token["expiresAt"]?.string.map { $0.hasSuffix("UTC") ? "\($0.dropLast(3))Z" : $0 }
        if let expires = expires.flatMap({ Timestamp(rfc3339: $0) }), expires <= .now {
            throw StageError(
                "the sign-in for profile '\(profile)' has ended at \(expires)",
                advice: Self.advice(profile)
            )
        }
        return access
    }

    private static func advice(_ profile: String) -> String { "sign in: aws sso login --profile \(profile)" }
}
