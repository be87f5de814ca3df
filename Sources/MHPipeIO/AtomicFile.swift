#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is written beside its name and gets the name when it is whole.
///
/// Until `commit`, whatever had the name before is as it was; after `abort`, or when this is let go of without
/// `commit`, nothing of it is left. A process that is killed leaves a hidden file behind:
/// `.audit.csv.mhpipe-1234-5f3a9c01.tmp`.
package final class AtomicFile: OutputFile {
    private let place: OutputPlace
    /// The path of the file while it is written; another writer in this process may fill it instead of `write`.
    package let temporaryPath: FilePath
    private var descriptor: Int32
    private var isPending = true

    // Invariant: `buffer` has room for `bufferSize` bytes, of which the first `used` are to be written.
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    private static let bufferSize = 256 << 10
    /// The bytes written, and how many of them the disk has been told of.
    private var written = 0
    private var onItsWay = 0
    private static let syncSize = 8 << 20
    private static let largeSize = 32 << 10

    /// Creates the file under its hidden name, with the permissions of the file that it will replace, or those of
    /// any new file.
    ///
    /// - Parameter place: The place of a regular file.
    /// - Throws: `OutputFailure` when the folder takes no new file.
    package init(_ place: OutputPlace) throws(OutputFailure) {
        self.place = place
        let mode = place.existing?.mode ?? 0o666
        var attempts = 0
        while true {
            let path = Self.temporaryPath(place)
            let opened = path.withSystemPath { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
            let number = errno
            if opened >= 0 {
                descriptor = opened
                temporaryPath = path
                UnfinishedFiles.add(path)
                break
            }
            attempts += 1
            guard number == EEXIST && attempts < 10 || number == EINTR else { throw Self.cannotCreate(place, number) }
        }
        buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
        if let existing = place.existing {
            // A new owner can be set by root only; for everyone else the file is theirs, as any file they make.
            if existing.owner != geteuid() || existing.group != getegid() {
                _ = fchown(descriptor, existing.owner, existing.group)
            }
            _ = fchmod(descriptor, existing.mode)
        }
    }

    deinit {
        abort()
        buffer.deallocate()
    }

    /// The path that the file will have: the name that was asked for, behind all symbolic links.
    package var finalPath: FilePath { place.path }

    /// Writes bytes behind the earlier ones, in large pieces.
    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure) {
        let isLarge = bytes.count >= Self.largeSize
        if isLarge || used + bytes.count > buffer.count { try flush() }
        // Copying what is large would take longer than another call of the system.
        if isLarge { return try writeThrough(UnsafeRawBufferPointer(bytes)) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[used...]).copyMemory(from: UnsafeRawBufferPointer(bytes))
        used += bytes.count
    }

    /// Writes what is left and waits until it is on the disk.
    package func finish() throws(OutputFailure) {
        try flush()
        let number = DescriptorWriting.sync(descriptor)
        guard number == 0 else { throw OutputFailure(place.name, .sync, errorNumber: number) }
    }

    /// Renames the file to its name, and waits until the folder's entry is on the disk.
    package func commit() throws(OutputFailure) {
        let number = temporaryPath.withSystemPath { from in
            place.path.withSystemPath { rename(from, $0) == 0 ? 0 : errno }
        }
        guard number == 0 else {
            abort()
            throw OutputFailure(place.name, .replace, errorNumber: number)
        }
        isPending = false
        UnfinishedFiles.remove(temporaryPath)
        close()
        // Where the folder cannot be opened or synced, the file still has its name; nothing more can be done.
        let folder = place.path.directory.withSystemPath { open($0, O_RDONLY | O_CLOEXEC) }
        guard folder >= 0 else { return }
        _ = DescriptorWriting.sync(folder)
        _ = systemClose(folder)
    }

    /// Removes what was written; does nothing after `commit`.
    package func abort() {
        close()
        guard isPending else { return }
        isPending = false
        temporaryPath.removeFile()
        UnfinishedFiles.remove(temporaryPath)
    }

    private func flush() throws(OutputFailure) {
        guard used > 0 else { return }
        defer { used = 0 }
        try writeThrough(UnsafeRawBufferPointer(rebasing: buffer[..<used]))
    }

    private func writeThrough(_ bytes: UnsafeRawBufferPointer) throws(OutputFailure) {
        let number = DescriptorWriting.write(bytes, to: descriptor)
        guard number == 0 else { throw OutputFailure(place.name, errorNumber: number) }
        written += bytes.count
        guard written - onItsWay >= Self.syncSize else { return }
        // The disk works while the next bytes are made, so that little is left to wait for at the end.
        DescriptorWriting.startSync(descriptor, from: onItsWay, count: written - onItsWay)
        onItsWay = written
    }

    private func close() {
        guard descriptor >= 0 else { return }
        _ = systemClose(descriptor)
        descriptor = -1
    }

    /// A hidden name in the same folder, which a rename needs, that no other process will think of.
    private static func temporaryPath(_ place: OutputPlace) -> FilePath {
        let random = String(UInt32.random(in: .min ... .max), radix: 16)
        // A name may have 255 bytes on every common file system; ours must leave room for the rest.
        var stem = place.path.lastPart
        if stem.count > 200 {
            var cut = 200
            while cut > 0, stem[cut] & 0xC0 == 0x80 { cut -= 1 }
            stem = Array(stem[..<cut])
        }
        let name = Array(".".utf8) + stem + ".mhpipe-\(getpid())-\(random).tmp".utf8
        return place.path.directory.appending(name)
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

/// `close` under a name that the method of `AtomicFile` does not hide.
private func systemClose(_ descriptor: Int32) -> Int32 {
    close(descriptor)
}
