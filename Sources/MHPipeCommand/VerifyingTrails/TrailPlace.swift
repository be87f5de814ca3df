import MHPipeAWS
import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// Where the trail is that is verified, and how it is reached: a folder, or what is in a bucket.
struct TrailPlace {
    let text: String
    /// Nil for a folder.
    let location: S3Location?
    private let options: TrailPlaceOptions

    /// - Throws: `UsageError`.
    init(_ text: String, _ options: TrailPlaceOptions) throws(UsageError) {
        self.text = text
        self.options = options
        location = text.hasPrefix("s3://") ? S3Location(text) : nil
        guard !text.hasPrefix("s3://") || location != nil else {
            throw UsageError("'\(text)' is no address such as s3://bucket/prefix")
        }
        if location == nil, let name = options.given.first {
            throw UsageError("'--\(name)' does nothing for a folder, only for s3://BUCKET/PREFIX")
        }
    }

    /// What messages call it.
    var name: String { location?.url ?? FilePath(text).text }

    /// Opens the folder, or connects to the bucket.
    ///
    /// - Parameter warn: Tells the user.
    /// - Returns: The store, and what asks for public keys.
    /// - Throws: `UsageError`; `StageError` when AWS cannot be reached as it was asked for.
    func open(warn: @escaping @Sendable (String) -> Void) throws -> (any TrailStore, PublicKeySearch?) {
        guard let location else { return (try folder(), nil) }
        let connection = try AWSConnection(options.forAWS, warn: warn)
        let store = try BucketStore(location, connection, options.extras())
        return (store, try PublicKeySearch(connection, warn: warn))
    }

    private func folder() throws -> FolderStore {
        do {
            return try FolderStore(FilePath(text))
        } catch let failure as InputFailure {
            let message = "cannot read folder '\(name)': \(failure.reason)"
            if failure.isMachineFault { throw UsageError.machineFault(message, advice: failure.advice) }
            throw FilePath(text).exists ? UsageError.refused(message) : UsageError.missing(text, message)
        }
    }
}
