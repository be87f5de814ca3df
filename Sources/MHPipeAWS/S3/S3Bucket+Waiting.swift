package import MHPipeKit

/// Requests that their caller waits for; not from a completion.
extension S3Bucket {
    /// Asks for the first bytes of an object of which nothing is known but its key, and does not wait for them.
    ///
    /// - Parameters:
    ///   - key: Its key.
    ///   - count: How many bytes.
    /// - Returns: What will be all bytes, from a server that gives no parts, or the first ones, with the size in `content-range`.
    package func askFirst(_ key: String, _ count: Int) -> AskedResponse {
        let headers = [("Range", "bytes=0-\(count - 1)")] + headersOfObjects
        let asked = AskedResponse(from: name)
        call("GET", key: key, headers: headers, mostBytes: Self.mostOfWhole) { response in
            guard response.status == 206 else { return true }
            return response.totalBytes.map { response.body.count == min($0, count) } ?? false
        } completion: {
            asked.answer.put($0)
        }
        return asked
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

/// An answer that is on its way.
package struct AskedResponse: Sendable {
    fileprivate let answer = Awaited<Result<HTTPResponse, AWSFailure>>()
    private let host: String

    fileprivate init(from host: String) {
        self.host = host
    }

    /// Waits for it; once.
    ///
    /// - Parameter stop: Ends the waiting.
    /// - Returns: The answer.
    /// - Throws: `AWSFailure`.
    package func wait(_ stop: RunStop) throws(AWSFailure) -> HTTPResponse {
        guard let result = answer.wait(stop) else { throw AWSFailure(cause: .stopped, host: host) }
        return try result.get()
    }
}

extension HTTPResponse {
    /// The size of the object that this is a part of, as `content-range` says it; nil where it says none.
    package var totalBytes: Int? {
        self["content-range"]?.split(separator: "/").last.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }
}
