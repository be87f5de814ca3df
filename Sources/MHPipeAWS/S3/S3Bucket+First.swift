/// Objects of which nothing is known but their keys.
extension S3Bucket {
    /// Asks for the first bytes of an object.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - count: How many bytes.
    ///   - completion: Called once, on the caller's queue or the client's thread, with these bytes and the size in `content-range`;
    ///     with all bytes from a server that gives no parts.
    package func getFirst(
        _ key: String,
        _ count: Int,
        _ completion: @escaping @Sendable (Result<HTTPResponse, AWSFailure>) -> Void
    ) {
        let headers = [("Range", "bytes=0-\(count - 1)")] + headersOfObjects
        call("GET", key: key, headers: headers, mostBytes: Self.mostOfWhole) { response in
            guard response.status == 206 else { return true }
            return response.totalBytes.map { response.body.count == min($0, count) } ?? false
        } completion: {
            completion($0)
        }
    }

    /// A server that gives no parts gives the whole object.
    private static let mostOfWhole = 64 << 20
}

extension HTTPResponse {
    /// The size of the object that this is a part of, as `content-range` says it; nil where it says none.
    package var totalBytes: Int? {
        self["content-range"]?.split(separator: "/").last.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
