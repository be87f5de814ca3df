import MHPipeAWS
import MHPipeDigests
import MHPipeIO
import MHPipeKit

/// The objects below a prefix, as units that are pulled.
final class S3Objects: FileListing {
    private let location: S3Location
    private let bucket: S3Bucket
    private let listing: S3Listing
    private let plan: S3Plan
    private let fetcher: ObjectFetcher
    private let integrity: TrailIntegrity?
    /// Objects that should be there, whose turn has not come yet.
    private var missing: ArraySlice<UnreadableInput>
    private let warn: @Sendable (String) -> Void
    private let namesOthers: Bool
    private var counts = InputTally()
    private var units = 0
    private let archived = ArchiveTally()
    private var refused = 0
    private var deleted = (count: 0, first: String?.none)
    private var isAtEnd = false

    init(
        _ location: S3Location,
        _ bucket: S3Bucket,
        _ plan: S3Plan,
        _ integrity: TrailIntegrity?,
        _ context: PluginContext
    ) {
        self.integrity = integrity
        missing = (integrity?.missing ?? [])[...]
        self.location = location
        self.bucket = bucket
        self.plan = plan
        warn = context.warn
        namesOthers = context.namesOthers
        listing = S3Listing(bucket, location.key) { plan.choice(of: $0, depth: $1) }
        fetcher = ObjectFetcher(bucket, stop: context.stop)
    }

    /// Some more than may be asked for at once, so that there are always so many.
    let readAhead = 96

    func next() throws -> NextUnit {
        if let absent = missing.popFirst() { return .unreadable(absent) }
        while !isAtEnd {
            switch listing.next() {
            case .notYet: return .notYet(retryIn: .milliseconds(5))
            case .end: end()
            // The run is over, and asks no more.
            case .failed(_, let failure) where failure.isStopped: return .notYet(retryIn: .milliseconds(5))
            case .failed(let prefix, let failure): return .unreadable(try unreadable(prefix, failure))
            case .object(let object) where object.isDeleteMarker: noteDeleted(object)
            case .object(let object):
                counts.seen += 1
                if let next = unit(object) { return next }
            }
        }
        return .end
    }

    /// Nil for an object that is not read.
    private func unit(_ object: S3Object) -> NextUnit? {
        let key = Array(object.key.utf8)
        // An object that is named by itself is read whatever it is called; one with a slash at its end stands for a folder.
        let isNamed = object.key.utf8.elementsEqual(location.key.utf8) && key.last != UInt8(ascii: "/")
        // One that stands for a folder holds nothing that is to be named.
        let isOther = namesOthers && (object.size > 0 || key.last != UInt8(ascii: "/"))
        guard isNamed || isOther || LogName.isLog(key) else {
            counts.others += 1
            return nil
        }
        guard !plan.isPruned(CloudTrailKey(file: key)) else {
            counts.pruned += 1
            return nil
        }
        guard !object.isArchived else {
            archived.add()
            let place = S3Location(bucket: location.bucket, key: object.key)
            let reason = ArchivedObject.reason(
                place,
                object.storageClass,
                version: object.versionID,
                requesterPays: bucket.requesterPays
            )
            let version = object.versionID.map { "?versionId=\($0)" } ?? ""
            var input = UnreadableInput(name: place.url + version, reason: reason)
            // By the time that a run reads the list it may be restored.
            if object.versionID == nil { input.listedName = place.listedName(object) }
            return .unreadable(input)
        }
        units += 1
        let unit = S3Unit(object, in: bucket, fetcher, archived: archived)
        guard let integrity else { return .unit(unit) }
        return .unit(CheckedUnit(unit, ObjectAddress(bucket: bucket.name, key: object.key), integrity))
    }

    /// Counts an object whose latest version says that it was deleted.
    private func noteDeleted(_ object: S3Object) {
        let key = Array(object.key.utf8)
        guard object.isLatest, LogName.isLog(key), !plan.isPruned(CloudTrailKey(file: key)) else { return }
        deleted.count += 1
        deleted.first = deleted.first ?? S3Location(bucket: location.bucket, key: object.key).url
    }

    private func unreadable(_ prefix: String, _ failure: AWSFailure) throws -> UnreadableInput {
        let place = S3Location(bucket: location.bucket, key: prefix)
        let action = bucket.listsVersions ? "s3:ListBucketVersions" : "s3:ListBucket"
        let needs = "\(action) on bucket '\(location.bucket)' for prefix '\(prefix)'"
        // Where the first request is refused, there is nothing to read at all.
        guard counts.seen > 0 || !prefix.utf8.elementsEqual(location.key.utf8), !failure.isOfAll else {
            throw failure.error("cannot list '\(place.url)'", needs: needs)
        }
        counts.seen += 1
        refused += 1
        return UnreadableInput(name: place.url, reason: "cannot be listed: \(failure.reason(needs: needs))")
    }

    private func end() {
        isAtEnd = true
        // Nobody knows what is below a prefix that is not listed.
        guard units + archived.count + refused == 0, tally.pruned + tally.prunedFolders == 0 else { return }
        let others = counts.others
        warn(
            others == 0
                ? "nothing to read: there is no object below '\(location.url)'"
                : "nothing to read: no object below '\(location.url)' ends in \(LogName.text); \(others) others seen there"
        )
    }

    var tally: InputTally {
        var tally = counts
        tally.prunedFolders = listing.passedFolders
        tally.seen += integrity?.missing.count ?? 0
        tally.waiting = missing.count
        return tally
    }

    var keySighting: SelectionSighting { plan.sighting }

    /// Whether one of Intelligent-Tiering is archived is known when it is asked for.
    var remarks: [String] {
        let count = archived.count
        let gone = deleted.first.map { first in
            [
                "objects that are deleted, with a delete marker as their latest version: \(deleted.count), such as \(first)"
            ]
        }
        guard count > 0 else { return gone ?? [] }
        return (gone ?? []) + [
            "\(count) object\(count == 1 ? " is" : "s are") archived, and cannot be read before they are restored"
        ]
    }

    func name(of file: FileReference) -> String? { nil }
}
