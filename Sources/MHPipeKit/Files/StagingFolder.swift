import Libc

/// A hidden folder in which files stand under numbers until they get their names.
///
/// A file in it is locked while its process lives, so that whoever writes into the same folder next can tell what a dead
/// process has left, and removes it.
final class StagingFolder {
    private let path: FilePath
    private var lock: FileDescriptor?
    private var count = 0
    /// True where names that differ in case alone are one name.
    let ignoresCase: Bool

    private static let name = HiddenName(of: Array("files".utf8))
    private static let lockName = Array("lock".utf8)

    /// Makes the folder, and removes what dead runs have left there.
    ///
    /// - Parameters:
    ///   - root: The folder that it lies in.
    ///   - name: What messages call that.
    /// - Throws: `OutputFailure` when it cannot be made.
    init(in root: FilePath, name: String) throws(OutputFailure) {
        Self.removeDead(in: root)
        let created = try Self.create(in: root, name)
        path = created.path
        lock = consume created.lock
        UnfinishedFiles.add(folder: path)
        UnfinishedFiles.add(path.appending(Self.lockName))
        ignoresCase = root.appending(path.lastPart.map { $0 == UInt8(ascii: "t") ? UInt8(ascii: "T") : $0 }).exists
    }

    /// Opens the file of a number, to write behind what it holds.
    ///
    /// - Throws: `OutputFailure`.
    func open(_ number: Int, isNew: Bool, for place: OutputPlace) throws(OutputFailure) -> FileDescriptor {
        let file = path(of: number)
        let mode = place.existing?.mode ?? 0o666
        let flags = O_WRONLY | O_APPEND | O_NOFOLLOW
        guard let opened = file.open(isNew ? flags | O_CREAT | O_EXCL : flags, mode: mode) else {
            throw OutputFailure(place.name, errorNumber: errno)
        }
        if isNew {
            count = max(count, number + 1)
            UnfinishedFiles.add(file)
            place.existing?.apply(to: opened.number)
        }
        return opened
    }

    /// Gives the file of a number its name.
    ///
    /// - Throws: `OutputFailure`.
    func rename(_ number: Int, to place: OutputPlace) throws(OutputFailure) {
        let file = path(of: number)
        let number = unsafe file.withSystemPath { from in
            unsafe place.path.withSystemPath { unsafe systemRename(from, $0) == 0 ? 0 : errno }
        }
        guard number == 0 else { throw OutputFailure(place.name, .replace, errorNumber: number) }
        UnfinishedFiles.remove(file)
    }

    /// Removes the file of a number, whose content is elsewhere.
    func discard(_ number: Int) {
        path(of: number).removeFile()
        UnfinishedFiles.remove(path(of: number))
    }

    /// Removes it with all that is in it.
    func remove() {
        for number in 0..<count { discard(number) }
        path.appending(Self.lockName).removeFile()
        path.removeFolder()
        UnfinishedFiles.remove(path.appending(Self.lockName))
        UnfinishedFiles.remove(folder: path)
        lock = nil
    }

    /// Where the file of a number stands until it has its name.
    func path(of number: Int) -> FilePath { path.appending(Array(String(number).utf8)) }

    /// A folder that is there, and its lock.
    private struct Created: ~Copyable {
        let path: FilePath
        let lock: FileDescriptor
    }

    /// Makes a folder and takes its lock.
    private static func create(in root: FilePath, _ shown: String) throws(OutputFailure) -> Created {
        var isLocked = true
        for _ in 0..<10 {
            let path = root.appending(name.next(isLocked: isLocked))
            let number = unsafe path.withSystemPath { unsafe mkdir($0, 0o700) == 0 ? 0 : errno }
            guard number == 0 else {
                guard number == EEXIST else { throw refusal(shown, number) }
                continue
            }
            let lockPath = path.appending(lockName)
            guard let lock = lockPath.open(O_WRONLY | O_CREAT | O_EXCL, mode: 0o600) else {
                // Another run takes a folder without a lock for a dead one's.
                guard errno == ENOENT else {
                    let number = errno
                    path.removeFolder()
                    throw refusal(shown, number)
                }
                continue
            }
            guard isLocked else { return Created(path: path, lock: lock) }
            switch FileLock.take(lock.number) {
            case .taken:
                var status = stat()
                if unsafe fstat(lock.number, &status) == 0, status.st_nlink > 0 {
                    return Created(path: path, lock: lock)
                }
            case .held: break
            case .unavailable: isLocked = false
            }
            lockPath.removeFile()
            path.removeFolder()
        }
        throw refusal(shown, EEXIST)
    }

    private static func refusal(_ shown: String, _ number: Int32) -> OutputFailure {
        let needsFolder = number == EACCES || number == EPERM
        return OutputFailure(
            shown,
            errorNumber: number,
            advice: needsFolder
                ? "files are written in a hidden folder in it, so it must take new folders; change its permissions or"
                    + " choose another folder" : nil
        )
    }

    /// Removes the folders whose makers are gone.
    static func removeDead(in root: FilePath) {
        for path in DeadFiles.list(name, in: root) {
            let before = files(in: path)
            let lockPath = path.appending(lockName)
            guard let lock = lockPath.open(O_WRONLY | O_NOFOLLOW) else {
                // It is made first and removed last, so files without it have no maker; a power cut may lose it alone.
                if errno == ENOENT { remove(before, in: path) }
                continue
            }
            guard FileLock.take(lock.number) == .taken else { continue }
            remove(files(in: path).filter { $0 != lockName } + [lockName], in: path)
        }
    }

    private static func remove(_ files: [[UInt8]], in path: FilePath) {
        for file in files { path.appending(file).removeFile() }
        path.removeFolder()
    }

    private static func files(in path: FilePath) -> [[UInt8]] {
        guard let stream = try? FolderStream(path) else { return [] }
        var names: [[UInt8]] = []
        while let entry = try? stream.next() { unsafe names.append(Array(entry.name)) }
        return names
    }
}

/// `rename` under a name that the method of `StagingFolder` does not hide.
private func systemRename(_ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>) -> Int32 {
    unsafe rename(from, to)
}
