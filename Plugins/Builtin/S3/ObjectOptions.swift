import MHPipeAWS
import MHPipeKit

/// What the options of a plugin say of how objects are asked for.
struct ObjectOptions: Sendable {
    var customerKey: InputPath?
    var requesterPays = false

    /// The same for the bucket.
    ///
    /// - Throws: `StageError` when the key cannot be read.
    func extras() throws -> S3Bucket.Extras {
        var extras = S3Bucket.Extras()
        extras.requesterPays = requesterPays
        extras.customerKey = try customerKey.map { try S3CustomerKey(file: $0.path) }
        return extras
    }
}

extension ObjectReadingOptions {
    /// The declarations of `objects`.
    static var readingObjects: [Option<Self>] {
        [
            .optional(
                "customer_key",
                \.objects.customerKey,
                "The file that holds the key of objects which are encrypted with a key of your own (SSE-C): its 32 bytes, or "
                    + "those in Base64 or hexadecimal digits.",
                example: "trail.key"
            ),
            .optional(
                "requester_pays",
                \.objects.requesterPays,
                "Whether you pay for the requests, where the bucket's owner wants that."
            ),
        ]
    }
}

/// The options of a plugin that reads objects.
protocol ObjectReadingOptions: ConnectingOptions {
    var objects: ObjectOptions { get set }
}
