import MHPipeIO
import MHPipeKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A line of a quarantine: a text that could not be read, and where it came from.
struct QuarantinedText: Decodable {
    /// `record`, `file` or `path`, or `limit` for what the quarantine had no room for.
    var scope: String
    /// The source stage; nil in lines of a mhpipe that did not write it.
    var source: String?
    /// The file, as its source names it.
    var file: String
    /// The record's number in its file.
    var record: Int?
    var reason: String?
    private var raw: String?
    private var rawBase64: String?
    /// How many bytes the text had, where not all of them were kept.
    var rawBytes: Int?

    /// The text; nil where the line has none.
    var text: [UInt8]? {
        if let raw { return Array(raw.utf8) }
        return rawBase64.flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }

    /// Why the line cannot be replayed; nil when it can.
    var obstacle: String? {
        let reason = reason.map { " (\($0))" } ?? ""
        if scope == "limit" { return "the quarantine had no room for all that could not be read" }
        guard let text, !text.isEmpty else { return "the quarantine has no text of it\(reason)" }
        guard let rawBytes, rawBytes > text.count else { return nil }
        return "the quarantine has the first \(text.count) of its \(rawBytes) bytes\(reason)"
    }

    /// Calls the body with each line of a file.
    ///
    /// - Throws: `StageError` that names the first line that is none, `InputFailure` when the file cannot be read.
    static func forEachLine(of path: String, _ body: (QuarantinedText, Int) throws -> Void) throws {
        let lines = try LineReader(FilePath(path))
        var number = 0
        while let line = try lines.next() {
            number += 1
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) {
                continue
            }
            try body(try read(line, number, path), number)
        }
    }

    static func read(_ line: [UInt8], _ number: Int, _ path: String) throws -> QuarantinedText {
        do {
            return try JSONDecoder().decode(QuarantinedText.self, from: Data(line))
        } catch {
            throw StageError(
                "line \(number) of '\(FilePath(path).text)' is no line of a quarantine: it has to be a JSON object with 'scope' and 'file'",
                advice: "in 'raw' the text of the record stands as a JSON string, with its quotes escaped: \\\""
            )
        }
    }
}
