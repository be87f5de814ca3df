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

    let target: UploadTarget
    let answers = PartAnswers()
    let running = DispatchGroup()
    /// How many parts were sent.
    private var count = 0
    /// The bytes behind the last part.
    private var tail: [UInt8] = []
    /// What came before those and is in a temporary file.
    private var spilled: [TailSpool.Extent] = []
    private var hash: ResumableSHA256
    /// All bytes so far.
    package private(set) var size = 0
    private(set) var isInPlace = false

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
        let bytes = try waiting(spool)
        (tail, spilled) = ([], [])
        try send(bytes)
    }

    /// Takes the bytes that wait out of memory.
    package func spill(_ spool: TailSpool) throws {
        guard !tail.isEmpty else { return }
        spilled.append(try spool.append(tail))
        tail = []
    }

    /// The bytes that are in no part yet.
    ///
    /// They stay where they are, so that those of many objects do not come into memory together.
    private func waiting(_ spool: TailSpool?) throws -> [UInt8] {
        guard !spilled.isEmpty else { return tail }
        guard let spool else { preconditionFailure("bytes were spilled, and there is no spool") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(spilled.reduce(tail.count) { $0 + $1.count })
        for extent in spilled { bytes += try spool.bytes(extent) }
        return bytes + tail
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
    ///   - completion: Called once, with what kept it from that; not on a thread that may wait.
    package func commit(_ spool: TailSpool? = nil, _ completion: @escaping @Sendable (StageError?) -> Void) {
        guard !isInPlace else { return completion(nil) }
        let ending = UploadEnding(place, mark, size: size, in: target, abortCommand)
        if let upload {
            let parts = answers.parts
            ending.complete(upload, (0..<count).compactMap { parts[$0 + 1] }, completion)
        } else {
            do {
                let bytes = try waiting(spool)
                ending.put(bytes, try BodyChecksums(bytes), completion)
            } catch {
                completion(StageError(wrapping: error))
            }
        }
    }

    /// Puts the object in its place, and waits until it is there.
    ///
    /// - Throws: `StageError`.
    package func commit() throws {
        let answer = Awaited<StageError?>()
        commit { answer.put($0) }
        if let failure = answer.wait(RunStop()) ?? nil { throw failure }
        isInPlace = true
    }

    /// Sees to it that nothing of the object's name is there, in the place of `commit`.
    ///
    /// - Throws: `StageError`, also when nobody says whether there is one.
    package func remove() throws {
        // Where objects have versions, removing what is not there would put a delete marker before nothing.
        if case .failure(let failure) = try target.wait({ target.bucket.headers(of: place.key, $0) }),
            failure.refusal?.status == 404
        {
            return
        }
        if case .failure(let failure) = try target.wait({ target.bucket.remove(place.key, $0) }) {
            throw UploadWords.removal(failure, of: place)
        }
    }

    /// What to type to let go of it; nil where the server has nothing.
    package var abortCommand: String? { upload.map { UploadWords.abortCommand($0, place) } }
}
