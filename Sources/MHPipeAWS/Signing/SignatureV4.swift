import MHPipeIO
package import MHPipeKit

/// Signs requests with Signature Version 4, in the header `Authorization`.
///
/// What is signed is what is sent: address and signature are made of the same encoded path and query.
package final class SignatureV4: Sendable {
    /// A key that is made of a secret for a day, a region and a service.
    private struct DayKey {
        let secret: String
        let scope: String
        let bytes: [UInt8]
    }

    private let hmac: HMAC
    /// The last one, since most requests are for one scope.
    private let key = Locked<DayKey?>(nil)
    /// Likewise the last time in words, since many are signed in one second.
    private let stamp = Locked((seconds: Int64.min, text: ""))

    /// - Throws: `StageError` when there is nothing to hash with.
    package init() throws {
        hmac = try HMAC()
    }

    /// The request as it is sent, signed unless it has no scope or there are no credentials.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - credentials: Nil for a request that nobody has to sign.
    ///   - time: The time by the server's clock.
    /// - Returns: What to send.
    /// - Throws: `StageError` when there is nothing to hash with.
    package func signed(_ request: AWSRequest, _ credentials: AWSCredentials?, at time: Timestamp) throws -> HTTPRequest
    {
        let (path, query) = (request.encodedPath, request.encodedQuery)
        let url = request.url(path, query)
        var sent = HTTPRequest(request.method, url, headers: request.headers, body: request.body)
        sent.mostBytes = request.mostBytes
        if let timeout = request.stallTimeout { sent.stallTimeout = timeout }
        guard let credentials, let scope = request.scope else { return sent }
        let payload =
            request.leavesBodyUnsigned && request.endpoint.isEncrypted && request.body != nil
            ? "UNSIGNED-PAYLOAD" : try Self.hash(request.body ?? [])
        let stamp = stamp(time)
        if request.body != nil, !sent.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            sent.headers.append(("Content-Type", "application/octet-stream"))
        }
        sent.headers.append(("X-Amz-Date", stamp))
        if scope.service == "s3" { sent.headers.append(("X-Amz-Content-Sha256", payload)) }
        if let token = credentials.sessionToken { sent.headers.append(("X-Amz-Security-Token", token)) }
        let canonical = CanonicalRequest(
            method: request.method,
            path: path,
            query: query,
            headers: sent.headers + [("Host", request.endpoint.host)],
            payload: payload,
            encodesPathAgain: scope.service != "s3"
        )
        sent.headers.append(("Authorization", try authorization(canonical, credentials, scope, stamp)))
        return sent
    }

    /// The value of `Authorization`.
    ///
    /// - Parameters:
    ///   - canonical: What is signed.
    ///   - credentials: What it is signed with.
    ///   - scope: What it is signed for.
    ///   - stamp: The time, as `X-Amz-Date` has it.
    /// - Returns: The value.
    /// - Throws: `StageError` when there is nothing to hash with.
    package func authorization(
        _ canonical: CanonicalRequest,
        _ credentials: AWSCredentials,
        _ scope: SigningScope,
        _ stamp: String
    ) throws -> String {
        let day = String(stamp.prefix(8))
        let place = "\(day)/\(scope.region)/\(scope.service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(place)\n" + (try Self.hash(Array(canonical.text.utf8)))
        let key = key(of: credentials.secretKey, [day, scope.region, scope.service], place)
        let signature = Hexadecimal.text(hmac.digest(of: Array(text.utf8), key: key))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(place), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    }

    private func key(of secret: String, _ parts: [String], _ scope: String) -> [UInt8] {
        key.withLock { key in
            if let key, key.secret == secret, key.scope == scope { return key.bytes }
            let bytes = (parts + ["aws4_request"]).reduce(Array("AWS4\(secret)".utf8)) {
                hmac.digest(of: Array($1.utf8), key: $0)
            }
            key = DayKey(secret: secret, scope: scope, bytes: bytes)
            return bytes
        }
    }

    private static func hash(_ bytes: [UInt8]) throws -> String {
        if bytes.isEmpty { return emptyHash }
        let hash = try SHA256()
        hash.update(bytes)
        return Hexadecimal.text(hash.finish())
    }

    private static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// `20260531T125500Z`.
    private func stamp(_ time: Timestamp) -> String {
        stamp.withLock { last in
            if last.seconds != time.seconds {
                let text = Timestamp(seconds: time.seconds).description
                last = (time.seconds, String(decoding: text.utf8.filter { $0 != 0x2D && $0 != 0x3A }, as: UTF8.self))
            }
            return last.text
        }
    }
}
