/// The text of a pipeline file, line by line, under the name that messages show.
public struct SourceText: Sendable {
    /// The file's path, as the user gave it.
    public let name: String
    /// The lines, without their ends.
    public let lines: [Substring]

    /// Splits a text into lines; a byte order mark and carriage returns are left out.
    ///
    /// - Parameters:
    ///   - name: The file's path, as the user gave it.
    ///   - text: The whole text.
    public init(name: String, text: String) {
        self.name = name
        let body = text.unicodeScalars.first == "\u{FEFF}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
        lines = body.split(separator: /\r\n|\n/, omittingEmptySubsequences: false)
    }
}
