import MHPipeKit

/// Credentials that the machine itself hands out: a container (ECS, EKS) or an instance (EC2).
struct MachineCredentials {
    private let environment: AWSEnvironment
    private let http: HTTPClient
    private let stop: RunStop

    /// Where containers may be sent to without encryption.
    private static let containerHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"]

    init(_ environment: AWSEnvironment, _ http: HTTPClient, stop: RunStop) {
        self.environment = environment
        self.http = http
        self.stop = stop
    }

    /// Those of a container; nil when this is none.
    ///
    /// - Throws: `StageError` when its endpoint gives none.
    func fromContainer() throws -> AWSCredentials? {
        guard let url = try Self.containerURL(environment) else { return nil }
        var request = HTTPRequest("GET", url, headers: [("Accept", "application/json")])
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            request.headers.append(("Authorization", (try SmallFile.text(file) ?? "").filter { !$0.isNewline }))
        } else if let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            request.headers.append(("Authorization", token))
        }
        let answer = try answer(request, attempts: 4, "the container's endpoint for credentials")
        return try CredentialDocument.credentials(answer, "the container's endpoint")
    }

    /// Where a container's credentials are asked for; nil when this is none.
    ///
    /// - Throws: `StageError` for a place that the container's token must not be sent to.
    static func containerURL(_ environment: AWSEnvironment) throws -> String? {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            guard path.utf8.first == UInt8(ascii: "/") else {
                throw StageError("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash")
            }
            return "http://169.254.170.2\(path)"
        }
        guard let full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
        let host = full.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        guard full.hasPrefix("https://") || full.hasPrefix("http://") && isLocal(host) else {
            throw StageError("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither https nor an address of this machine")
        }
        return full
    }

    /// True for a name or an address of this machine, with a port or none, and with nothing else that another reader of
    /// addresses could take for the host.
    private static func isLocal(_ host: Substring) -> Bool {
        let isBracketed = host.hasPrefix("[")
        let name = isBracketed ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        let port = host.dropFirst(name.count)
        guard port.isEmpty || port.first == ":" && port.utf8.dropFirst().allSatisfy({ $0 &- 0x30 < 10 }) else {
            return false
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        // A zero in front would make it octal.
        let isAddress =
            labels.count == 4 && labels.allSatisfy { label in UInt8(label).map { "\($0)" == label } ?? false }
        return containerHosts.contains(String(name)) || name == "[::1]" || isAddress && labels[0] == "127"
    }

    /// Those of an instance, by a session with its metadata service (IMDSv2); nil when there is no such service, or no role.
    ///
    /// - Throws: `StageError` when the service gives something else.
    func fromInstance() throws -> AWSCredentials? {
        guard environment.flag("AWS_EC2_METADATA_DISABLED") != true else { return nil }
        var base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        while base.hasSuffix("/") { base.removeLast() }
        let seconds = [("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")]
        guard let session = ask("PUT", "\(base)/latest/api/token", seconds), session.isSuccess else { return nil }
        let token = [
            ("X-Aws-Ec2-Metadata-Token", String(decoding: session.body, as: UTF8.self).filter { !$0.isNewline })
        ]
        let path = "\(base)/latest/meta-data/iam/security-credentials/"
        guard let roles = ask("GET", path, token), roles.isSuccess,
            let role = String(decoding: roles.body, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { return nil }
        let request = request("GET", path + role, token)
        return try CredentialDocument.credentials(
            answer(request, attempts: 3, "the metadata service of the instance"),
            "the metadata service of the instance"
        )
    }

    /// Nil when nobody is there; asked once, since most machines are no instance.
    private func ask(_ method: String, _ url: String, _ headers: [(name: String, value: String)]) -> HTTPResponse? {
        try? http.perform(request(method, url, headers), stop: stop)
    }

    private func request(_ method: String, _ url: String, _ headers: [(name: String, value: String)]) -> HTTPRequest {
        var request = HTTPRequest(method, url, headers: headers, body: method == "PUT" ? [] : nil)
        request.bypassesProxy = true
        request.connectTimeout = .seconds(1)
        request.timeout = .seconds(2)
        return request
    }

    private func answer(_ request: HTTPRequest, attempts: Int, _ who: String) throws -> [UInt8] {
        var request = request
        request.bypassesProxy = true
        var reason = ""
        for _ in 0..<attempts where !stop.isRaised {
            do throws(HTTPFailure) {
                let response = try http.perform(request, stop: stop)
                if response.isSuccess { return response.body }
                reason = "it answers \(response.status)"
                guard response.status >= 500 || response.status == 429 else { break }
            } catch {
                reason = error.description
            }
        }
        throw StageError("\(who) gives none: \(reason)")
    }
}
