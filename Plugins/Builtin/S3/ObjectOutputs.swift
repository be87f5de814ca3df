import Dispatch
import MHPipeAWS
import MHPipeKit

/// Many objects of one bucket that a sink writes, by the fields of events, and that are there with the commit.
///
/// Of each, what fills no part yet waits in memory, up to some megabytes of all, and then in a temporary file. So an upload is
/// open on the server only for objects of which there is a whole part.
final class ObjectOutputs: NamedOutputs {
    private final class Entry {
        let path: String
        let upload: ObjectUpload
        var rows = 0
        var isInPlace = false

        init(_ path: String, _ upload: ObjectUpload) {
            (self.path, self.upload) = (path, upload)
        }
    }

    private let folder: String
    private let beginning: [UInt8]
    private let store: ObjectStore
    private let kept: UploadFiles?
    private var target: UploadTarget?
    private var prefix = ""
    /// By their paths below the folder, and in the order in which they came.
    private var numbers: [[UInt8]: Int] = [:]
    private var entries: [Entry] = []
    /// What waits in memory.
    private var held = 0
    private var spool: TailSpool?
    private(set) var writtenFiles: [WrittenFile] = []

    private static let mostHeld = 48 << 20
    /// Requests of the commit at once; a large object counts for several.
    private static let parallel = 16

    init(_ folder: String, beginning: [UInt8], _ store: ObjectStore) {
        (self.folder, self.beginning, self.store) = (folder, beginning, store)
        kept = store.kept
    }

    func open() throws {
        let (target, key) = try store.open(folder)
        prefix = key.isEmpty ? "" : key + "/"
        self.target = target
        try target.check(below: prefix)
        // No run goes on with one: all of it is sent again.
        if let kept { try store.abort(kept) }
    }

    func write(_ bytes: UnsafeBufferPointer<UInt8>, to path: [UInt8], rows: Int) throws {
        let entry = try entry(path)
        entry.rows += rows
        held -= entry.upload.heldBytes
        defer { held += entry.upload.heldBytes }
        try unsafe entry.upload.append(bytes, spool)
        if held + entry.upload.heldBytes > Self.mostHeld { try spill() }
    }

    private func entry(_ path: [UInt8]) throws -> Entry {
        if let number = numbers[path] { return entries[number] }
        let key = prefix + String(decoding: path, as: UTF8.self)
        guard let target, key.utf8.count <= ObjectName.longest else {
            throw StageError(
                "cannot write '\(folder)/\(String(decoding: path, as: UTF8.self))': its key has \(key.utf8.count) bytes, "
                    + "and S3 takes \(ObjectName.longest)",
                advice: "choose a template with fewer fields"
            )
        }
        let upload = try ObjectUpload(key, in: target)
        let place = upload.place
        if let kept { upload.onBegin = { try kept.note($0, of: place) } }
        let entry = Entry("\(folder)/\(String(decoding: path, as: UTF8.self))", upload)
        numbers[path] = entries.count
        entries.append(entry)
        try unsafe beginning.withUnsafeBufferPointer { try unsafe entry.upload.append($0, spool) }
        held += entry.upload.heldBytes
        return entry
    }

    private func spill() throws {
        let spool = try spool ?? TailSpool()
        self.spool = spool
        for entry in entries { try entry.upload.spill(spool) }
        held = 0
    }

    func finish() throws {
        for entry in entries { try entry.upload.finish(spool) }
    }

    func commit() throws {
        let results = commitAll()
        writtenFiles = entries.enumerated().compactMap { number, entry in
            guard case .success? = results[number] else { return nil }
            let content = WrittenFile.Content(bytes: entry.upload.size, sha256: entry.upload.sha256)
            return WrittenFile(path: entry.path, rows: entry.rows, content: content)
        }
        defer { abort() }
        for (number, entry) in entries.enumerated() where results[number].map(\.isSuccess) == true {
            entry.isInPlace = true
        }
        let failed = results.sorted { $0.key < $1.key }.first { !$0.value.isSuccess }
        guard case .failure(var failure)? = failed?.value else { return }
        failure.advise(
            "\(writtenFiles.count) of \(entries.count) objects are in place with what this run wrote, and the others as before it; "
                + "run again\(store.context.keepsExisting ? " with --force" : ""), which writes all of them anew"
        )
        throw failure
    }

    /// Puts objects in their places, several at a time, until one cannot be; what came of those that were tried.
    private func commitAll() -> [Int: Result<Void, StageError>] {
        let slots = UploadSlots(Self.parallel, of: (32 << 20) / Self.parallel)
        let group = DispatchGroup()
        let results = CommitResults()
        for (number, entry) in entries.enumerated() {
            let size = min(entry.upload.size, PartSizes.first)
            _ = slots.take(size)
            guard !results.hasFailed else { break }
            group.enter()
            entry.upload.commit(spool) { failure in
                results.add(failure, number)
                slots.give(size)
                group.leave()
            }
        }
        group.wait()
        return results.all
    }

    func abort() {
        defer { (target, entries) = (nil, []) }
        let begun = entries.filter { !$0.isInPlace && $0.upload.upload != nil }
        guard !begun.isEmpty else {
            kept?.forget()
            return
        }
        guard let target = store.anew(target, toAbort: begun.map(\.upload)) else { return }
        let group = DispatchGroup()
        let warn = store.context.warn
        for entry in begun {
            group.enter()
            entry.upload.abort(by: target) { left in
                left.map(warn)
                group.leave()
            }
        }
        group.wait()
    }
}

/// What came of objects that were put in their places, by their numbers.
private final class CommitResults: Sendable {
    private let results = Locked<[Int: Result<Void, StageError>]>([:])

    var all: [Int: Result<Void, StageError>] { results.withLock { $0 } }

    var hasFailed: Bool { results.withLock { $0.values.contains { !$0.isSuccess } } }

    func add(_ failure: StageError?, _ number: Int) {
        results.withLock { $0[number] = failure.map { .failure($0) } ?? .success(()) }
    }
}

extension Result {
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
