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

    /// Reads a file back.
    func read(_ name: String) throws -> Data {
        try Data(contentsOf: url.appending(path: name))
    }
}
