package import MHPipeKit

/// Requests that their caller waits for; not from a completion.
extension S3Bucket {
    /// Asks for the first bytes of an object of which nothing is known but its key.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - count: How many bytes.
    ///   - stop: Ends the waiting.
    /// - Returns: All bytes, from a server that gives no parts, or the first ones, with the size in `content-range`.
    /// - Throws: `AWSFailure`.
    package func getFirst(_ key: String, _ count: Int, stop: RunStop) throws(AWSFailure) -> HTTPResponse {
        let headers = [("Range", "bytes=0-\(count - 1)")] + headersOfObjects
        return try waiting(stop) { completion in
            call("GET", key: key, headers: headers, mostBytes: Self.mostOfWhole) { response in
                guard response.status == 206 else { return true }
                return response.totalBytes.map { response.body.count == min($0, count) } ?? false
            } completion: {
                completion($0)
            }
        }
    }

    /// Asks for a part of an object.
    ///
    /// - Parameters:
    ///   - object: The object; another of its name is not given.
    ///   - range: The bytes.
    ///   - stop: Ends the waiting.
    /// - Returns: The bytes.
    /// - Throws: `AWSFailure`.
    package func get(_ object: S3Object, _ range: Range<Int>, stop: RunStop) throws(AWSFailure) -> [UInt8] {
        try waiting(stop) { get(object, range, $0) }.body
    }

    /// Asks whether an object is there.
    ///
    /// - Throws: `AWSFailure`.
    package func find(_ key: String, stop: RunStop) throws(AWSFailure) {
        let _: S3Object = try waiting(stop) { head(key, $0) }
    }

    /// A server that gives no parts gives the whole object.
    private static let mostOfWhole = 64 << 20

    private func waiting<Value: Sendable>(
        _ stop: RunStop,
        _ call: (@escaping @Sendable (Result<Value, AWSFailure>) -> Void) -> Void
    ) throws(AWSFailure) -> Value {
        let answer = Awaited<Result<Value, AWSFailure>>()
        call { answer.put($0) }
        guard let result = answer.wait(stop) else { throw AWSFailure(cause: .stopped, host: name) }
        return try result.get()
    }
}

extension HTTPResponse {
    /// The size of the object that this is a part of, as `content-range` says it; nil where it says none.
    package var totalBytes: Int? {
        self["content-range"]?.split(separator: "/").last.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
