// How a GET that broke is gone on with: the rest is asked for by `Range`, of the same object by `If-Match`.

extension AWSRequest {
    private func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// True for a GET of which a part is worth keeping.
    var canResume: Bool { method == "GET" && header("if-match") != nil }

    /// The bytes that are asked for: the first, and the last when one is named.
    private var asked: (first: Int, last: Int?) {
        guard let range = header("range"), range.hasPrefix("bytes="),
            let dash = range.firstIndex(of: "-"), let first = Int(range[..<dash].dropFirst(6))
        else { return (0, nil) }
        return (first, Int(range[range.index(after: dash)...]))
    }

    /// The request for what is missing.
    func resuming(_ part: HTTPResponse?) -> AWSRequest {
        guard let part, !part.body.isEmpty else { return self }
        let (first, last) = asked
        var request = self
        request.headers.removeAll { $0.name.lowercased() == "range" }
        request.headers.append(("Range", "bytes=\(first + part.body.count)-\(last.map(String.init) ?? "")"))
        return request
    }
}

extension HTTPResponse {
    /// The first byte of a part; nil for what is no part.
    private var firstByte: Int? {
        guard status == 206, let range = self["content-range"], range.hasPrefix("bytes ") else { return nil }
        return Int(range.dropFirst(6).prefix { $0 != "-" })
    }

    /// A broken answer behind what came before; nil when it does not go on there.
    func joined(to part: HTTPResponse?) -> HTTPResponse? {
        guard let part, !part.body.isEmpty else { return self }
        return body.isEmpty ? nil : completing(part)
    }

    /// The answer with what came before it; nil when it does not go on there.
    func completing(_ part: HTTPResponse?) -> HTTPResponse? {
        guard let part, !part.body.isEmpty else { return self }
        guard let first = firstByte, first == (part.firstByte ?? 0) + part.body.count, self["etag"] == part["etag"]
        else {
            return nil
        }
        var whole = part
        whole.body += body
        return whole
    }
}
