package import Libc

/// What stands at a path, and how large it is.
package struct FileStatus: Sendable {
    /// What a file can be.
    package enum Kind: Hashable, Sendable {
        case file
        case folder
        case link
        case pipe
        case socket
        case device

        /// For messages: `a named pipe`.
        package var name: String {
            switch self {
            case .file: "a file"
            case .folder: "a folder"
            case .link: "a link"
            case .pipe: "a named pipe"
            case .socket: "a socket"
            case .device: "a device"
            }
        }

        init(mode: mode_t) {
            switch mode & S_IFMT {
            case S_IFREG: self = .file
            case S_IFDIR: self = .folder
            case S_IFLNK: self = .link
            case S_IFIFO: self = .pipe
            case S_IFSOCK: self = .socket
            default: self = .device
            }
        }
    }

    package let kind: Kind
    /// The bytes in a file; meaningless for anything else.
    package let size: Int
    package let identity: FileIdentity
    /// True when more than one name leads to the file.
    package let hasOtherNames: Bool
    /// When its content was changed last, in nanoseconds since 1970.
    package let modified: Int64
    /// When its content, its name or its rights were changed last, likewise; nobody can set that back.
    package let statusChanged: Int64

    /// Asks the system what a path leads to.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - followsLinks: False to ask about a link itself.
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath, followsLinks: Bool = true) throws(InputFailure) {
        var status = stat()
        let ask = unsafe followsLinks ? stat : lstat
        guard unsafe path.withSystemPath({ unsafe ask($0, &status) }) == 0 else {
            throw InputFailure(path.text, .open, errorNumber: errno)
        }
        self.init(status)
    }

    /// Asks what stands in an open folder, about a link itself.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - length: The bytes of it that lead to the folder, with the slash.
    ///   - folder: The folder.
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath, below length: Int, in folder: borrowing FileDescriptor) throws(InputFailure) {
        var status = stat()
        let number = folder.number
        let result = unsafe path.withSystemPath { unsafe fstatat(number, $0 + length, &status, AT_SYMLINK_NOFOLLOW) }
        guard result == 0 else { throw InputFailure(path.text, .open, errorNumber: errno) }
        self.init(status)
    }

    package init(_ status: stat) {
        kind = Kind(mode: status.st_mode)
        size = Int(status.st_size)
        identity = FileIdentity(device: status.st_dev, number: status.st_ino)
        hasOtherNames = status.st_nlink > 1
        modified = changeTime(status).nanoseconds
        statusChanged = statusChangeTime(status).nanoseconds
    }
}

extension timespec {
    fileprivate var nanoseconds: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }
}
