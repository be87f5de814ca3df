import MHPipeAWS
import MHPipeKit

/// An object as a unit of work.
struct S3Unit: SourceUnit {
    fileprivate let object: S3Object
    private let fetcher: ObjectFetcher
    private let place: S3Location
    private let requesterPays: Bool
    private let archived: ArchiveTally?
    /// What was asked for ahead; dropped with the unit when nobody reads it.
    private let ahead = Ahead()

    private final class Ahead: Sendable {
        let fetch = Locked<ObjectFetch?>(nil)
    }

    init(_ object: S3Object, in bucket: S3Bucket, _ fetcher: ObjectFetcher, archived: ArchiveTally? = nil) {
        self.archived = archived
        self.object = object
        self.fetcher = fetcher
        place = S3Location(bucket: bucket.name, key: object.key)
        requesterPays = bucket.requesterPays
    }

    var name: String { place.url + (object.versionID.map { "?versionId=\($0)" } ?? "") }
    var id: UnitID { UnitID(name, version: object.etag) }
    var size: Int? { object.size }
    var facts: UnitFacts { UnitFacts(CloudTrailKey(file: Array(object.key.utf8))) }

    func prepare() {
        let fetch = fetcher.fetch(object)
        ahead.fetch.withLock { $0 = fetch }
    }

    func open() throws -> any ByteStream {
        let prepared = ahead.fetch.withLock { fetch in
            defer { fetch = nil }
            return fetch
        }
        let fetch = prepared ?? fetcher.fetchNow(object)
        do {
            try fetch.open()
        } catch let failure as AWSFailure {
            throw error(failure, "cannot be opened")
        }
        return Stream(fetch, self)
    }

    private func error(_ failure: AWSFailure, _ what: String) -> StageError {
        let action = object.versionID == nil ? "s3:GetObject" : "s3:GetObjectVersion"
        let needs = "\(action) on it, and kms:Decrypt where it is encrypted with a key of KMS"
        if failure.isOfAll { return failure.error("'\(name)' \(what)", needs: needs) }
        switch failure.refusal?.code {
        case "InvalidObjectState":
            archived?.add()
            let reason = ArchivedObject.reason(
                place,
                object.storageClass,
                version: object.versionID,
                requesterPays: requesterPays
            )
            return StageError("\(what): \(reason)")
        case "PreconditionFailed":
            return StageError("\(what): it has changed since it was listed; the next run reads it")
        default: return StageError("\(what): \(failure.reason(needs: needs))")
        }
    }

    /// A failure behind the first bytes, which ends the run: what came before is in the outputs already, and whoever counts the
    /// object as read loses the rest, which is there.
    private func endOfRun(_ failure: AWSFailure) -> StageError {
        var error = error(failure, "cannot be read any further")
        guard !error.endsRun else { return error }
        error.message = "'\(name)' \(error.message)"
        error.advice = "run again: it counts as not read, and is read from its beginning"
        error.endsRun = true
        return error
    }

    private final class Stream: ByteStream {
        private let fetch: ObjectFetch
        private let unit: S3Unit

        init(_ fetch: ObjectFetch, _ unit: S3Unit) {
            self.fetch = fetch
            self.unit = unit
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            do {
                return try unsafe fetch.read(into: buffer)
            } catch let failure as AWSFailure {
                throw unit.endOfRun(failure)
            }
        }
    }
}

extension S3Unit: RereadUnit {
    /// Each time it is asked for by its ETag.
    func isSame(_ first: any ByteStream, _ second: any ByteStream) -> Bool { !object.etag.isEmpty }
}

extension S3Unit: ListableUnit {
    /// A list names the latest version alone.
    var listedName: ListedName? { object.versionID == nil ? place.listedName(object) : nil }

    /// By what it is told from another object of its name; empty where its server does not say.
    var etag: String { object.etag }
}

extension S3Location {
    /// What a list says of an object that is there.
    func listedName(_ object: S3Object) -> ListedName {
        ListedName(Array(url.utf8), size: object.size, etag: object.etag)
    }
}
