import Libc

/// A file that is written beside its name and gets the name when it is whole.
///
/// Until `commit`, whatever had the name before is as it was; after `abort`, or when this is let go of without
/// `commit`, nothing of it is left. A process that is killed leaves a hidden file behind (`HiddenName`), which is locked
/// while the process lives; whoever writes the same output next removes it.
@safe
package final class AtomicFile: OutputFile {
    private let place: OutputPlace
    /// The path of the file while it is written; another writer in this process may fill it instead of `write`.
    package let temporaryPath: FilePath
    /// Nil once it is closed.
    private var file: FileDescriptor?
    private var descriptor: Int32 { file?.number ?? -1 }
    private var isPending = true

    // Invariant: `buffer` has room for `bufferSize` bytes, of which the first `used` are to be written.
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    private static let bufferSize = 256 << 10
    private var written = 0
    private var early = EarlySync()
    private static let largeSize = 32 << 10

    /// Creates the file under its hidden name, with the permissions of the file that it will replace, or those of
    /// any new file, and removes what dead runs have left of this output.
    ///
    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - lock: What takes the lock of a file; `FileLock.take` but in tests.
    /// - Throws: `OutputFailure` when the folder takes no new file.
    package init(
        _ place: OutputPlace,
        lock: (Int32) -> FileLock.Outcome = FileLock.take
    ) throws(OutputFailure) {
        self.place = place
        let name = HiddenName(of: place.path.lastPart)
        DeadFiles.remove(name, from: place.path.directory)
        let created = try Self.create(name, for: place, lock)
        temporaryPath = created.path
        file = consume created.file
        UnfinishedFiles.add(temporaryPath)
        unsafe buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
        place.existing?.apply(to: descriptor)
    }

    deinit {
        abort()
        unsafe buffer.deallocate()
    }

    /// The path that the file will have: the name that was asked for, behind all symbolic links.
    package var finalPath: FilePath { place.path }

    /// Writes bytes behind the earlier ones, in large pieces.
    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure) {
        let isLarge = bytes.count >= Self.largeSize
        if unsafe isLarge || used + bytes.count > buffer.count { try flush() }
        // Copying what is large would take longer than another call of the system.
        if isLarge { return try unsafe writeThrough(UnsafeRawBufferPointer(bytes)) }
        unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: UnsafeRawBufferPointer(bytes))
        used += bytes.count
    }

    /// Writes what is left and waits until it is on the disk.
    package func finish() throws(OutputFailure) {
        try flush()
        let number = DescriptorWriting.sync(descriptor)
        guard number == 0 else { throw OutputFailure(place.name, .sync, errorNumber: number) }
    }

    /// Renames the file to its name, and waits until the folder's entry is on the disk.
    ///
    /// - Throws: `OutputFailure`; one with `isInPlace` when only the wait has failed.
    package func commit() throws(OutputFailure) {
        try commit(as: place.path)
    }

    /// Gives the file another name in the same folder, and waits likewise.
    package func commit(as path: FilePath) throws(OutputFailure) {
        let number = unsafe temporaryPath.withSystemPath { from in
            unsafe path.withSystemPath { unsafe rename(from, $0) == 0 ? 0 : errno }
        }
        guard number == 0 else {
            abort()
            throw OutputFailure(place.name, .replace, errorNumber: number)
        }
        isPending = false
        UnfinishedFiles.remove(temporaryPath)
        file = nil
        let syncNumber = Self.sync(place.path.directory)
        guard syncNumber == 0 else { throw Self.unsettled(place, syncNumber) }
    }

    /// Waits until the entries of a folder are on the disk; 0, or the error number.
    package static func sync(_ folder: FilePath) -> Int32 {
        guard let descriptor = folder.open(O_RDONLY) else {
            let number = errno
            // A folder may take files and not be readable; then nothing more can be done.
            return MachineFault.isOne(number) ? number : 0
        }
        return DescriptorWriting.sync(descriptor.number)
    }

    /// Words for a file that has its name, but perhaps not on the disk.
    static func unsettled(_ place: OutputPlace, _ number: Int32) -> OutputFailure {
        var failure = OutputFailure(
            place.name,
            .sync,
            reason:
                "its folder '\(place.path.directory.text)' cannot be brought to the disk: \(SystemFailure.reason(number))",
            errorNumber: number,
            advice:
                "the new file is in its place, but after a power cut the old one may be back; see to the disk, and run again"
        )
        failure.isInPlace = true
        return failure
    }

    /// Removes what was written; does nothing after `commit`.
    package func abort() {
        file = nil
        guard isPending else { return }
        isPending = false
        temporaryPath.removeFile()
        UnfinishedFiles.remove(temporaryPath)
    }

    private func flush() throws(OutputFailure) {
        guard used > 0 else { return }
        defer { used = 0 }
        try unsafe writeThrough(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(OutputFailure) {
        let number = unsafe DescriptorWriting.write(bytes, to: descriptor)
        guard number == 0 else { throw OutputFailure(place.name, errorNumber: number) }
        written += bytes.count
        early.note(descriptor, upTo: written)
    }

    /// A hidden file that is there, open and locked.
    private struct Created: ~Copyable {
        let file: FileDescriptor
        let path: FilePath
    }

    /// Creates a hidden file in the output's folder, which a rename needs, and locks it.
    private static func create(
        _ name: HiddenName,
        for place: OutputPlace,
        _ lock: (Int32) -> FileLock.Outcome
    ) throws(OutputFailure) -> Created {
        let mode = place.existing?.mode ?? 0o666
        var isLocked = true
        for _ in 0..<10 {
            let path = place.path.directory.appending(name.next(isLocked: isLocked))
            guard let file = path.open(O_WRONLY | O_CREAT | O_EXCL, mode: mode) else {
                guard errno == EEXIST else { throw cannotCreate(place, errno) }
                continue
            }
            guard isLocked else { return Created(file: file, path: path) }
            switch lock(file.number) {
            case .taken:
                // Another run may have taken it for a dead one's before it was locked, and removed it.
                var status = stat()
                if unsafe fstat(file.number, &status) == 0, status.st_nlink > 0 {
                    return Created(file: file, path: path)
                }
            case .held: break
            case .unavailable: isLocked = false
            }
            path.removeFile()
        }
        throw cannotCreate(place, EEXIST)
    }

    /// Words for a folder that takes no new file.
    static func cannotCreate(_ place: OutputPlace, _ number: Int32) -> OutputFailure {
        let needsFolder = number == EACCES || number == EPERM
        return OutputFailure(
            place.name,
            errorNumber: number,
            advice: needsFolder
                ? "an output is written beside its name and renamed when it is whole, so the folder"
                    + " '\(place.path.directory.text)' must take new files; change its permissions or choose another folder"
                : nil
        )
    }
}
