import MHPipeKit

extension YAMLParser {
    /// Parses a text in quotes, over several lines where it goes on.
    mutating func quotedText(parent: Int) throws(YAMLMistake) -> ConfigNode {
        let start = at
        let written = try quotedBytes(parent: parent)
        return text[start] == .doubleQuote ? scalar(written, start..<at) : node(written, start..<at)
    }

    /// Reads what is between quotes; the cursor is at the first and then behind the last.
    mutating func quotedBytes(parent: Int) throws(YAMLMistake) -> WrittenText {
        let open = at
        let quote = text[at]
        var value = WrittenText()
        /// Blanks at the end of a line are dropped, but for those before this count.
        var kept = 0
        at += 1
        while true {
            let byte = text[at]
            switch byte {
            case .lineFeed:
                while value.bytes.count > kept, value.bytes.last?.isBlank == true { value.removeLast() }
                try fold(into: &value, isEscaped: false, open, parent)
                kept = value.bytes.count
            case .backslash where quote == .doubleQuote && text[at + 1] == .lineFeed:
                at += 1
                try fold(into: &value, isEscaped: true, open, parent)
                kept = value.bytes.count
            case .backslash where quote == .doubleQuote:
                escape(into: &value)
                kept = value.bytes.count
            case quote:
                at += 1
                guard quote == .singleQuote, text[at] == quote else { return value }
                value.append([quote], for: at - 1..<at + 1)
                at += 1
            default:
                value.append(text.bytes[at...at])
                at += 1
            }
        }
    }

    /// Moves to the line in which a quoted text goes on, and appends what the line ends between become.
    private mutating func fold(
        into value: inout WrittenText,
        isEscaped: Bool,
        _ open: Int,
        _ parent: Int
    ) throws(YAMLMistake) {
        var blankLines = 0
        let end = at..<at
        while true {
            begin(line: line + 1)
            guard line < text.lines.count else { throw unclosedQuote(open) }
            skipSpaces()
            if text[at] == .tab, column <= parent { throw .tabIndentation(at..<at + 1) }
            let indentation = column
            while text[at] == .space || text[at] == .tab { at += 1 }
            if text[at] == .lineFeed {
                blankLines += 1
                continue
            }
            guard indentation > parent else {
                begin(line: line)
                throw unclosedQuote(open)
            }
            break
        }
        if blankLines == 0, !isEscaped { value.append([.space], for: end) }
        value.append(repeatElement(.lineFeed, count: blankLines), for: end)
    }

    private func unclosedQuote(_ open: Int) -> YAMLMistake {
        .unclosedQuote(open..<open + 1, text[open] == .singleQuote ? "'" : "\"")
    }

    /// Reads one escape of a double-quoted text; a wrong one is reported and left out.
    private mutating func escape(into value: inout WrittenText) {
        let start = at
        at += 1
        let letter = text[at]
        if let scalar = Self.escapes[letter] {
            at += 1
            value.append(UTF8.encode(scalar).map(Array.init) ?? [], for: start..<at)
            return
        }
        guard let count = Self.escapeDigits[letter] else {
            at += UTF8.width(character.unicodeScalars.first ?? " ")
            return report(.escape(start..<at, text.string(start..<at)))
        }
        at += 1
        var number: UInt32 = 0
        for _ in 0..<count {
            guard let digit = Character(Unicode.Scalar(text[at])).hexDigitValue, text[at] < 0x80 else {
                return report(.escapeDigits(start..<at, count))
            }
            number = number << 4 | UInt32(digit)
            at += 1
        }
        guard let scalar = Unicode.Scalar(number), let bytes = UTF8.encode(scalar) else {
            return report(.escapedCodePoint(start..<at, isSurrogate: number < 0x10000))
        }
        value.append(bytes, for: start..<at)
    }

    private static let escapeDigits: [UInt8: Int] = [
        UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
    ]

    /// The escapes of YAML 1.2, section 5.7.
    private static let escapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "t"): "\t", .tab: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}",
        .space: " ", .doubleQuote: "\"", UInt8(ascii: "/"): "/", .backslash: "\\",
        UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
        UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]
}
