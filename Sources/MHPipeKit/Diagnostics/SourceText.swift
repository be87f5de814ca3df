/// The text of a pipeline file, line by line, under the name that messages show.
public struct SourceText: Sendable {
    /// The file's path, as the user gave it.
    public let name: String
    /// The lines, without their ends.
    public let lines: [Substring]
    /// What is wrong with the bytes the text was made of, in file order; empty for a text that was no bytes before.
    public let encodingMistakes: [Diagnostic]
    /// False for bytes that are no text at all, so that there is nothing to parse.
    package let isReadable: Bool
    /// The bytes that the text was made of; of a text that was no bytes before, its UTF-8.
    package private(set) var bytes: [UInt8]

    /// Splits a text into lines; a byte order mark and the carriage returns of line ends are left out.
    ///
    /// - Parameters:
    ///   - name: The file's path, as the user gave it.
    ///   - text: The whole text.
    public init(name: String, text: String) {
        self.init(name: name, text: text, encodingMistakes: [])
    }

    /// Reads UTF-8 and splits it into lines.
    ///
    /// Never fails: bytes that are no UTF-8 become U+FFFD in `lines`, and `encodingMistakes` says where they are.
    /// Parsing reports those with everything else that is wrong.
    ///
    /// - Parameters:
    ///   - name: The file's path, as the user gave it.
    ///   - bytes: The whole file.
    public init(name: String, bytes: some Sequence<UInt8>) {
        var decoder = UTF8TextDecoder()
        decoder.decode(bytes)
        self.init(
            name: name,
            text: decoder.text,
            encodingMistakes: decoder.mistakes,
            isReadable: !decoder.isBinary
        )
        self.bytes = Array(bytes)
    }

    private init(name: String, text: String, encodingMistakes: [Diagnostic], isReadable: Bool = true) {
        self.name = name
        bytes = Array(text.utf8)
        self.encodingMistakes = encodingMistakes
        self.isReadable = isReadable
        let body = text.unicodeScalars.first == "\u{FEFF}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
        lines = body.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
        }
    }
}
