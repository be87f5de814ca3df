import Libc

/// The path of a file: the text that users see, and the bytes by which the system knows it.
///
/// File names are bytes. Those that are not UTF-8 are shown with U+FFFD in place of what cannot be shown, and still
/// open the file they name.
package struct FilePath: Hashable, Sendable {
    /// The path as it is shown.
    package let text: String
    /// The bytes and a zero, where the text cannot stand for them.
    private let systemPath: [CChar]?

    /// Takes the path as a user wrote it; what is no text in it stands as `ByteText` has it.
    ///
    /// A text with a NUL, which no path can have, names nothing.
    package init(_ text: String) {
        self.init(bytes: ByteText.bytes(text))
    }

    /// Takes the path as the system told it.
    package init(bytes: [UInt8]) {
        let text = String(validating: bytes, as: UTF8.self)
        self.text = text ?? String(decoding: bytes, as: UTF8.self)
        if bytes.contains(0) {
            systemPath = [0]
        } else {
            systemPath = text == nil ? bytes.map(CChar.init(bitPattern:)) + [0] : nil
        }
    }

    /// Calls the body with the path as the system wants it, valid during the call.
    package func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
        guard let systemPath else { return try unsafe text.withCString(body) }
        return try unsafe systemPath.withUnsafeBufferPointer { path in
            guard let start = path.baseAddress else { preconditionFailure("a path without its zero") }
            return try unsafe body(start)
        }
    }

    /// The bytes of the path, without a zero behind them.
    package var bytes: [UInt8] {
        systemPath?.dropLast().map(UInt8.init(bitPattern:)) ?? Array(text.utf8)
    }

    /// The folder that holds it: `.` for a name without a folder.
    package var directory: FilePath {
        let bytes = bytes
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return FilePath(".") }
        return slash == 0 ? FilePath("/") : FilePath(bytes: Array(bytes[..<slash]))
    }

    /// The name in its folder.
    package var lastPart: [UInt8] {
        let bytes = bytes
        return Array(bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
    }

    /// The path of a name in this folder.
    package func appending(_ name: [UInt8]) -> FilePath {
        FilePath(bytes: (bytes == [UInt8(ascii: "/")] ? [] : bytes) + [UInt8(ascii: "/")] + name)
    }

    /// The path of a file whose name goes on with a suffix.
    package func withSuffix(_ suffix: String) -> FilePath {
        FilePath(bytes: bytes + suffix.utf8)
    }

    /// Where a symbolic link leads; nil, with the reason in `errno`, when it is none.
    package var linkTarget: FilePath? {
        let target = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { room -> [UInt8] in
            guard let start = room.baseAddress else { return [] }
            let count = unsafe withSystemPath { unsafe readlink($0, start, room.count) }
            return unsafe room.prefix(max(count, 0)).map(UInt8.init(bitPattern:))
        }
        guard !target.isEmpty else { return nil }
        return target[0] == UInt8(ascii: "/") ? FilePath(bytes: target) : directory.appending(target)
    }

    /// The path behind all symbolic links; nil, with the reason in `errno`, when it leads nowhere.
    package var resolved: FilePath? {
        guard let resolved = unsafe withSystemPath({ unsafe realpath($0, nil) }) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe FilePath(
            bytes: UnsafeBufferPointer(start: resolved, count: strlen(resolved)).map(UInt8.init(bitPattern:))
        )
    }

    /// True when it is a folder's, or that of something below it; both are resolved.
    package func isInside(_ folder: FilePath) -> Bool {
        let slash = UInt8(ascii: "/")
        let root = folder.bytes
        return bytes == root || bytes.starts(with: root.last == slash ? root : root + [slash])
    }

    /// True when it leads to something, links followed.
    package var exists: Bool {
        var status = stat()
        return unsafe withSystemPath { unsafe stat($0, &status) } == 0
    }

    /// True when this process may use it in the ways of `access`; the reason is in `errno` when not.
    package func mayBe(_ mode: Int32) -> Bool {
        unsafe withSystemPath { unsafe access($0, mode) } == 0
    }

    /// Removes the file, or the link; does nothing where there is none or it may not be removed.
    package func removeFile() {
        _ = unsafe withSystemPath { unsafe unlink($0) }
    }

    /// Removes the folder; does nothing where there is none, or something in it.
    func removeFolder() {
        _ = unsafe withSystemPath { unsafe rmdir($0) }
    }
}
