import MHPipeIO
import MHPipeKit

/// A line of a quarantine: a text that could not be read, and where it came from.
struct QuarantinedText {
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
        return rawBase64.flatMap(Base64.bytes)
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
        guard let text = QuarantinedText(line) else {
            throw StageError(
                "line \(number) of '\(FilePath(path).text)' is no line of a quarantine: it has to be a JSON object with 'scope' and 'file'",
                advice: "in 'raw' the text of the record stands as a JSON string, with its quotes escaped: \\\""
            )
        }
        return text
    }

    /// Nil for a line that is none of a quarantine's.
    private init?(_ line: [UInt8]) {
        guard let object = StrictJSON.object(line), let scope = object.text("scope"), let file = object.text("file"),
            let source = Self.member(object, "source", \.string), let record = Self.member(object, "record", \.int),
            let reason = Self.member(object, "reason", \.string), let raw = Self.member(object, "raw", \.string),
            let rawBase64 = Self.member(object, "rawBase64", \.string),
            let rawBytes = Self.member(object, "rawBytes", \.int)
        else { return nil }
        // Half a pair of surrogates is no character, and stands for no text that could be read.
        if let json = object["raw"]?.json, Self.hasHalfPair(json) { return nil }
        (self.scope, self.file, self.source, self.record) = (scope, file, source, record)
        (self.reason, self.raw, self.rawBase64, self.rawBytes) = (reason, raw, rawBase64, rawBytes)
    }

    /// What stands under a key, nil for nothing; no value at all where something else stands there.
    private static func member<Value>(_ object: JSONValue, _ key: String, _ read: (JSONValue) -> Value?) -> Value?? {
        guard let json = object[key], !json.isNull else { return .some(nil) }
        return read(json).map { .some($0) }
    }

    private static func hasHalfPair(_ json: String) -> Bool {
        let plain = unsafe Array(json.utf8).withUnsafeBufferPointer { unsafe JSONText.normalized($0) }
        var place = 0
        while place + 2 < plain.count {
            guard plain[place] == UInt8(ascii: "\\") else {
                place += 1
                continue
            }
            if plain[place + 1] == UInt8(ascii: "u"), [UInt8(ascii: "d"), UInt8(ascii: "D")].contains(plain[place + 2])
            {
                return true
            }
            place += 2
        }
        return false
    }
}
