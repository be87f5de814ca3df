#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder of one check's own, removed when the check lets go of it.
final class ConformanceFolder {
    /// With a space in its name, since users' folders have them.
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "mhpipe check \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String {
        url.appending(path: name).path(percentEncoded: false)
    }

    /// Writes a file and the folders above it.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Writes a text file and the folders above it.
    func write(_ text: String, to name: String) throws {
        try write(text.utf8, to: name)
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

    /// The paths of all files below the folder, in order.
    var files: [String] {
        (try? FileManager.default.subpathsOfDirectory(atPath: path("")))?.filter { !isFolder($0) }.sorted() ?? []
    }

    /// What the files of outputs hold, by their paths; what stands under a hidden name has no name yet.
    func data(of outputs: [String]) throws -> [String: Data] {
        let named = files.filter { file in
            let names = file.split(separator: "/")
            return outputs.contains { $0 == names[0] } && !names.contains { $0.hasPrefix(".") }
        }
        return Dictionary(uniqueKeysWithValues: try named.map { ($0, try Data(contentsOf: url.appending(path: $0))) })
    }

    /// What outputs hold as texts, a file each; those of a folder with their paths.
    func texts(of outputs: [String], _ sample: PluginSample) throws -> [String] {
        try outputs.flatMap { output in
            guard isFolder(output) else { return [try sample.contents(path(output))] }
            return try files.filter { $0.hasPrefix("\(output)/") }.map { "\($0): \(try sample.contents(path($0)))" }
        }
    }

    func isFolder(_ name: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(name))
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }
}
