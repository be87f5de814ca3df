package import MHPipeKit

/// Requests that their caller waits for; not from a completion.
extension S3Bucket {
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
