import Dispatch
import MHPipeIO
package import MHPipeKit

/// An object on its way to a bucket, where nothing of it is to be seen before `commit`.
///
/// Parts are sent in the background as they are full; a smaller object is one request, at the commit. Used by one thread
/// at a time: `append` any number of times, then `finish` and `commit`; or `abort` at any point.
package final class ObjectUpload {
    package let place: S3Location
    /// By what the writer knows the object again.
    package let mark: String
    /// The id of the upload by parts; nil before the first one is sent.
    package private(set) var upload: String?
    /// True where a later run may go on with it, so that it is nothing to be let go of when the process ends.
    package var isKept = false
    /// Told of the id before the first part is sent.
    package var onBegin: (String) throws -> Void = { _ in }
    /// True once nothing more is to come.
    package private(set) var isWhole = false

    private let target: UploadTarget
    private let answers = PartAnswers()
    private let running = DispatchGroup()
    /// How many parts were sent.
    private var count = 0
    /// The bytes behind the last part.
    private var tail: [UInt8] = []
    /// What came before those and is in a temporary file.
    private var spilled: [TailSpool.Extent] = []
    private var hash: ResumableSHA256
    /// All bytes so far.
    package private(set) var size = 0
    private var isInPlace = false

    /// - Parameters:
    ///   - key: The key of the object.
    ///   - target: Where it will be.
    /// - Throws: `StageError` when there is nothing to hash with.
    package init(_ key: String, in target: UploadTarget) throws {
        self.target = target
        place = S3Location(bucket: target.name, key: key)
        mark = Hexadecimal.text((0..<16).map { _ in UInt8.random(in: 0...255) })
        hash = try ResumableSHA256()
    }

    /// The hash of all bytes so far.
    package var sha256: [UInt8] { hash.hash }

    /// The bytes that are in memory.
    package var heldBytes: Int { tail.count }

    // MARK: - Going on

    /// Goes on with the upload of an earlier run, once all that was sent is on the server.
    ///
    /// - Parameters:
    ///   - state: What that run has written down of it.
    ///   - key: The key of the object.
    ///   - target: Where it will be.
    /// - Throws: `StageError` when the server does not have what it should.
    package init(_ state: UploadState, _ key: String, in target: UploadTarget) throws {
        guard let hash = try ResumableSHA256(state: state.hash) else {
            throw StageError("the state of the upload is damaged", advice: "begin anew with --restart")
        }
        self.target = target
        self.hash = hash
        place = S3Location(bucket: target.name, key: key)
        (mark, upload, count, tail) = (state.mark, state.upload, state.parts.count, state.tail)
        (size, isWhole) = (state.size, state.isWhole)
        answers.add(state.parts)
        // The run may have ended behind the commit.
        if isWhole, try isOurs() {
            isInPlace = true
        } else if let upload {
            try checkParts(of: upload)
        }
    }

    /// What another run needs to go on, once all parts that were sent have come there.
    ///
    /// - Throws: `StageError` when one has not.
    package func state() throws -> UploadState {
        try flush()
        let parts = answers.parts
        return UploadState(
            mark: mark,
            upload: upload,
            size: size,
            isWhole: isWhole,
            hash: hash.state,
            parts: (0..<count).compactMap { parts[$0 + 1] },
            tail: tail
        )
    }

    /// Sees to it that the server has the parts.
    private func checkParts(of upload: String) throws {
        var known: [Int: UploadedPart] = [:]
        var next: Int? = 0
        while let number = next {
            switch try target.wait({ target.bucket.listParts(of: upload, place.key, after: number, $0) }) {
            case .success(let response):
                let page = UploadedParts(response.body)
                known.merge(page?.parts ?? [:]) { $1 }
                next = page?.next
            case .failure(let failure):
                guard failure.refusal?.code == "NoSuchUpload" else {
                    throw failure.error(
                        "cannot go on with the upload of '\(place.url)'",
                        needs: "s3:ListMultipartUploadParts on it"
                    )
                }
                throw UploadWords.gone(place, "it was aborted since, by hand or by a rule of the bucket")
            }
        }
        for (number, part) in answers.parts where known[number]?.size != part.size || known[number]?.tag != part.tag {
            throw UploadWords.gone(place, "its part \(number) is not as that run has sent it")
        }
    }

    // MARK: - Writing

    /// Takes bytes behind the earlier ones; waits while too many are on their way.
    ///
    /// - Throws: `StageError` when some that came before could not be sent.
    package func append(_ bytes: UnsafeBufferPointer<UInt8>, _ spool: TailSpool? = nil) throws {
        unsafe hash.update(UnsafeRawBufferPointer(bytes))
        size += bytes.count
        var place = 0
        while place < bytes.count {
            let part = PartSizes.bytes(of: count + 1)
            let waiting = spilled.reduce(tail.count) { $0 + $1.count }
            let end = min(place + part - waiting, bytes.count)
            // An array that grows takes twice what it needs.
            if tail.count > part / 2 { tail.reserveCapacity(part) }
            unsafe tail += bytes[place..<end]
            if waiting + end - place == part { try sendTail(spool) }
            place = end
        }
    }

    /// Sends what waits as a part.
    private func sendTail(_ spool: TailSpool?) throws {
        try unspill(spool)
        let bytes = tail
        tail = []
        try send(bytes)
    }

    /// Takes the bytes that wait out of memory.
    package func spill(_ spool: TailSpool) throws {
        guard !tail.isEmpty else { return }
        spilled.append(try spool.append(tail))
        tail = []
    }

    private func unspill(_ spool: TailSpool?) throws {
        guard !spilled.isEmpty, let spool else { return }
        tail = try spilled.flatMap { try spool.bytes($0) } + tail
        spilled = []
    }

    private func send(_ bytes: [UInt8]) throws {
        let upload = try upload ?? begin()
        guard target.slots.take(bytes.count, target.stop) else { throw stopped }
        try check()
        count += 1
        let number = count
        let checksums = try BodyChecksums(bytes)
        running.enter()
        target.bucket.upload(part: number, of: upload, place.key, bytes, checksums) {
            [answers, running, slots = target.slots] result in
            answers.add(result, part: number, size: bytes.count)
            slots.give(bytes.count)
            running.leave()
        }
    }

    private func begin() throws -> String {
        let headers = target.headers(mark: mark)
        let response = try succeeding(target.wait { target.bucket.beginUpload(place.key, headers: headers, $0) })
        guard let id = S3Bucket.uploadID(response) else { throw stopped }
        upload = id
        if !isKept, let command = abortCommand { UnfinishedUploads.add(command) }
        try onBegin(id)
        return id
    }

    /// Sends what is left, where the object has parts, and waits until the server has them.
    ///
    /// - Throws: `StageError` when it does not.
    package func finish(_ spool: TailSpool? = nil) throws {
        guard !isWhole else { return }
        if upload != nil, !tail.isEmpty || !spilled.isEmpty {
            try sendTail(spool)
        }
        try flush()
        isWhole = true
    }

    private func flush() throws {
        while running.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            if target.stop.isRaised { throw stopped }
        }
        try check()
    }

    private func check() throws {
        if let failure = answers.failure { throw UploadWords.failure(failure, of: place) }
    }

    private var stopped: StageError {
        UploadWords.failure(AWSFailure(cause: .stopped, host: place.bucket), of: place)
    }

    private func succeeding<Value>(_ result: Result<Value, AWSFailure>) throws -> Value {
        do throws(AWSFailure) {
            return try result.get()
        } catch {
            throw UploadWords.failure(error, of: place)
        }
    }

    // MARK: - The end

    /// Puts the object in its place, and sees to it that it is there.
    ///
    /// - Parameters:
    ///   - spool: What was taken out of memory.
    ///   - completion: Called once; not on a thread that may wait.
    /// - Throws: `StageError` when what is left cannot be read again.
    package func commit(_ spool: TailSpool? = nil, _ completion: @escaping @Sendable (StageError?) -> Void) throws {
        guard !isInPlace else { return completion(nil) }
        let ending = UploadEnding(place, mark, size: size, in: target, abortCommand)
        if let upload {
            let parts = answers.parts
            ending.complete(upload, (0..<count).compactMap { parts[$0 + 1] }, completion)
        } else {
            try unspill(spool)
            ending.put(tail, try BodyChecksums(tail), completion)
        }
    }

    /// Puts the object in its place, and waits until it is there.
    ///
    /// - Throws: `StageError`.
    package func commit() throws {
        let answer = Awaited<StageError?>()
        try commit { answer.put($0) }
        if let failure = answer.wait(RunStop()) ?? nil { throw failure }
        isInPlace = true
    }

    /// True for an object that this writer has put in its place before.
    private func isOurs() throws -> Bool {
        let ending = UploadEnding(place, mark, size: size, in: target, abortCommand)
        switch try target.wait({ ending.isInPlace($0) }) {
        case .success(let isThere): return isThere
        case .failure(let failure):
            // Whoever may write need not be one who may read.
            if failure.refusal?.code == "AccessDenied" { return false }
            throw UploadWords.failure(failure, of: place)
        }
    }

    private var abortCommand: String? { upload.map { UploadWords.abortCommand($0, place) } }

    /// Lets go of what the server has of it.
    ///
    /// - Parameters:
    ///   - target: A way to the bucket on which nothing else is.
    ///   - completion: Called once, with what is to be said when that cannot be done.
    package func abort(by target: UploadTarget, _ completion: @escaping @Sendable (String?) -> Void) {
        guard let upload, !isInPlace else { return completion(nil) }
        // A part that comes behind might stay. What is on its way is given up with the run.
        _ = running.wait(timeout: .now() + .milliseconds(300))
        Self.abort(upload, of: place, by: target, completion)
    }

    /// Lets go of what the server has of it, and waits for that; what is to be said when it cannot be done.
    package func abort(by target: UploadTarget) -> String? {
        let answer = Awaited<String?>()
        abort(by: target) { answer.put($0) }
        return answer.wait(RunStop()) ?? nil
    }

    /// Lets go of an upload, which need not be there any more, and waits for that likewise.
    package static func abort(_ upload: String, of place: S3Location, by target: UploadTarget) -> String? {
        let answer = Awaited<String?>()
        abort(upload, of: place, by: target) { answer.put($0) }
        return answer.wait(target.stop) ?? nil
    }

    /// Lets go of an upload, which need not be there any more.
    package static func abort(
        _ upload: String,
        of place: S3Location,
        by target: UploadTarget,
        _ completion: @escaping @Sendable (String?) -> Void
    ) {
        target.bucket.abort(upload, place.key) { result in
            if case .failure(let failure) = result, failure.refusal?.code != "NoSuchUpload" {
                return completion(UploadWords.left(upload, of: place, failure))
            }
            UnfinishedUploads.remove(UploadWords.abortCommand(upload, place))
            completion(nil)
        }
    }
}
