import MHPipeKit

/// A bucket of S3, or of a server that speaks like it.
///
/// Any thread may call it. A bucket that is in another region than was thought is asked there, from then on.
package final class S3Bucket: Sendable {
    /// What every request for objects has beside the rest.
    package struct Extras: Sendable {
        /// True when whoever asks pays.
        package var requesterPays = false
        /// The key that objects are encrypted with, where that is the customer's.
        package var customerKey: S3CustomerKey?
        /// True to list all versions of objects and their delete markers, in the place of the latest versions.
        package var listsVersions = false

        package init() {}
    }

    package let name: String
    package var requesterPays: Bool { extras.requesterPays }
    private let configuration: AWSConfiguration
    private let caller: AWSCaller
    private let ownEndpoint: AWSEndpoint?
    private let region: Locked<String>
    let extras: Extras

    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(
        _ name: String,
        _ configuration: AWSConfiguration,
        _ caller: AWSCaller,
        extras: Extras = Extras()
    ) throws {
        self.name = name
        self.configuration = configuration
        self.caller = caller
        self.extras = extras
        ownEndpoint = try configuration.options.endpoint ?? configuration.ownEndpoint(of: "s3")
        region = Locked(configuration.region ?? "us-east-1")
    }

    /// Asks for a page of a listing.
    ///
    /// - Parameters:
    ///   - prefix: What the keys begin with.
    ///   - byFolder: True for what is directly behind it, up to the next slash; false for all that is.
    ///   - token: Where the page begins; nil for the first one.
    ///   - most: How many keys it may have; nil for as many as the server gives.
    ///   - completion: Called once, on the caller's queue.
    package func list(
        _ prefix: String,
        byFolder: Bool,
        token: String?,
        most: Int? = nil,
        _ completion: @escaping @Sendable (Result<S3Page, AWSFailure>) -> Void
    ) {
        var query = [
            (listsVersions ? ("versions", "") : ("list-type", "2")), ("prefix", prefix), ("encoding-type", "url"),
        ]
        if byFolder { query.append(("delimiter", "/")) }
        if let token { query += continuation(token) }
        if let most { query.append(("max-keys", "\(most)")) }
        var headers = [("X-Amz-Optional-Object-Attributes", "RestoreStatus")]
        headers += payer
        let page = Locked<S3Page?>(nil)
        call("GET", key: "", query: query, headers: headers, mostBytes: 64 << 20) { response in
            let read = S3Page(response.body)
            page.withLock { $0 = read }
            return read != nil
        } completion: {
            completion(
                $0.flatMap { _ in
                    page.withLock { $0 }.map(Result.success)
                        ?? .failure(AWSFailure(cause: .mismatch("the answer is no listing"), host: self.name))
                }
            )
        }
    }

    package var listsVersions: Bool { extras.listsVersions }

    private func continuation(_ token: String) -> [(String, String)] {
        guard listsVersions else { return [("continuation-token", token)] }
        // As `S3Page` has joined it; no key has a zero byte in it.
        let parts = token.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let version = parts.count > 1 && !parts[1].isEmpty ? [("version-id-marker", parts[1])] : []
        return [("key-marker", parts[0])] + version
    }

    /// Asks for an object, or a part of it.
    ///
    /// - Parameters:
    ///   - object: The object, as it was listed; another of its name is not given.
    ///   - range: The bytes; nil for all.
    ///   - completion: Called once, on the caller's queue or the client's thread.
    package func get(
        _ object: S3Object,
        _ range: Range<Int>? = nil,
        _ completion: @escaping @Sendable (Result<HTTPResponse, AWSFailure>) -> Void
    ) {
        var headers = object.etag.isEmpty ? [] : [("If-Match", "\"\(object.etag)\"")]
        if let range { headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        headers += headersOfObjects
        let count = range?.count ?? object.size
        let query = object.versionID.map { [("versionId", $0)] } ?? []
        call("GET", key: object.key, query: query, headers: headers, mostBytes: count) { response in
            let etag = response["etag"]?.unquoted
            return response.body.count == count && (object.etag.isEmpty || etag == nil || etag == object.etag)
                && response.status == (range == nil ? response.status : 206)
        } completion: {
            completion($0)
        }
    }

    /// What says who pays.
    var payer: [(name: String, value: String)] {
        extras.requesterPays ? [("X-Amz-Request-Payer", "requester")] : []
    }

    /// What requests for objects have beside the rest.
    var headersOfObjects: [(name: String, value: String)] { payer + (extras.customerKey?.headers ?? []) }

    /// Makes a request of the bucket, in the region that it is in.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - key: The key; empty for the bucket itself.
    ///   - query: The query.
    ///   - headers: Headers beside those that all have.
    ///   - body: What is sent.
    ///   - mostBytes: More bytes than these are not taken.
    ///   - endsUpload: True for what may take the server some minutes, and fail behind a status of success.
    ///   - isWhole: False for an answer that is not what was asked for.
    ///   - mayMove: False to stay in the region that is asked first.
    ///   - completion: Called once, on the caller's queue; of an object, on the client's thread as well.
    package func call(
        _ method: String,
        key: String,
        query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        mostBytes: Int = 8 << 20,
        endsUpload: Bool = false,
        isWhole: @escaping @Sendable (HTTPResponse) -> Bool = { _ in true },
        mayMove: Bool = true,
        completion: @escaping @Sendable (Result<HTTPResponse, AWSFailure>) -> Void
    ) {
        let region = region.withLock { $0 }
        let (endpoint, path) = place(region, key)
        var request = AWSRequest(method, endpoint, path: path, query: query, headers: headers, body: body, scope: nil)
        request.scope = SigningScope(service: "s3", region: region)
        request.leavesBodyUnsigned = true
        request.isQuick = method == "GET" && !key.isEmpty
        request.mayRefuseInBody = endsUpload
        if endsUpload { request.stallTimeout = .seconds(180) }
        // What a refusal says has to fit as well.
        request.mostBytes = max(mostBytes, 64 << 10)
        caller.call(request, isWhole: isWhole) { [self] result in
            guard case .failure(let failure) = result else { return completion(result) }
            if method == "GET" || method == "HEAD", !key.isEmpty, failure.mayBeOfOne {
                return probe(failure, endpoint, completion)
            }
            guard mayMove, let real = realRegion(failure, region) else { return completion(result) }
            self.region.withLock { $0 = real }
            call(
                method,
                key: key,
                query: query,
                headers: headers,
                body: body,
                mostBytes: mostBytes,
                endsUpload: endsUpload,
                isWhole: isWhole,
                // Two regions that each name the other would go on for ever.
                mayMove: false,
                completion: completion
            )
        }
    }

    /// Asks whether the bucket is there at all, where one object could not be had; any answer says so.
    private func probe(
        _ failure: AWSFailure,
        _ endpoint: AWSEndpoint,
        _ completion: @escaping @Sendable (Result<HTTPResponse, AWSFailure>) -> Void
    ) {
        let region = region.withLock { $0 }
        var request = AWSRequest("HEAD", endpoint, path: place(region, "").path, scope: nil)
        request.scope = SigningScope(service: "s3", region: region)
        request.mostAttempts = 3
        caller.call(request) { result in
            var failure = failure
            switch result {
            case .success: failure.isOfOne = true
            case .failure(let other): failure.isOfOne = other.refusal?.mayPass == false
            }
            completion(.failure(failure))
        }
    }

    /// The region to ask in the place of another; nil where that would change nothing.
    private func realRegion(_ failure: AWSFailure, _ asked: String) -> String? {
        // A region that was written down on purpose is not changed behind the user's back.
        guard configuration.options.region == nil, let refusal = failure.refusal, let region = refusal.region,
            region != asked, [301, 307, 400, 403].contains(refusal.status)
        else { return nil }
        let isOfRegion =
            refusal.status == 301 || refusal.status == 307
            || ["AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "PermanentRedirect"]
                .contains(refusal.code)
        // An answer to HEAD names no code, and one of another region may be refused as any other.
        return isOfRegion || refusal.message.isEmpty ? region : nil
    }

    /// Where the bucket is asked, and under which path.
    private func place(_ region: String, _ key: String) -> (AWSEndpoint, path: String) {
        var endpoint = ownEndpoint ?? configuration.usualEndpoint(of: "s3", region)
        // A certificate for *.s3... does not hold for a name with dots.
        let fitsHost = !name.contains(".") && name.lowercased() == name && !name.contains("_")
        if configuration.options.usesPathStyle ?? (ownEndpoint != nil || !fitsHost) {
            return (endpoint, "/\(name)/\(key)")
        }
        endpoint.host = "\(name).\(endpoint.host)"
        return (endpoint, "/\(key)")
    }
}
