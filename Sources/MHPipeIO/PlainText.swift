/// A text in which no JSON object stands, known by what it is written in, or by nothing at all.
///
/// Only for whole files: in a damaged one, every text that may have been part of an object is left to the reader of JSON.
struct PlainText {
    /// What it is, and what to do about it.
    let reason: String

    /// Looks at the text of a file; nil when there may be an object in it, or when it is a JSON value of another kind.
    ///
    /// - Parameter text: The text from its start.
    init?(_ text: some Collection<UInt8>) {
        guard !Self.mayHoldMember(text) else { return nil }
        let start = String(decoding: text.prefix(2048), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        let lines = start.split(omittingEmptySubsequences: true) { $0.isNewline }
        guard
            !start.unicodeScalars.contains(where: {
                $0.value < 0x20 && !"\t\n\r\u{C}\u{1B}".unicodeScalars.contains($0)
            })
        else {
            reason = ForeignText.unknownBinary
            return
        }
        // AWS writes that into a bucket by itself.
        let isMessage = lines.contains { $0.hasSuffix("CloudTrail validation message.") }
        guard let first = lines.first, !isMessage, !Self.isScalar(first) else { return nil }
        if first.hasPrefix("#!") {
            reason = "a script, and JSON is read; read what it prints: sh FILE | mhpipe convert - OUTPUT"
        } else if Self.isPipeline(lines) {
            reason = "a pipeline, not events; run it: mhpipe run FILE"
        } else if Self.isBase64(lines) {
            reason = "Base64; decode it first: base64 -d FILE > NEW"
        } else if Self.isYAML(lines) {
            reason = "YAML, and JSON is read; convert it first: yq -o json FILE > NEW"
        } else {
            reason = "text without any JSON object; see what it is: head FILE"
        }
    }

    /// True when the colon behind a key stands anywhere.
    private static func mayHoldMember(_ text: some Collection<UInt8>) -> Bool {
        var isBehindQuote = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""): isBehindQuote = true
            case UInt8(ascii: ":") where isBehindQuote: return true
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: isBehindQuote = false
            }
        }
        return false
    }

    /// True for a JSON value that is no object, or the start of one.
    private static func isScalar(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        guard words.count == 1, let word = words.first else { return "\"{[".contains(line.prefix(1)) }
        return word.hasPrefix("\"") || word.hasPrefix("{") || word.hasPrefix("[")
            || ["true", "false", "null"].contains(word)
            || word.first.map { $0 == "-" || $0.isNumber } == true && Double(word) != nil
    }

    private static func isPipeline(_ lines: [Substring]) -> Bool {
        lines.contains { $0.hasPrefix("sources:") } || lines.first?.hasPrefix("pipeline:") == true
    }

    /// True when all of it may be Base64, and so much that words are not.
    private static func isBase64(_ lines: [Substring]) -> Bool {
        lines[0].utf8.count >= 16
            && lines.allSatisfy { line in
                line.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+/=-_".contains($0)) }
            }
            && lines[0].contains { $0.isNumber } && lines[0].contains { $0.isUppercase }
    }

    /// True when every line is a comment, is indented, or begins with a key, no key twice, or with a dash.
    private static func isYAML(_ lines: [Substring]) -> Bool {
        if lines[0] == "---" || lines[0].hasPrefix("%YAML") { return true }
        var keys: Set<Substring> = []
        var members = 0
        for line in lines {
            if line.hasPrefix("#") || line.hasPrefix(" ") { continue }
            members += 1
            if line.hasPrefix("- ") { continue }
            let key = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
            let rest = line[key.endIndex...]
            guard !key.isEmpty, rest == ":" || rest.hasPrefix(": "), keys.insert(key).inserted else { return false }
        }
        return !keys.isEmpty || members > 1
    }
}
