import Libc
import MHPipeKit

/// A path as the file system sees it: absolute, with links followed, and the file that is there.
struct CanonicalPath {
    private enum Place: Equatable {
        /// The names from the root on; of an object, an empty name, which no file has, the bucket, and the parts of the key.
        case names([ArraySlice<UInt8>])
        /// A stream that the process holds.
        case descriptor(Int32)
    }

    private let place: Place
    /// What is there; nil for nothing.
    private let file: SystemFile?

    /// Follows a path as far as it is there; `-` is standard output or input.
    init(_ path: String, isOutput: Bool) {
        let bytes = ByteText.bytes(path)
        let standard = isOutput ? STDOUT_FILENO : STDIN_FILENO
        if let descriptor = path == "-" ? standard : Self.descriptor(bytes) {
            place = .descriptor(descriptor)
            file = SystemFile(descriptor: descriptor)
        } else if isOutput, let parts = BucketPath.parts(bytes) {
            place = .names([[]] + (parts.last?.isEmpty == true ? parts.dropLast() : parts))
            file = nil
        } else {
            place = .names(Self.names(bytes))
            file = SystemFile(bytes)
        }
    }

    /// True for an output that would get what another one gets: the same path, or the same file by another.
    func isSameOutput(as other: CanonicalPath) -> Bool {
        place == other.place || file.map { $0.takesBytes && $0 == other.file } ?? false
    }

    /// True for nothing yet, and for a regular file that a path leads to: not for a pipe, a device or a descriptor.
    var isFile: Bool {
        if case .descriptor = place { return false }
        return file?.isRegular ?? true
    }

    /// True for a path whose file an output would take the place of.
    func isReplaced(by output: CanonicalPath) -> Bool {
        if case .names = place, place == output.place { return true }
        return file.map { $0.isRegular && $0 == output.file } ?? false
    }

    /// True when the path is a folder's, or that of something below it.
    func isInside(_ folder: CanonicalPath) -> Bool {
        guard case .names(let names) = place, case .names(let folderNames) = folder.place else { return false }
        return names.starts(with: folderNames)
    }

    /// The names from a folder on; nil for a path that is not below it.
    func names(below folder: CanonicalPath) -> ArraySlice<ArraySlice<UInt8>>? {
        guard isInside(folder), case .names(let names) = place, case .names(let folderNames) = folder.place else {
            return nil
        }
        return names.dropFirst(folderNames.count)
    }

    static func exists(_ path: String) -> Bool { SystemFile(ByteText.bytes(path)) != nil }

    /// False where it is certain that nothing is there; a call that fails for another reason says nothing of that.
    static func mayExist(_ path: String) -> Bool {
        unsafe ByteText.bytes(path).withSystemPath { path in
            var status = stat()
            return unsafe stat(path, &status) == 0 || errno != ENOENT && errno != ENOTDIR
        }
    }

    /// True for a folder, false for anything else that is there, nil for nothing; links are followed.
    static func isFolder(_ path: String) -> Bool? { SystemFile(ByteText.bytes(path))?.isFolder }

    /// Why it is not known whether anything is there, such as a folder above it that is closed; nil when it is known.
    static func obstacle(_ path: String) -> String? {
        unsafe ByteText.bytes(path).withSystemPath { path in
            var status = stat()
            guard unsafe stat(path, &status) != 0, errno != ENOENT, errno != ENOTDIR else { return nil }
            return unsafe String(cString: strerror(errno))
        }
    }

    /// Which file or folder is there, links followed; nil for nothing.
    static func identity(_ path: String) -> FileIdentity? { SystemFile(ByteText.bytes(path))?.identity }

    /// The number of the error that keeps what is there from being read; nil when it may be.
    static func unreadable(_ path: String) -> Int32? {
        unsafe ByteText.bytes(path).withSystemPath { unsafe access($0, R_OK) == 0 ? nil : errno }
    }

    /// The number in the paths by which systems name a process's own descriptors, which may lead nowhere else.
    private static func descriptor(_ path: [UInt8]) -> Int32? {
        for step in steps(from: path) {
            let text = String(decoding: step, as: UTF8.self)
            if text == "/dev/stdin" { return STDIN_FILENO }
            if text == "/dev/stdout" { return STDOUT_FILENO }
            if text == "/dev/stderr" { return STDERR_FILENO }
            if let name = nameOfDescriptor(step) { return Int32(name) }
        }
        return nil
    }

    /// The last name of a path into the folder of the process's own descriptors, by whatever way it leads there.
    private static func nameOfDescriptor(_ path: [UInt8]) -> String? {
        guard let cut = path.lastIndex(of: slash), let folder = resolved(Array(path[...cut])) else { return nil }
        let names = String(decoding: folder, as: UTF8.self).split(separator: "/")
        let isOwn = names.first == "proc" && names.dropFirst().first == "\(getpid())" && names.last == "fd"
        // Beside `/proc/PID/fd` there is `/proc/PID/task/ID/fd`.
        guard isOwn && [3, 5].contains(names.count) || names == ["dev", "fd"] else { return nil }
        return String(decoding: path[(cut + 1)...], as: UTF8.self)
    }

    /// The path, and where the links under it lead one after the other.
    private static func steps(from path: [UInt8]) -> [[UInt8]] {
        var steps = [path]
        while steps.count < 40, let target = linkTarget(steps[steps.count - 1]) { steps.append(target) }
        return steps
    }

    private static func names(_ path: [UInt8]) -> [ArraySlice<UInt8>] {
        var known = path.first == slash ? path : (resolved(Array(".".utf8)) ?? []) + [slash] + path
        // A link to what is not there yet leads to where it will be.
        if resolved(known) == nil, let last = steps(from: known).last { known = last }
        var missing: [ArraySlice<UInt8>] = []
        while resolved(known) == nil, let end = known.lastIndex(of: slash) {
            missing.insert(known[(end + 1)...], at: 0)
            known = Array(known[..<end])
        }
        var names = (resolved(known) ?? [slash]).split(separator: slash)
        for name in missing where !name.isEmpty && !name.elementsEqual(".".utf8) {
            if !name.elementsEqual("..".utf8) {
                names.append(name)
            } else if !names.isEmpty {
                names.removeLast()
            }
        }
        return names
    }

    private static func resolved(_ path: [UInt8]) -> [UInt8]? {
        unsafe path.withSystemPath { path in
            guard let resolved = unsafe realpath(path, nil) else { return nil }
            defer { unsafe free(resolved) }
            return unsafe UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:))
        }
    }

    private static func linkTarget(_ path: [UInt8]) -> [UInt8]? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe path.withSystemPath { unsafe readlink($0, &target, target.count) }
        guard count > 0 else { return nil }
        let bytes = target[..<count].map(UInt8.init(bitPattern:))
        guard bytes[0] != slash, let end = path.lastIndex(of: slash) else { return bytes }
        return path[...end] + bytes
    }

    private static let slash = UInt8(ascii: "/")
}

/// A file by the numbers under which the system knows it, whatever the names that lead to it.
private struct SystemFile: Equatable {
    let identity: FileIdentity
    let isRegular: Bool
    let isFolder: Bool
    /// False for the null device, in which no two outputs get into each other's way.
    let takesBytes: Bool

    init?(_ path: [UInt8]) {
        var status = stat()
        guard unsafe path.withSystemPath({ unsafe stat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    init?(descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        identity = FileIdentity(device: status.st_dev, number: status.st_ino)
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        var null = stat()
        takesBytes =
            unsafe status.st_mode & S_IFMT != S_IFCHR || stat("/dev/null", &null) != 0 || status.st_rdev != null.st_rdev
    }
}

extension [UInt8] {
    /// Calls the body with the path that the bytes are.
    fileprivate func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        unsafe (map(CChar.init(bitPattern:)) + [0]).withUnsafeBufferPointer { path in
            guard let start = path.baseAddress else { preconditionFailure("a path without its zero") }
            return unsafe body(start)
        }
    }
}
