import MHPipeKit

/// A bucket that objects are written to, and what all of them have in common.
package final class UploadTarget: Sendable {
    /// What the user says of objects.
    package struct Settings: Sendable {
        /// Such as `STANDARD_IA`; nil for what is usual.
        package var storageClass: String?
        /// The key of KMS that encrypts them; nil for what the bucket says.
        package var kmsKey: String?
        /// True to leave objects alone that are there.
        package var keepsExisting = false

        package init() {}
    }

    let bucket: S3Bucket
    let settings: Settings
    private let connection: AWSConnection
    private let extras: S3Bucket.Extras
    /// Bounds the parts on their way, which are held twice there: here, and by libcurl.
    let slots = UploadSlots(3, of: PartSizes.first)

    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(
        _ name: String,
        _ connection: AWSConnection,
        extras: S3Bucket.Extras,
        _ settings: Settings
    ) throws {
        (self.connection, self.extras, self.settings) = (connection, extras, settings)
        bucket = try connection.bucket(name, extras: extras)
    }

    /// The name of the bucket.
    package var name: String { bucket.name }

    /// True once nobody waits for what is sent any more.
    var stop: RunStop { connection.stop }

    /// The same for what has to be done although the run is over.
    ///
    /// - Throws: `StageError` when there is no thread for it.
    package func anew() throws -> UploadTarget {
        try UploadTarget(name, AWSConnection(like: connection, stop: RunStop()), extras: extras, settings)
    }

    /// What is sent with an object, beside its bytes: what the user asks for, and the mark by which its writer knows it again.
    func headers(mark: String) -> [(name: String, value: String)] {
        var headers = [("Content-Type", "application/octet-stream"), (Self.markName, mark)]
        if let storageClass = settings.storageClass { headers.append(("X-Amz-Storage-Class", storageClass)) }
        if let kmsKey = settings.kmsKey {
            headers.append(("X-Amz-Server-Side-Encryption", "aws:kms"))
            headers.append(("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", kmsKey))
        }
        return headers
    }

    /// What is sent with the request that puts an object in its place.
    var condition: [(name: String, value: String)] { settings.keepsExisting ? [("If-None-Match", "*")] : [] }

    static let markName = "X-Amz-Meta-Mhpipe-Upload"

    // MARK: - Before anything is written

    /// Looks whether the bucket is there, and whether an object is, as far as this user may know.
    ///
    /// - Throws: `StageError` when nothing can be written there, or nothing may be.
    package func check(_ key: String) throws {
        let place = S3Location(bucket: name, key: key)
        switch try wait({ bucket.probe(key, $0) }) {
        case .success: try refuseExisting(place)
        case .failure(let failure):
            switch failure.refusal?.code {
            case "NoSuchKey", "NotFound": return
            // It is there, if only to be read with another key, or not before it is restored.
            case "InvalidRange", "InvalidObjectState", "InvalidRequest": return try refuseExisting(place)
            // Whoever may write need not be one who may read.
            case "AccessDenied": return
            default: break
            }
            // A server that knows no ranges gives more than was asked for.
            if case .mismatch = failure.cause { return try refuseExisting(place) }
            throw UploadWords.failure(failure, of: place)
        }
    }

    private func refuseExisting(_ place: S3Location) throws {
        if settings.keepsExisting { throw UploadWords.existing(place) }
    }

    /// Looks likewise for objects below a folder.
    package func check(below folder: String) throws {
        let place = S3Location(bucket: name, key: folder)
        guard settings.keepsExisting else { return try check(folder) }
        switch try wait({ bucket.isAny(below: folder, $0) }) {
        case .success(true): throw UploadWords.existing(below: place)
        case .success(false): return
        case .failure(let failure):
            if failure.refusal?.code == "AccessDenied" { return }
            throw UploadWords.failure(failure, of: place)
        }
    }

    /// Waits for what a call gives.
    func wait<Value: Sendable>(
        _ call: (@escaping @Sendable (Result<Value, AWSFailure>) -> Void) -> Void
    ) throws -> Result<Value, AWSFailure> {
        let answer = Awaited<Result<Value, AWSFailure>>()
        call { answer.put($0) }
        return answer.wait(stop) ?? .failure(AWSFailure(cause: .stopped, host: name))
    }
}
