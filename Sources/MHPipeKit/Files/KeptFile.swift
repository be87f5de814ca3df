package import Libc

/// A file that is written beside its name, under a hidden name that later runs know, until it is whole.
///
/// Unlike what `AtomicFile` writes it stays when the process dies. Whoever goes on names a mark that was taken when all
/// before it was on the disk; what stands behind the mark is cut off. Until `commit`, whatever had the name before is as
/// it was. Used on one queue at a time.
package final class KeptFile: ResumableFile {
    /// A place in a file, and how the file looks before it.
    package struct Mark: Sendable, Hashable {
        /// The bytes before it.
        package var offset: Int
        /// A hash of the last of them.
        package var tail: UInt64
        /// True when nothing more was to be written.
        package var isWhole: Bool

        /// The mark as a text, for a checkpoint.
        package var text: String { "\(offset) \(String(tail, radix: 16)) \(isWhole ? "whole" : "part")" }

        package init(offset: Int, tail: UInt64, isWhole: Bool) {
            (self.offset, self.tail, self.isWhole) = (offset, tail, isWhole)
        }

        /// Reads what `text` gave; nil when it is something else.
        package init?(_ text: some StringProtocol) {
            let parts = text.split(separator: " ")
            guard parts.count == 3, let offset = Int(parts[0]), let tail = UInt64(parts[1], radix: 16) else {
                return nil
            }
            self.init(offset: offset, tail: tail, isWhole: parts[2] == "whole")
        }
    }

    private let destination: OutputPlace
    /// The path of the file while it is written; another writer in this process may fill it instead of `write`.
    package let temporaryPath: FilePath
    /// Nil once it is closed, and where it has its name.
    private var file: FileDescriptor?
    private var descriptor: Int32 { file?.number ?? -1 }
    private var waiting: [UInt8] = []
    private var offset = 0
    private var early = EarlySync()
    private var isWhole = false
    /// True once it has its name.
    private var isInPlace = false
    /// Where an earlier run ended that gave the file its name.
    private var end: Mark?
    /// True once its entry in the folder is on the disk.
    private var isEntrySafe = false

    private static let waitingBytes = 256 << 10

    /// Begins with an empty file, in the place of what an earlier run may have left under the hidden name.
    ///
    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - key: What the runs that belong together have in common.
    ///   - mode: The permissions, where no file is there that it takes the place of.
    /// - Throws: `OutputFailure` when the folder takes no new file.
    package init(_ place: OutputPlace, key: String, mode: mode_t = 0o666) throws(OutputFailure) {
        destination = place
        temporaryPath = Self.path(of: place, key)
        Self.removeSidecars(of: temporaryPath)
        let flags = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW
        file = temporaryPath.open(flags, mode: place.existing?.mode ?? mode)
        guard file != nil else { throw AtomicFile.cannotCreate(place, errno) }
        place.existing?.apply(to: descriptor)
    }

    /// Goes on with the file of an earlier run.
    ///
    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - key: As for the earlier run.
    ///   - mark: Where to go on; nil when the writer finds that out by itself, and nothing is cut off.
    /// - Throws: `OutputFailure` when the file is not there, or is another one before the mark.
    package init(_ place: OutputPlace, key: String, at mark: Mark?) throws(OutputFailure) {
        destination = place
        temporaryPath = Self.path(of: place, key)
        file = temporaryPath.open(O_RDWR | O_NOFOLLOW)
        if file == nil {
            let number = errno
            guard number == ENOENT else { throw OutputFailure(place.name, errorNumber: number) }
            // The run may have ended between the renames of its outputs.
            guard let mark, mark.isWhole, try Self.isInPlace(place, mark) else {
                throw Self.changed(place, temporaryPath, "is not there")
            }
            (isInPlace, offset, isWhole, end) = (true, mark.offset, true, mark)
            return
        }
        guard let mark else { return }
        guard try FileTail.size(descriptor, place) >= mark.offset,
            try FileTail.hash(descriptor, before: mark.offset, place) == mark.tail
        else { throw Self.changed(place, temporaryPath, "is not as that run left it") }
        let number = DescriptorWriting.truncate(descriptor, to: mark.offset)
        guard number == 0 else { throw OutputFailure(place.name, errorNumber: number) }
        (offset, isWhole) = (mark.offset, mark.isWhole)
        early = EarlySync(from: offset)
    }

    /// The hidden path of such a file.
    package static func path(of place: OutputPlace, _ key: String) -> FilePath {
        place.path.directory.appending(HiddenName(of: place.path.lastPart).kept(key))
    }

    private static func removeSidecars(of path: FilePath) {
        for suffix in ["-journal", "-wal", "-shm"] { path.withSuffix(suffix).removeFile() }
    }

    /// Words for a hidden file that cannot be gone on with.
    static func changed(_ place: OutputPlace, _ path: FilePath, _ reason: String) -> OutputFailure {
        OutputFailure(
            place.name,
            reason: "the run that is to go on has written '\(path.text)', which \(reason)",
            advice: "put it back, or begin anew with --restart"
        )
    }

    /// True when there is nothing in it yet.
    package var isEmpty: Bool { offset == 0 && waiting.isEmpty }

    /// Writes bytes behind the earlier ones, in large pieces.
    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure) {
        guard waiting.count + bytes.count >= Self.waitingBytes else { return unsafe waiting += bytes }
        try flush()
        try wrote(bytes.count, unsafe DescriptorWriting.write(UnsafeRawBufferPointer(bytes), to: descriptor))
    }

    /// Writes what is left and waits until it is on the disk.
    package func finish() throws(OutputFailure) {
        guard !isInPlace else { return }
        try flush()
        try sync()
        isWhole = true
    }

    /// Waits until all that was written is on the disk, and says where that is.
    package func mark() throws(OutputFailure) -> Mark {
        if let end { return end }
        try flush()
        try sync()
        // Another writer may have filled the file.
        offset = try FileTail.size(descriptor, destination)
        return Mark(offset: offset, tail: try FileTail.hash(descriptor, before: offset, destination), isWhole: isWhole)
    }

    package func place() throws(OutputFailure) -> String { try mark().text }

    /// Renames the file to its name, and waits until the folder's entry is on the disk.
    package func commit() throws(OutputFailure) {
        // A power cut may bring a journal back that SQLite has removed.
        Self.removeSidecars(of: temporaryPath)
        guard !isInPlace else { return }
        let number = unsafe temporaryPath.withSystemPath { from in
            unsafe destination.path.withSystemPath { unsafe rename(from, $0) == 0 ? 0 : errno }
        }
        guard number == 0 else { throw OutputFailure(destination.name, .replace, errorNumber: number) }
        isInPlace = true
        file = nil
        let syncNumber = AtomicFile.sync(destination.path.directory)
        guard syncNumber == 0 else { throw AtomicFile.unsettled(destination, syncNumber) }
    }

    /// Leaves the file as it is, for a later run.
    package func suspend() {
        file = nil
    }

    /// Removes the file; does nothing after `commit`.
    package func abort() {
        file = nil
        guard !isInPlace else { return }
        temporaryPath.removeFile()
        Self.removeSidecars(of: temporaryPath)
    }

    private func flush() throws(OutputFailure) {
        guard !waiting.isEmpty else { return }
        try wrote(waiting.count, unsafe waiting.withUnsafeBytes { unsafe DescriptorWriting.write($0, to: descriptor) })
        waiting.removeAll(keepingCapacity: true)
    }

    private func wrote(_ count: Int, _ number: Int32) throws(OutputFailure) {
        guard number == 0 else { throw OutputFailure(destination.name, errorNumber: number) }
        offset += count
        early.note(descriptor, upTo: offset)
    }

    private func sync() throws(OutputFailure) {
        let number = DescriptorWriting.sync(descriptor)
        guard number == 0 else { throw OutputFailure(destination.name, .sync, errorNumber: number) }
        try syncEntry()
    }

    /// Waits until the file's entry in its folder is on the disk.
    package func syncEntry() throws(OutputFailure) {
        guard !isEntrySafe else { return }
        let number = AtomicFile.sync(destination.path.directory)
        guard number == 0 else { throw OutputFailure(destination.name, .sync, errorNumber: number) }
        isEntrySafe = true
    }

    /// True when the file of an earlier run has its name already.
    private static func isInPlace(_ place: OutputPlace, _ mark: Mark) throws(OutputFailure) -> Bool {
        guard let final = place.path.open(O_RDONLY) else {
            if errno == ENOENT { return false }
            throw OutputFailure(place.name, errorNumber: errno)
        }
        guard try FileTail.size(final.number, place) == mark.offset else { return false }
        return try FileTail.hash(final.number, before: mark.offset, place) == mark.tail
    }
}
