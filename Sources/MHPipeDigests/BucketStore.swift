package import MHPipeAWS
import MHPipeKit

/// The bucket itself, or what is below a prefix of it.
///
/// Digest files name others, and log files, with their buckets; those are asked for wherever they are.
package final class BucketStore: TrailStore {
    package let name: String
    private let location: S3Location
    private let connection: AWSConnection
    private let bucket: S3Bucket
    private let state = Locked(State())

    private struct State: Sendable {
        var others: [String: S3Bucket] = [:]
        var unlisted: [String: UnlistedFolder] = [:]
    }

    /// - Parameters:
    ///   - location: The bucket, and what keys begin with.
    ///   - connection: How it is reached.
    ///   - extras: What requests have beside the rest; other buckets that digest files name are not given any of it, since whoever
    ///     writes such a file could have a key sent there, or have somebody pay.
    /// - Throws: `StageError` when the configuration names an endpoint that is none.
    package init(_ location: S3Location, _ connection: AWSConnection, _ extras: S3Bucket.Extras) throws {
        self.location = location
        self.connection = connection
        name = location.url
        bucket = try connection.bucket(location.bucket, extras: extras)
    }

    /// Some may wait for further parts of large objects.
    package var parallelism: Int? { 8 }

    /// An object in memory costs little.
    package var readAhead: Int { 32 }

    package var unlistedFolders: [UnlistedFolder] {
        state.withLock { $0.unlisted.values.sorted { $0.folder.key < $1.folder.key } }
    }

    package func forEachObject(
        _ files: TrailFiles,
        of selection: TrailSelection,
        _ body: (ObjectAddress) throws -> Void
    ) throws {
        try listAhead(files, of: selection).forEach(body)
    }

    /// Holds so many keys as `S3Listing` does, until they are taken.
    package func listAhead(_ files: TrailFiles, of selection: TrailSelection) -> ObjectList {
        let plan = TrailPlan(files, selection)
        let listing = S3Listing(bucket, location.key) { plan.choice(of: $0, depth: $1) }
        return ObjectList { [self] body in try hand(listing, body) }
    }

    private func hand(_ listing: S3Listing, _ body: (ObjectAddress) throws -> Void) throws {
        var isFirst = true
        while true {
            switch listing.next() {
            case .notYet: continue
            case .end: return
            case .object(let object):
                try body(ObjectAddress(bucket: bucket.name, key: object.key))
            case .failed(let prefix, let failure):
                let place = S3Location(bucket: bucket.name, key: prefix)
                let needs = "s3:ListBucket on bucket '\(bucket.name)' for prefix '\(prefix)'"
                if failure.isOfAll || isFirst && prefix.utf8.elementsEqual(location.key.utf8) {
                    throw failure.error("cannot list '\(place.url)'", needs: needs)
                }
                let folder = ObjectAddress(bucket: bucket.name, key: prefix)
                let reason = "it cannot be listed: \(failure.reason(needs: needs))"
                state.withLock { $0.unlisted[prefix] = UnlistedFolder(folder: folder, reason: reason) }
            }
            isFirst = false
        }
    }

    package func ask(for object: ObjectAddress, _ take: @escaping @Sendable (AskedObject) -> Void) {
        let found: S3Bucket?
        do {
            found = try bucket(of: object)
        } catch {
            return take(AskedObject { throw error })
        }
        guard let bucket = found else { return take(AskedObject { throw MissingObject() }) }
        bucket.getFirst(object.key, ObjectParts.firstBytes) { [stop = connection.stop] result in
            let bytes = (try? result.get())?.body.count
            take(
                AskedObject(isQuick: bytes.map { $0 <= Self.quickBytes } ?? false) {
                    switch result {
                    case .success(let response):
                        let parts = ObjectParts(object, bucket, response, stop)
                        let head = response.withoutBody
                        return StoredObject(stream: parts) { Self.metadata(head) }
                    // No part can be had of what has no bytes.
                    case .failure(let failure) where failure.refusal?.status == 416:
                        return StoredObject(stream: EmptyStream()) { nil }
                    case .failure(let failure):
                        throw ObjectParts.error(failure, of: object, bucket)
                    }
                }
            )
        }
    }

    /// So few are all there is of an object, and their text is hashed in the time that a change of threads takes.
    private static let quickBytes = 8 << 10

    package func absence(of object: ObjectAddress) throws -> MissingObject? {
        guard let bucket = try bucket(of: object) else { return MissingObject() }
        do throws(AWSFailure) {
            try bucket.find(object.key, stop: connection.stop)
            return nil
        } catch {
            switch ObjectParts.error(error, of: object, bucket) {
            case let missing as MissingObject: return missing
            case is UnreachableObject: return nil
            case let other: throw other
            }
        }
    }

    /// The bucket of an object; nil for one that cannot be, since no bucket has such a name, or no object such a key.
    private func bucket(of object: ObjectAddress) throws -> S3Bucket? {
        let name = object.bucket
        guard !object.key.isEmpty else { return nil }
        guard !name.utf8.elementsEqual(bucket.name.utf8) else { return bucket }
        guard S3Location("s3://\(name)/")?.bucket == name else { return nil }
        return try state.withLock { state in
            let other = try state.others[name] ?? connection.bucket(name)
            state.others[name] = other
            return other
        }
    }

    private static let metadataPrefix = "x-amz-meta-"

    private static func metadata(_ response: HTTPResponse) -> [String: String] {
        let pairs = response.headers.filter { $0.name.hasPrefix(metadataPrefix) }
            .map { (String($0.name.dropFirst(metadataPrefix.count)), $0.value) }
        return Dictionary(pairs) { $1 }
    }

    private final class EmptyStream: ByteStream {
        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { 0 }
    }
}
