import MHPipeKit

/// A key as it was read.
struct MappingKey {
    var text: String
    var range: Range<Int>
}

/// The entries of a mapping while it is parsed.
struct MappingEntries {
    private(set) var list: [ConfigEntry] = []
    private var lines: [String: Int] = [:]

    /// The line of a key that is there already.
    func line(of key: String) -> Int? { lines[key] }

    /// Adds a key without a value.
    mutating func append(_ key: String, _ span: SourceSpan) {
        lines[key] = span.line
        list.append(ConfigEntry(key: key, keySpan: span, value: ConfigNode(.null)))
    }

    /// Gives the key that was added last its value.
    mutating func setLast(_ value: ConfigNode) {
        list[list.count - 1].value = value
    }
}

extension YAMLParser {
    /// The longest key that YAML parsers look for, in characters.
    private static let longestKey = 1024

    /// Where the colon of a key is, when the line at the cursor begins with a key.
    func colonOfKey() -> Int? {
        if text[at] == .singleQuote || text[at] == .doubleQuote {
            guard var end = closingQuote(from: at) else { return nil }
            repeat { end += 1 } while text[end] == .space
            return text[end] == .colon && text[end + 1].isBlank ? end : nil
        }
        guard isPlainStart(inFlow: false) else { return nil }
        let piece = plainPiece(inFlow: false)
        return piece.stop == .colon ? piece.next : nil
    }

    /// True at a line that is no key but should have been one: keys are indented below it.
    var isKeyWithoutColon: Bool {
        guard isPlainStart(inFlow: false), plainPiece(inFlow: false).stop != .tab else { return false }
        var next = self
        next.begin(line: line + 1)
        while next.line < text.lines.count {
            next.skipSpaces()
            guard next.text[next.at] == .lineFeed || next.text[next.at] == .hash else { break }
            next.begin(line: next.line + 1)
        }
        return next.line < text.lines.count && next.column > column && next.colonOfKey() != nil
    }

    /// Reads the key between the cursor and its colon.
    mutating func key(before colon: Int) throws(YAMLMistake) -> MappingKey {
        let start = at
        var key: MappingKey
        var isLiteral = false
        if text[at] == .singleQuote || text[at] == .doubleQuote {
            isLiteral = text[at] == .singleQuote
            let written = try quotedBytes(parent: -1)
            key = MappingKey(text: written.string, range: start..<at)
        } else {
            var end = colon
            while text[end - 1] == .space { end -= 1 }
            key = MappingKey(text: text.string(start..<end), range: start..<end)
            if key.text == "<<" { report(.mergeKey(key.range)) }
        }
        if !isLiteral, interpolator != nil, key.text.contains("${") { report(.variableInKey(key.range)) }
        if text.string(start..<colon).unicodeScalars.count > Self.longestKey {
            report(.longKey(key.range, limit: Self.longestKey))
        }
        return key
    }

    /// The offset of the quote that closes the one at an offset, when it is in the same line.
    func closingQuote(from open: Int) -> Int? {
        let quote = text[open]
        var offset = open + 1
        while text[offset] != .lineFeed {
            if text[offset] == .backslash, quote == .doubleQuote {
                offset += text[offset + 1] == .lineFeed ? 1 : 2
            } else if text[offset] != quote {
                offset += 1
            } else if quote == .singleQuote, text[offset + 1] == quote {
                offset += 2
            } else {
                return offset
            }
        }
        return nil
    }
}
