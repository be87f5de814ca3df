import Libc

/// A folder that is open for listing.
///
/// Invariant: `stream` is open from `init` to `deinit`. The name of an entry lies in the stream's own memory and is valid
/// until the next call of `next`.
@safe
package struct FolderStream: ~Copyable {
    /// A name in the folder, without a zero at its end.
    @safe
    package struct Entry {
        package let name: UnsafeRawBufferPointer
        /// What stands under the name, links not followed; nil when the folder does not tell.
        package let kind: FileStatus.Kind?
    }

    private let path: FilePath
    private let stream: FolderHandle

    /// Opens a folder.
    ///
    /// - Parameter path: The folder, or a link to it.
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath) throws(InputFailure) {
        guard let stream = unsafe path.withSystemPath({ unsafe opendir($0) }) else {
            throw InputFailure(path.text, .open, errorNumber: errno)
        }
        unsafe self.stream = unsafe stream
        self.path = path
    }

    deinit {
        unsafe closedir(stream)
    }

    /// The next entry in the order of the file system, or nil after the last; `.` and `..` are left out.
    ///
    /// - Throws: `InputFailure` with the system's reason.
    package func next() throws(InputFailure) -> Entry? {
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream), let name = unsafe UnsafeRawPointer(entry.pointer(to: \.d_name))
            else {
                guard errno == 0 else { throw InputFailure(path.text, .read, errorNumber: errno) }
                return nil
            }
            let bytes = unsafe UnsafeRawBufferPointer(
                start: name,
                count: strlen(name.assumingMemoryBound(to: CChar.self))
            )
            if unsafe bytes.elementsEqual([dot]) || bytes.elementsEqual([dot, dot]) { continue }
            return unsafe Entry(name: bytes, kind: FileStatus.Kind(entryType: Int32(entry.pointee.d_type)))
        }
    }

    /// Asks about an entry.
    ///
    /// - Parameters:
    ///   - entry: The last that `next` returned.
    ///   - followsLinks: True to ask about what a link leads to.
    /// - Returns: What is there.
    /// - Throws: `InputFailure` with the system's reason.
    package func status(of entry: Entry, followsLinks: Bool) throws(InputFailure) -> FileStatus {
        var status = stat()
        let name = unsafe entry.name.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let name = unsafe name,
            unsafe fstatat(dirfd(stream), name, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0
        else {
            let number = errno
            throw unsafe InputFailure(path.appending([UInt8](entry.name)).text, .open, errorNumber: number)
        }
        return FileStatus(status)
    }
}

extension FileStatus.Kind {
    fileprivate init?(entryType: Int32) {
        switch entryType {
        case Int32(DT_REG): self = .file
        case Int32(DT_DIR): self = .folder
        case Int32(DT_LNK): self = .link
        case Int32(DT_FIFO): self = .pipe
        case Int32(DT_SOCK): self = .socket
        case Int32(DT_BLK), Int32(DT_CHR): self = .device
        default: return nil
        }
    }
}

private let dot = UInt8(ascii: ".")
