import MHPipeAWS
import MHPipeKit

/// The bytes of an object of a bucket, of which a part at a time is in memory.
final class ObjectParts: ByteStream {
    private let object: ObjectAddress
    private let bucket: S3Bucket
    private let stop: RunStop
    /// What was found when its first bytes came; what comes behind is of the same.
    private let found: S3Object
    private var part: [UInt8]
    /// What of the part was handed on.
    private var place = 0
    /// Where the next part begins.
    private var end: Int

    /// Most log files and digest files are smaller.
    static let firstBytes = 1 << 20
    private static let partBytes = 4 << 20

    init(_ object: ObjectAddress, _ bucket: S3Bucket, _ first: HTTPResponse, _ stop: RunStop) {
        self.object = object
        self.bucket = bucket
        self.stop = stop
        part = first.body
        end = first.body.count
        found = S3Object(
            key: object.key,
            etag: first["etag"]?.unquoted ?? "",
            size: first.status == 206 ? first.totalBytes ?? end : end
        )
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if place == part.count {
            guard end < found.size else { return 0 }
            let range = end..<min(end + Self.partBytes, found.size)
            // The old part is let go of first.
            part = []
            do throws(AWSFailure) {
                part = try bucket.get(found, range, stop: stop)
            } catch {
                throw Self.error(error, of: object, bucket)
            }
            end = range.upperBound
            place = 0
        }
        let count = min(part.count - place, buffer.count)
        unsafe part.withUnsafeBytes {
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[place..<(place + count)]))
        }
        place += count
        return count
    }

    /// What a failure says of an object: that it is missing only where the server said so.
    static func error(_ failure: AWSFailure, of object: ObjectAddress, _ bucket: S3Bucket) -> any Error {
        let needs = "s3:GetObject on it, and kms:Decrypt where it is encrypted with a key of KMS"
        if failure.isOfAll { return failure.error("cannot read '\(object)'", needs: needs) }
        guard let refusal = failure.refusal else { return UnreachableObject(reason: failure.reason) }
        if refusal.isDeleteMarker { return MissingObject(detail: deleted(object)) }
        if refusal.status == 404 {
            return MissingObject(detail: refusal.code == "NoSuchBucket" ? "there is no bucket '\(object.bucket)'" : nil)
        }
        switch refusal.code {
        case ArchivedObject.refusal:
            let place = S3Location(bucket: object.bucket, key: object.key)
            let reason = ArchivedObject.reason(place, refusal.storageClass, requesterPays: bucket.requesterPays)
            return UnreachableObject(reason: reason)
        case "PreconditionFailed": return UnreachableObject(reason: "it was replaced while it was read")
        default: return UnreachableObject(reason: failure.reason(needs: needs))
        }
    }

    private static func deleted(_ object: ObjectAddress) -> String {
        "a delete marker hides it, and earlier versions may be there: aws s3api list-object-versions --bucket \(object.bucket) "
            + "--prefix \(ShellWord.quoted(object.key))"
    }
}
