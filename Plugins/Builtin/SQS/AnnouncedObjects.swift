import MHPipeAWS
import MHPipeIO
import MHPipeKit

/// Objects that messages name: which of them are read, and what S3 says of them before.
final class AnnouncedObjects {
    /// What becomes of an object.
    enum Choice {
        /// `isLater` as for what is pruned: of this one, the events behind `until` are left out.
        case read(Lookup, isLater: Bool)
        /// Its name is not that of a log.
        case other
        /// It holds nothing of what is asked for, by its key; a run with a later `until` may ask for it where `isLater`.
        case pruned(isLater: Bool)
    }

    /// What S3 says of an object, once it is there.
    final class Lookup: Sendable {
        let location: S3Location
        /// True when it is read whatever it is.
        fileprivate let isNamed: Bool
        private let answer = Locked<Result<S3Object, AWSFailure>?>(nil)

        init(_ location: S3Location, isNamed: Bool) {
            self.location = location
            self.isNamed = isNamed
        }

        var isThere: Bool { answer.withLock { $0 != nil } }

        fileprivate func take() -> Result<S3Object, AWSFailure>? { answer.withLock { $0 } }

        fileprivate func put(_ result: Result<S3Object, AWSFailure>) { answer.withLock { $0 = result } }
    }

    /// What an object turned out to be.
    enum Found {
        case unit(S3Unit)
        case unreadable(UnreadableInput)
        /// One that mhpipe has written; the next run would read what this one writes, and so on.
        case output
        case notYet
    }

    /// Lookups that may be under way or wait.
    static let mostLookups = 128

    private let connection: AWSConnection
    private let extras: S3Bucket.Extras
    private let plan: S3Plan
    private let selection: EventSelection?
    private var stop: RunStop
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
        self.selection = selection
        plan = S3Plan(selection, below: "")
    }

    /// What was left out by keys.
    var sighting: SelectionSighting { plan.sighting }

    /// Begins a round, whose end lets go of the objects that are read in it.
    func begin(_ stop: RunStop) {
        self.stop = stop
        for place in buckets.values { place.fetcher.begin(stop) }
    }

    /// Chooses what becomes of an object, and begins to look it up where it is read.
    ///
    /// - Parameters:
    ///   - location: The object.
    ///   - isNamed: True when the user names it by itself, so that it is read whatever it is called and whoever has written it.
    /// - Returns: What becomes of it.
    /// - Throws: `StageError` when there is no such endpoint.
    func choice(of location: S3Location, isNamed: Bool = false) throws -> Choice {
        let name = Array(location.key.utf8)
        guard isNamed || LogName.isLog(name) && S3Plan.isTrail(location.key) else { return .other }
        let key = CloudTrailKey(file: name)
        let isLater = key.map { selection?.mayHoldLater($0) == true } ?? false
        guard !plan.isPruned(key) else { return .pruned(isLater: isLater) }
        return .read(try lookup(location, isNamed: isNamed), isLater: isLater)
    }

    /// Begins to look up an object; `isNamed` as above.
    func lookup(_ location: S3Location, isNamed: Bool) throws -> Lookup {
        let lookup = Lookup(location, isNamed: isNamed)
        try place(location.bucket).bucket.head(location.key) { [onAnswer] result in
            lookup.put(result)
            onAnswer()
        }
        return lookup
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
        guard lookup.isNamed || !object.isOutput else { return .output }
        guard !object.isArchived else {
            let reason = ArchivedObject.reason(location, object.storageClass, requesterPays: bucket.requesterPays)
            return .unreadable(UnreadableInput(name: location.url, reason: reason))
        }
        return .unit(S3Unit(object, in: bucket, fetcher))
    }

    /// What there is to say of objects that mhpipe has written.
    static func words(ofOutputs count: Int) -> String {
        "\(count) object\(count == 1 ? " was" : "s were") written by mhpipe, and \(count == 1 ? "is" : "are") not read: "
            + "a run would read what the one before has written; source s3 reads them"
    }
}
