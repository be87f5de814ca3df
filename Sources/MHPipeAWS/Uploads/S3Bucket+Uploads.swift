import MHPipeKit

/// What is asked of a bucket to write objects.
extension S3Bucket {
    package typealias Completion = @Sendable (Result<HTTPResponse, AWSFailure>) -> Void

    /// Asks for the first byte of an object, which tells whether it is there, and what keeps it from being written: HEAD does
    /// not say of what is missing whether it is the object or the bucket.
    func probe(_ key: String, _ completion: @escaping Completion) {
        call("GET", key: key, headers: [("Range", "bytes=0-0")] + headersOfObjects, completion: completion)
    }

    /// Asks for what is known of an object.
    func headers(of key: String, _ completion: @escaping Completion) {
        call("HEAD", key: key, headers: headersOfObjects, completion: completion)
    }

    /// Writes an object as a whole.
    func put(
        _ key: String,
        _ body: [UInt8],
        _ checksums: BodyChecksums,
        headers: [(name: String, value: String)],
        _ completion: @escaping Completion
    ) {
        let all = checksums.headers + headers + headersOfObjects
        call("PUT", key: key, headers: all, body: body, isWhole: checksums.agree, completion: completion)
    }

    /// Begins an upload by parts; its id stands in the answer.
    func beginUpload(_ key: String, headers: [(name: String, value: String)], _ completion: @escaping Completion) {
        let all = [("X-Amz-Checksum-Algorithm", "SHA256")] + headers + headersOfObjects
        call(
            "POST",
            key: key,
            query: [("uploads", "")],
            headers: all,
            body: [],
            isWhole: { Self.uploadID($0) != nil },
            completion: completion
        )
    }

    /// The id in the answer to `beginUpload`.
    static func uploadID(_ response: HTTPResponse) -> String? {
        var reader = XMLReader(response.body)
        while let step = reader.next() {
            if step == .start("UploadId") {
                let id = reader.text()
                return id.isEmpty ? nil : id
            }
        }
        return nil
    }

    /// Sends a part of an upload.
    func upload(
        part number: Int,
        of upload: String,
        _ key: String,
        _ body: [UInt8],
        _ checksums: BodyChecksums,
        _ completion: @escaping Completion
    ) {
        call(
            "PUT",
            key: key,
            query: [("partNumber", "\(number)"), ("uploadId", upload)],
            headers: checksums.headers + headersOfObjects,
            body: body,
            isWhole: { $0["etag"] != nil && checksums.agree(with: $0) },
            completion: completion
        )
    }

    /// Makes an object of the parts of an upload.
    func complete(
        _ upload: String,
        _ key: String,
        _ parts: [UploadedPart],
        headers: [(name: String, value: String)],
        _ completion: @escaping Completion
    ) {
        let size = parts.reduce(0) { $0 + $1.size }
        call(
            "POST",
            key: key,
            query: [("uploadId", upload)],
            headers: [("Content-Type", "application/xml"), ("X-Amz-Mp-Object-Size", "\(size)")] + headers
                + headersOfObjects,
            body: UploadedPart.list(parts),
            endsUpload: true,
            isWhole: { $0.hasElement("CompleteMultipartUploadResult") },
            completion: completion
        )
    }

    /// Removes an object.
    func remove(_ key: String, _ completion: @escaping Completion) {
        call("DELETE", key: key, headers: payer, completion: completion)
    }

    /// Lets go of an upload and of what it has on the server.
    func abort(_ upload: String, _ key: String, _ completion: @escaping Completion) {
        call("DELETE", key: key, query: [("uploadId", upload)], headers: payer, completion: completion)
    }

    /// Asks for a page of the parts of an upload.
    func listParts(of upload: String, _ key: String, after number: Int, _ completion: @escaping Completion) {
        call(
            "GET",
            key: key,
            query: [("part-number-marker", "\(number)"), ("uploadId", upload)],
            headers: headersOfObjects,
            isWhole: { UploadedParts($0.body) != nil },
            completion: completion
        )
    }

    /// True when there is an object whose key begins so.
    func isAny(below prefix: String, _ completion: @escaping @Sendable (Result<Bool, AWSFailure>) -> Void) {
        list(prefix, byFolder: false, token: nil, most: 1) { completion($0.map { !$0.objects.isEmpty }) }
    }
}

extension HTTPResponse {
    fileprivate func hasElement(_ name: String) -> Bool {
        var reader = XMLReader(body)
        while let step = reader.next() { if step == .start(name) { return true } }
        return false
    }
}
