import Libc
import MHPipeKit

/// A folder of one check's own, removed when the check lets go of it.
final class ConformanceFolder {
    /// With a space in its name, since users' folders have them.
    private let root: FilePath

    init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        // mkdtemp puts a name that nobody has in the place of the six letters.
        var template = Array("\(parent)/mhpipe check XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Self.failure("cannot make a folder in '\(parent)'") }
        root = FilePath(unsafe String(cString: made))
    }

    deinit {
        Self.remove(root)
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { name.isEmpty ? root.text : "\(root.text)/\(name)" }

    /// Writes a file and the folders above it.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try makeFolders(above: name)
        let path = path(name)
        guard let file = FilePath(path).open(O_WRONLY | O_CREAT | O_TRUNC) else {
            throw Self.failure("cannot write '\(path)'")
        }
        let number = unsafe Array(bytes).withUnsafeBytes { unsafe DescriptorWriting.write($0, to: file.number) }
        guard number == 0 else { throw Self.failure("cannot write '\(path)'", number) }
    }

    /// Writes a text file and the folders above it.
    func write(_ text: String, to name: String) throws {
        try write(text.utf8, to: name)
    }

    /// Makes a folder into which nobody may write, as far as permissions stop this user.
    ///
    /// - Returns: False where they do not.
    func makeLockedFolder(_ name: String) throws -> Bool {
        try makeFolder(path(name), mode: 0o555)
        return !FilePath(path(name)).mayBe(W_OK)
    }

    /// Fills the folder `tree` with what a source may read: three log files, and the list `files.txt` of their paths.
    ///
    /// - Parameter bytes: What the log files hold; nil for those that are lists of the others themselves.
    /// - Throws: When they cannot be written.
    func writeTree(_ bytes: (_ name: String) -> [UInt8]?) throws {
        let logs = ["a.json", "b.json.gz", "sub/c.jsonl"]
        func list(_ names: [String]) -> [UInt8] { Array(names.map { path("tree/\($0)") + "\n" }.joined().utf8) }
        for name in logs { try write(bytes(name) ?? list(logs.filter { bytes($0) != nil }), to: "tree/\(name)") }
        try write(list(logs), to: "tree/files.txt")
    }

    /// Removes a folder with all that is in it.
    func removeFolder(_ name: String) { Self.remove(FilePath(path(name))) }

    /// The paths of all files below the folder, in order.
    var files: [String] { files(below: "").sorted() }

    private func files(below folder: String) -> [String] {
        FolderNames.all(in: FilePath(path(folder))).map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
            .flatMap { isFolder($0) ? files(below: $0) : [$0] }
    }

    /// What the files of outputs hold, by their paths; what stands under a hidden name has no name yet.
    func data(of outputs: [String]) throws -> [String: [UInt8]] {
        let named = files.filter { file in
            let names = file.split(separator: "/")
            return outputs.contains { $0 == names[0] } && !names.contains { $0.hasPrefix(".") }
        }
        return Dictionary(uniqueKeysWithValues: try named.map { ($0, try Self.bytes(of: path($0))) })
    }

    /// What outputs hold as texts, a file each; those of a folder with their paths.
    func texts(of outputs: [String], _ sample: PluginSample) throws -> [String] {
        try outputs.flatMap { output in
            guard isFolder(output) else { return [try sample.contents(path(output))] }
            return try files.filter { $0.hasPrefix("\(output)/") }.map { "\($0): \(try sample.contents(path($0)))" }
        }
    }

    /// True for a folder, and not for a link to one.
    func isFolder(_ name: String) -> Bool {
        (try? FileStatus(FilePath(path(name)), followsLinks: false))?.kind == .folder
    }

    /// The bytes of a file.
    static func bytes(of path: String) throws -> [UInt8] {
        guard let file = FilePath(path).open(O_RDONLY), let bytes = DescriptorReading.all(of: file.number) else {
            throw failure("cannot read '\(path)'")
        }
        return bytes
    }

    private func makeFolders(above name: String) throws {
        var folder = root.text
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            if !FilePath(folder).exists { try makeFolder(folder, mode: 0o777) }
        }
    }

    private func makeFolder(_ path: String, mode: mode_t) throws {
        guard unsafe mkdir(path, mode) == 0 else { throw Self.failure("cannot make folder '\(path)'") }
    }

    private static func failure(_ what: String, _ number: Int32 = errno) -> StageError {
        StageError("\(what): \(SystemFailure.reason(number))")
    }

    private static func remove(_ path: FilePath) {
        if (try? FileStatus(path, followsLinks: false))?.kind == .folder {
            for name in FolderNames.all(in: path) { remove(path.appending(ByteText.bytes(name))) }
            _ = unsafe path.withSystemPath { unsafe rmdir($0) }
        } else {
            path.removeFile()
        }
    }
}
