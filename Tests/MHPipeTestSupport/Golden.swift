import Foundation

/// A text that is kept in a file beside the tests.
///
/// `MHPIPE_RECORD=1 swift test` writes the files anew and fails, so that a recording never passes for a test.
public struct Golden {
    private let folder: URL

    /// Names the folder `Golden` beside the calling test, or beside one of the folders above it.
    ///
    /// - Parameter file: The calling test.
    public init(besideTest file: String = #filePath) {
        var folder = URL(filePath: file).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Golden").path(percentEncoded: false)),
            folder.pathComponents.count > 1
        {
            folder.deleteLastPathComponent()
        }
        self.folder = folder.appending(path: "Golden")
    }

    /// Compares a text with its file.
    ///
    /// - Parameters:
    ///   - text: What the program said.
    ///   - name: The file's name in the folder.
    /// - Returns: Nothing when they are equal; otherwise what is different, for the test to record.
    /// - Throws: When the file cannot be read or written.
    public func difference(_ text: String, from name: String) throws -> String? {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["MHPIPE_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return "recorded Golden/\(name); run the tests again without MHPIPE_RECORD"
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        return text == expected ? nil : "Golden/\(name) differs; expected:\n\(expected)\nbut got:\n\(text)"
    }
}
