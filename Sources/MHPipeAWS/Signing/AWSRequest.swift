/// A request to a service of AWS, before it is signed.
package struct AWSRequest: Sendable {
    package var method: String
    package var endpoint: AWSEndpoint
    /// As it is meant, with no encoding; begins with a slash.
    package var path: String
    /// Likewise, in any order.
    package var query: [(name: String, value: String)]
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// The service and the region that it is signed for; nil for one that needs no signature.
    package var scope: SigningScope?
    /// More bytes than these are not taken.
    package var mostBytes = 8 << 20
    /// True where the body need not be hashed, since the connection is encrypted.
    package var leavesBodyUnsigned = false
    /// True where a status of success may come with a refusal in the body, since the work goes on behind the head of the answer.
    package var mayRefuseInBody = false
    /// True where what is done with the answer takes next to no time, so that no other thread has to do it.
    package var isQuick = false
    /// Sent so often at most; nil for as often as the caller sends any.
    package var mostAttempts: Int?
    /// How long the answer may stand still; nil for the usual time.
    package var stallTimeout: Duration?

    package init(
        _ method: String = "GET",
        _ endpoint: AWSEndpoint,
        path: String = "/",
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        scope: SigningScope?
    ) {
        self.method = method
        self.endpoint = endpoint
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.scope = scope
    }

    /// The path as it is sent.
    var encodedPath: String { PercentEncoding.encoded(endpoint.basePath + path, keepsSlashes: true) }

    /// The query as it is sent and signed: sorted.
    var encodedQuery: String {
        query.map { (PercentEncoding.encoded($0.name), PercentEncoding.encoded($0.value)) }
            .sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// The address as it is sent.
    var url: String { url(encodedPath, encodedQuery) }

    /// The same, of what is encoded already.
    func url(_ path: String, _ query: String) -> String {
        "\(endpoint.scheme)://\(endpoint.host)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }
}

/// What a signature is good for.
package struct SigningScope: Sendable, Hashable {
    package var service: String
    package var region: String

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }
}

/// Where a service is asked.
package struct AWSEndpoint: Sendable, Hashable {
    package var scheme: String
    /// With the port, unless it is the usual one of the scheme.
    package var host: String
    /// What stands before all paths, without a slash at its end.
    package var basePath = ""

    package init(scheme: String = "https", host: String) {
        self.scheme = scheme
        self.host = host
    }

    /// Reads `https://host:port/path`; nil for anything else.
    package init?(_ url: String) {
        guard let colon = url.range(of: "://") else { return nil }
        scheme = url[..<colon.lowerBound].lowercased()
        let rest = url[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        host = rest[..<end].lowercased()
        guard scheme == "https" || scheme == "http", !host.isEmpty, !host.contains("@"), !host.contains(" "),
            !rest[end...].contains("?"), !rest[end...].contains("#")
        else { return nil }
        let usual = scheme == "https" ? ":443" : ":80"
        if host.hasSuffix(usual) { host.removeLast(usual.count) }
        basePath = String(rest[end...])
        while basePath.hasSuffix("/") { basePath.removeLast() }
    }

    /// True when nobody on the way can read along.
    package var isEncrypted: Bool { scheme == "https" }
}

extension StringProtocol {
    /// Where a text stands first.
    fileprivate func range(of text: String) -> Range<Index>? {
        guard let start = indices.first(where: { self[$0...].hasPrefix(text) }) else { return nil }
        return start..<index(start, offsetBy: text.count)
    }
}
