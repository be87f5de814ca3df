import Libc

/// Where the name of an output leads, and what is there now.
package struct OutputPlace: Sendable {
    /// What is at the place.
    package enum Kind: Sendable, Hashable {
        /// A regular file, or nothing yet.
        case regular
        /// A device, a pipe or a socket, which is written into as it is.
        case device
        /// A descriptor that this process holds already, such as `/dev/stdout`.
        case descriptor(Int32)
    }

    /// Who owns the file that is there, and who may do what with it.
    struct Permissions: Sendable, Hashable {
        var mode: mode_t
        var owner: uid_t
        var group: gid_t

        /// Gives them to a new file, as far as this process may.
        func apply(to descriptor: Int32) {
            // A new owner can be set by root only; for everyone else the file is theirs, as any file they make.
            if owner != geteuid() || group != getegid() { _ = fchown(descriptor, owner, group) }
            _ = fchmod(descriptor, mode)
        }
    }

    /// The name as the user gave it.
    package let name: String
    /// The path behind all symbolic links.
    package let path: FilePath
    package let kind: Kind
    /// The permissions of the regular file that is there; nil when there is none.
    let existing: Permissions?

    /// True when a regular file is there, which a new one will replace.
    package var isThere: Bool { existing != nil }

    /// The symbolic links that are followed at most, as Linux does.
    private static let maximumLinks = 40

    /// Follows a name through symbolic links, one to a file that is not there yet included.
    ///
    /// - Parameter name: A path.
    /// - Throws: `OutputFailure` for a folder, a missing folder above it, a write-protected file.
    package init(resolving name: String) throws(OutputFailure) {
        guard !name.utf8.contains(0) else {
            throw OutputFailure(name, reason: "its name holds a NUL character, which no path can have")
        }
        try self.init(FilePath(name), name: name)
    }

    /// Follows a path that messages call by another name.
    init(_ start: FilePath, name: String) throws(OutputFailure) {
        self.name = name
        var path = start
        var links = 0
        while true {
            if let descriptor = Self.descriptor(path.text) {
                (self.path, kind, existing) = (path, .descriptor(descriptor), nil)
                return
            }
            var status = stat()
            let number = unsafe path.withSystemPath { unsafe lstat($0, &status) == 0 ? 0 : errno }
            guard number == 0 else {
                try Self.checkMissing(name, path, number)
                (self.path, kind, existing) = (path, .regular, nil)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK:
                links += 1
                guard links <= Self.maximumLinks else { throw OutputFailure(name, errorNumber: ELOOP) }
                path = try Self.target(of: path, name)
            case S_IFDIR:
                throw Self.isFolder(name)
            case S_IFREG:
                guard path.mayBe(W_OK) else {
                    let number = errno
                    let advice = "the file is write-protected; remove it or choose another name"
                    throw OutputFailure(name, errorNumber: number, advice: number == EACCES ? advice : nil)
                }
                let mode = status.st_mode & 0o7777
                self.path = path
                kind = .regular
                existing = Permissions(mode: mode, owner: status.st_uid, group: status.st_gid)
                return
            default:
                (self.path, kind, existing) = (path, .device, nil)
                return
            }
        }
    }

    /// The number in the paths by which systems name a process's own descriptors.
    private static func descriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return STDOUT_FILENO
        case "/dev/stderr": return STDERR_FILENO
        default:
            for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
                return Int32(path.dropFirst(prefix.count))
            }
            return nil
        }
    }

    private static func target(of link: FilePath, _ name: String) throws(OutputFailure) -> FilePath {
        guard let target = link.linkTarget else { throw OutputFailure(name, errorNumber: errno) }
        return target
    }

    /// Tells a file that is merely not there yet from one that cannot be.
    private static func checkMissing(_ name: String, _ path: FilePath, _ number: Int32) throws(OutputFailure) {
        let folder = path.directory
        switch number {
        case ENOENT where path.text.hasSuffix("/"):
            throw isFolder(name, "its name ends in '/', as only a folder's does")
        case ENOENT:
            guard !folder.exists else { return }
            // The folder may be there, and the system not able to say so.
            let folderNumber = errno
            guard folderNumber == ENOENT || folderNumber == ENOTDIR else {
                throw OutputFailure(name, errorNumber: folderNumber)
            }
            throw OutputFailure(
                name,
                reason: "the folder '\(folder.text)' does not exist",
                errorNumber: number,
                advice: "make it first: mkdir -p '\(folder.text)'"
            )
        case ENOTDIR:
            throw OutputFailure(name, reason: "'\(folder.text)' is not a folder", errorNumber: number)
        default:
            throw OutputFailure(name, errorNumber: number)
        }
    }

    private static func isFolder(_ name: String, _ reason: String = "it is a folder") -> OutputFailure {
        let example = name.hasSuffix("/") ? name : name + "/"
        return OutputFailure(
            name,
            reason: reason,
            errorNumber: EISDIR,
            advice: "name a file in it, such as '\(example)events'"
        )
    }
}
