public import Foundation

/// A folder of one test's own, removed when the test lets go of it.
public final class TemporaryDirectory: Sendable {
    /// The folder, with a space in its name, since users' folders have them.
    public let url: URL

    /// Makes the folder.
    ///
    /// - Throws: When it cannot be made.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "mhpipe test \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String {
        url.appending(path: name).path(percentEncoded: false)
    }

    /// Writes a file and the folders above it.
    @discardableResult
    public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return path(name)
    }

    /// Writes a text file and the folders above it.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        try write(text.utf8, to: name)
    }

    /// Reads a file back.
    public func read(_ name: String) throws -> Data {
        try Data(contentsOf: url.appending(path: name))
    }
}
