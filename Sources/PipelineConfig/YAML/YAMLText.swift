import MHPipeKit

/// The bytes of a text with their lines, and the way from bytes back to places that people count in characters.
struct YAMLText {
    /// The lines' UTF-8, each line followed by a line feed.
    let bytes: [UInt8]
    /// Where each line's bytes are, without the line feed.
    private(set) var lines: [Range<Int>]
    /// The number of lines before any were cut off: the last of them ends without a line feed.
    private let lineCount: Int

    /// The columns of one line, by byte; empty when each byte is a character.
    private var columns: (line: Int, byByte: [Int]) = (-1, [])

    init(_ source: SourceText) {
        var bytes: [UInt8] = []
        var lines: [Range<Int>] = []
        for line in source.lines {
            let start = bytes.count
            bytes.append(contentsOf: line.utf8)
            lines.append(start..<bytes.count)
            bytes.append(.lineFeed)
        }
        self.bytes = bytes
        self.lines = lines
        lineCount = lines.count
    }

    /// The byte at an offset; a line feed at the end of every line, the last one included, and behind the text.
    subscript(offset: Int) -> UInt8 {
        offset < bytes.count ? bytes[offset] : .lineFeed
    }

    /// True when a line feed was written behind a line.
    func hasBreak(after line: Int) -> Bool { line + 1 < lineCount }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Leaves out a line and all that follow.
    mutating func cut(from line: Int) {
        lines.removeSubrange(line...)
    }

    /// The place of a range: of the part of it that is on its first line.
    mutating func span(_ range: Range<Int>) -> SourceSpan {
        guard let line = line(at: range.lowerBound) else {
            return SourceSpan(line: lines.count + 1, column: 1)
        }
        let start = column(range.lowerBound, line: line)
        let end = column(min(range.upperBound, lines[line].upperBound), line: line)
        return SourceSpan(line: line + 1, column: start, length: end - start)
    }

    /// The index of the line that holds an offset, or its line feed.
    private func line(at offset: Int) -> Int? {
        if lines.indices.contains(columns.line), lines[columns.line].contains(offset) { return columns.line }
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].upperBound < offset { low = middle + 1 } else { high = middle }
        }
        return low < lines.count ? low : nil
    }

    private mutating func column(_ offset: Int, line: Int) -> Int {
        if columns.line != line { columns = (line, Self.columns(of: bytes[lines[line]])) }
        let byte = offset - lines[line].lowerBound
        return columns.byByte.isEmpty ? byte + 1 : columns.byByte[byte]
    }

    private static func columns(of line: ArraySlice<UInt8>) -> [Int] {
        guard line.contains(where: { $0 >= 0x80 }) else { return [] }
        var byByte: [Int] = []
        for (index, character) in String(decoding: line, as: UTF8.self).enumerated() {
            byByte.append(contentsOf: repeatElement(index + 1, count: character.utf8.count))
        }
        return byByte + [(byByte.last ?? 0) + 1]
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let tab = UInt8(ascii: "\t")
    static let space = UInt8(ascii: " ")
    static let comma = UInt8(ascii: ",")
    static let colon = UInt8(ascii: ":")
    static let dash = UInt8(ascii: "-")
    static let hash = UInt8(ascii: "#")
    static let question = UInt8(ascii: "?")
    static let backslash = UInt8(ascii: "\\")
    static let singleQuote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")

    /// True for a space, a tab and the end of a line.
    var isBlank: Bool { self == .space || self == .tab || self == .lineFeed }

    /// True for the characters that structure lists and mappings in brackets.
    var isFlowIndicator: Bool {
        switch self {
        case .comma, UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
        default: false
        }
    }

    /// True for a closing bracket.
    var isCloser: Bool { self == UInt8(ascii: "]") || self == UInt8(ascii: "}") }

    /// True for the characters that no plain text begins with; `-`, `?` and `:` are not among them.
    var isIndicator: Bool {
        switch self {
        case _ where isFlowIndicator: true
        case .hash, .singleQuote, .doubleQuote, UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"),
            UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            true
        default: false
        }
    }
}
