import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// Objects that messages name: which of them are read, and what S3 says of them before.
final class AnnouncedObjects {
    /// What becomes of an object.
    enum Choice {
        case read(Lookup)
        /// Its name is not that of a log.
        case other
        /// It holds nothing of what is asked for, by its key.
        case pruned
    }

    /// What S3 says of an object, once it is there.
    final class Lookup: Sendable {
        let location: S3Location
        private let answer = Locked<Result<S3Object, AWSFailure>?>(nil)

        init(_ location: S3Location) {
            self.location = location
        }

        var isThere: Bool { answer.withLock { $0 != nil } }

        fileprivate func take() -> Result<S3Object, AWSFailure>? { answer.withLock { $0 } }

        fileprivate func put(_ result: Result<S3Object, AWSFailure>) { answer.withLock { $0 = result } }
    }

    /// What an object turned out to be.
    enum Found {
        case unit(S3Unit)
        case unreadable(UnreadableInput)
        case notYet
    }

    /// Lookups that may be under way or wait.
    static let mostLookups = 128

    private let connection: AWSConnection
    private let extras: S3Bucket.Extras
    private let plan: S3Plan
    private let stop: RunStop
    private let onAnswer: @Sendable () -> Void
    private var buckets: [String: (bucket: S3Bucket, fetcher: ObjectFetcher)] = [:]

    /// - Parameters:
    ///   - connection: How AWS is reached.
    ///   - extras: What requests for objects have beside the rest.
    ///   - selection: What is asked for.
    ///   - stop: Ends the waiting.
    ///   - onAnswer: Called, on any thread, when a lookup is there.
    init(
        _ connection: AWSConnection,
        _ extras: S3Bucket.Extras,
        _ selection: EventSelection?,
        stop: RunStop,
        onAnswer: @escaping @Sendable () -> Void = {}
    ) {
        self.connection = connection
        self.extras = extras
        self.stop = stop
        self.onAnswer = onAnswer
        plan = S3Plan(selection, below: "")
    }

    /// What was left out by keys.
    var sighting: SelectionSighting { plan.sighting }

    /// Chooses what becomes of an object, and begins to look it up where it is read.
    func choice(of location: S3Location) throws -> Choice {
        let key = Array(location.key.utf8)
        guard LogName.isLog(key), S3Plan.isTrail(location.key) else { return .other }
        guard !plan.isPruned(CloudTrailKey(file: key)) else { return .pruned }
        let lookup = Lookup(location)
        try place(location.bucket).bucket.head(location.key) { [onAnswer] result in
            lookup.put(result)
            onAnswer()
        }
        return .read(lookup)
    }

    private func place(_ name: String) throws -> (bucket: S3Bucket, fetcher: ObjectFetcher) {
        if let place = buckets[name] { return place }
        let bucket = try connection.bucket(name, extras: extras)
        let place = (bucket, ObjectFetcher(bucket, stop: stop))
        buckets[name] = place
        return place
    }

    /// What came of a lookup.
    ///
    /// - Throws: `StageError` when S3 cannot be asked at all.
    func found(_ lookup: Lookup) throws -> Found {
        let location = lookup.location
        guard let result = lookup.take() else { return .notYet }
        let (bucket, fetcher) = try place(location.bucket)
        let object: S3Object
        switch result {
        case .success(let found): object = found
        // The run is over, and asks no more.
        case .failure(let failure) where failure.isStopped: return .notYet
        case .failure(let failure) where failure.refusal?.status == 404:
            let reason = "it is gone: nothing of that name is in bucket '\(location.bucket)' any more"
            return .unreadable(UnreadableInput(name: location.url, reason: reason))
        case .failure(let failure):
            let needs =
                "s3:GetObject on it, and s3:ListBucket on the bucket, without which one that is gone is refused in the same way"
            if failure.isOfAll { throw failure.error("cannot look up '\(location.url)'", needs: needs) }
            let reason = "cannot be looked up: \(failure.reason(needs: needs))"
            return .unreadable(UnreadableInput(name: location.url, reason: reason))
        }
        guard !object.isArchived else {
            let reason = ArchivedObject.reason(location, object.storageClass, requesterPays: bucket.requesterPays)
            return .unreadable(UnreadableInput(name: location.url, reason: reason))
        }
        return .unit(S3Unit(object, in: bucket, fetcher))
    }
}
