import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan

/// The folder in which a run keeps how far it has come.
///
/// `checkpoint` is the last record, replaced as a whole; `units` holds the records of the units in their order, of which it
/// says how many count, `inputs` the lines of the manifest, where there is one; `stage-N.M` are the states of ordered stages, `sink-NAME.M` what a sink
/// puts there for its checkpoints, `.files-NAME` what goes to many objects, `uploads-NAME` what it has begun elsewhere. With `mode: append`, `committed` says what all runs
/// have committed, in `committed-N` and `kept-NAME`. What a record says of is on the disk before the record is. `lock` is
/// locked while a run lives. Used on one queue at a time.
final class StateFolder {
    let name: String
    private let path: FilePath
    private var lock: FileDescriptor?
    private var units: FileDescriptor?
    /// True once a record may be there, which a failing sync behind it does not take away.
    private(set) var hasRecord = false
    /// True once the entry of `units` is on the disk.
    private var isUnitsEntrySafe = false

    private static let recordName = StateSettings.checkpointName

    /// Opens a folder, which is made when it is not there, for this process alone.
    ///
    /// - Throws: `StageError` when it cannot be written, or when another run has it.
    init(_ name: String) throws(StageError) {
        self.name = name
        path = FilePath(name)
        let number = unsafe path.withSystemPath { unsafe mkdir($0, 0o777) == 0 ? 0 : errno }
        guard number == 0 || number == EEXIST else {
            throw Self.failure(
                name,
                number,
                advice: "the state of a run is kept in a folder; choose one that can be written"
            )
        }
        let opened = try open("lock", O_RDWR | O_CREAT)
        let outcome = FileLock.take(opened.number)
        lock = consume opened
        guard outcome != .held else {
            throw StageError(
                "another run is at work with the state in '\(name)'",
                advice: "wait for its end, or give this one a folder of its own"
            )
        }
    }

    /// Leaves the folder to others, whoever still knows of it here.
    func unlock() { lock = nil }

    /// Where the folder is, behind all links.
    var place: [UInt8] { (path.resolved ?? path).bytes }

    // MARK: - Reading

    /// The last record; nil when there is none.
    ///
    /// - Throws: `StageError` when it cannot be read.
    func record() throws -> JournalRecord? {
        guard let bytes = try bytes(of: Self.recordName) else { return nil }
        do {
            return try JournalRecord(String(decoding: bytes, as: UTF8.self))
        } catch let error as StageError {
            throw StageError(
                "cannot go on with the run whose state is in '\(name)': \(error.message)",
                advice: "begin anew with --restart; the outputs are as they were before that run"
            )
        }
    }

    /// The records of the units that a record of a run counts, in their order.
    func units(_ count: Int) throws(StageError) -> [UnitRecord] {
        let bytes = try bytes(of: "units") ?? []
        guard bytes.count >= count * UnitRecord.count else {
            throw StageError("'\(name)/units' is shorter than the state says", advice: "begin anew with --restart")
        }
        return UnitRecord.all(in: Array(bytes.prefix(count * UnitRecord.count)))
    }

    /// What runs with `mode: append` have committed; nil when there were none.
    ///
    /// - Throws: `StageError` when it cannot be read.
    func committed() throws -> CommitRecord? {
        guard let bytes = try bytes(of: StateSettings.committedName) else { return nil }
        do {
            return try CommitRecord(String(decoding: bytes, as: UTF8.self))
        } catch let error as StageError {
            throw StageError(
                "cannot tell what earlier runs have committed by '\(name)/committed': \(error.message)",
                advice:
                    "put back the folder as the last run has left it; or begin anew with another folder and other outputs"
            )
        }
    }

    func state(of stage: Int, file: Int) throws(StageError) -> [UInt8] {
        let part = "stage-\(stage).\(file)"
        guard let bytes = try bytes(of: part) else {
            throw StageError("'\(name)/\(part)' is not there", advice: "begin anew with --restart")
        }
        return bytes
    }

    /// What a file of the folder holds; nil when it is not there.
    func bytes(of part: String) throws(StageError) -> [UInt8]? {
        let file = path.appending(Array(part.utf8))
        guard let opened = file.open(O_RDONLY) else {
            if errno == ENOENT { return nil }
            throw Self.failure("\(name)/\(part)", errno)
        }
        guard let bytes = DescriptorReading.all(of: opened.number) else {
            throw Self.failure("\(name)/\(part)", errno)
        }
        return bytes
    }

    // MARK: - Writing

    /// Begins to write behind the units that count.
    func openUnits(behind count: Int) throws(StageError) {
        let opened = try open("units", O_RDWR | O_CREAT)
        let number = DescriptorWriting.truncate(opened.number, to: count * UnitRecord.count)
        guard number == 0 else { throw Self.failure("\(name)/units", number) }
        units = consume opened
    }

    /// Begins to write lines of a manifest behind those that count.
    func openLines(behind end: Int) throws(StageError) -> KeptLines {
        try KeptLines(try open("inputs", O_RDWR | O_CREAT), name: "\(name)/inputs", end: end)
    }

    /// Writes a record, when the units and states that it says of are on the disk.
    ///
    /// - Parameters:
    ///   - record: The record.
    ///   - bytes: The records of the units since the last one.
    ///   - states: The states of the ordered stages, by their numbers.
    /// - Throws: `StageError`; the last record counts then.
    func write(_ record: JournalRecord, units bytes: [UInt8], states: [Int: [UInt8]]) throws {
        try put(bytes, to: units?.number ?? -1, sync: true, "units")
        for (stage, bytes) in states {
            guard let file = record.stages[stage] else { continue }
            try replace("stage-\(stage).\(file)", bytes)
        }
        // A power cut may keep the rename of the record and lose those before it.
        if !states.isEmpty || !isUnitsEntrySafe { try syncFolder() }
        isUnitsEntrySafe = true
        try replace(Self.recordName, Array(try record.text().utf8))
        try syncFolder()
        for (stage, file) in record.stages where states[stage] != nil {
            path.appending(Array("stage-\(stage).\(file - 1)".utf8)).removeFile()
        }
    }

    /// Forgets the run: the next one begins anew.
    ///
    /// - Throws: `StageError` when the record may still be there, so that the next run would go on with this one.
    func clear() throws(StageError) {
        let record = path.appending(Array(Self.recordName.utf8))
        var number = unsafe record.withSystemPath { unsafe unlink($0) == 0 || errno == ENOENT ? 0 : errno }
        if number == 0 { number = AtomicFile.sync(path) }
        guard number == 0 else {
            throw StageError("cannot forget the run whose state is in '\(name)': \(SystemFailure.reason(number))")
        }
        // A run that was killed may have left more than the record names.
        guard let stream = try? FolderStream(path) else { return }
        var parts: [[UInt8]] = []
        while let entry = try? stream.next() { unsafe parts.append(Array(entry.name)) }
        for part in parts where Self.isOfOneRun(part) { path.appending(part).removeFile() }
    }

    /// True for the name of what says nothing without a record.
    private static func isOfOneRun(_ part: [UInt8]) -> Bool {
        let name = String(decoding: part, as: UTF8.self)
        return ["units", "inputs"].contains(name) || name.hasPrefix("stage-") || name.hasPrefix("sink-")
            || name.hasPrefix(".files-")
            || name.hasSuffix(".new")
    }

    /// Says what is committed from here on, and removes the files that earlier runs needed and it does not.
    func write(_ record: CommitRecord) throws {
        try syncFolder()
        try replace(StateSettings.committedName, Array(try record.text().utf8))
        try syncFolder()
        try sweep(keeping: record)
    }

    /// Removes files that no record speaks of, such as those of a run that ended while it committed.
    func sweep(keeping record: CommitRecord) throws {
        let needed = record.files
        var files: [String] = []
        do throws(InputFailure) {
            let entries = try FolderStream(path)
            while let entry = try entries.next() { unsafe files.append(String(decoding: entry.name, as: UTF8.self)) }
        } catch {
            throw StageError("\(error)")
        }
        for file in files where file.hasPrefix("committed-") || file.hasPrefix("kept-") {
            if !needed.contains(file) { path.appending(Array(file.utf8)).removeFile() }
        }
    }

    /// A file of the folder, for messages.
    func shown(_ part: String) -> String { "\(name)/\(part)" }

    private func replace(_ part: String, _ bytes: [UInt8]) throws(StageError) {
        let new = path.appending(Array("\(part).new".utf8))
        let descriptor = try open("\(part).new", O_WRONLY | O_CREAT | O_TRUNC)
        try put(bytes, to: descriptor.number, sync: true, part)
        let final = path.appending(Array(part.utf8))
        let number = unsafe new.withSystemPath { from in
            unsafe final.withSystemPath { unsafe rename(from, $0) == 0 ? 0 : errno }
        }
        guard number == 0 else { throw Self.failure("\(name)/\(part)", number) }
        if part == Self.recordName { hasRecord = true }
    }

    func put(_ bytes: [UInt8], to descriptor: Int32, sync: Bool, _ part: String) throws(StageError) {
        var number = unsafe bytes.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: descriptor) }
        if number == 0, sync { number = DescriptorWriting.sync(descriptor) }
        guard number == 0 else { throw Self.failure("\(name)/\(part)", number) }
    }

    private func syncFolder() throws(StageError) {
        let number = AtomicFile.sync(path)
        guard number == 0 else { throw Self.failure(name, number) }
    }

    func open(_ part: String, _ flags: Int32) throws(StageError) -> FileDescriptor {
        guard let descriptor = path.appending(Array(part.utf8)).open(flags) else {
            throw Self.failure("\(name)/\(part)", errno)
        }
        return descriptor
    }

    private static func failure(_ name: String, _ number: Int32, advice: String? = nil) -> StageError {
        StageError("cannot keep the state of the run in '\(name)': \(SystemFailure.reason(number))", advice: advice)
    }
}
