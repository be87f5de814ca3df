import MHPipeIO
import MHPipeKit

/// A text of lines of which the first says what it is and in which version, and the last holds a hash of all others.
enum SealedText {
    static func make(_ title: String, _ lines: [String]) throws -> String {
        let text = ([title] + lines).map { $0 + "\n" }.joined()
        return text + "end \(try hash(text))\n"
    }

    /// The lines of a text, without the first and the last.
    ///
    /// - Throws: `StageError` when it is another text, or a damaged one.
    static func lines(_ text: String, _ title: String) throws -> ArraySlice<Substring> {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let name = title.prefix { $0 != " " } + " "
        guard let first = lines.first, first.hasPrefix(name) else { throw StageError("it is no record of a run") }
        guard first == title else { throw StageError("another version of mhpipe wrote it ('\(first)')") }
        guard lines.popLast() == "", let end = lines.popLast(), end.hasPrefix("end ") else { throw damaged }
        let body = lines.map { $0 + "\n" }.joined()
        guard end.dropFirst(4) == (try hash(body))[...] else { throw damaged }
        return lines.dropFirst()
    }

    /// What is wrong with a text that was changed or cut short.
    static var damaged: StageError { StageError("it is damaged") }

    private static func hash(_ text: String) throws -> String {
        let hash = try SHA256()
        hash.update(Array(text.utf8))
        return Hexadecimal.text(hash.finish())
    }
}
