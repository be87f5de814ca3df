extension YAMLParser {
    /// The cursor's column, from 0, in bytes: the indentation when it is at the first character of a line.
    var column: Int { at - text.lines[line].lowerBound }

    /// What is left of the line, at least one byte.
    var restOfLine: Range<Int> {
        let end = line < text.lines.count ? text.lines[line].upperBound : at
        return at..<max(end, at + 1)
    }

    /// True at the `- ` of a list item.
    var isDash: Bool { isMark(.dash) }

    /// True at an indicator that is followed by a blank.
    func isMark(_ byte: UInt8) -> Bool { text[at] == byte && text[at + 1].isBlank }

    mutating func begin(line index: Int) {
        line = index
        at = index < text.lines.count ? text.lines[index].lowerBound : text.bytes.count
    }

    mutating func skipSpaces() {
        while text[at] == .space { at += 1 }
    }

    /// Moves to the first character of the next line that holds something; a line with a tab before it is reported.
    ///
    /// - Returns: False at the end of the text.
    mutating func skipToContent() -> Bool {
        while line < text.lines.count {
            skipSpaces()
            switch text[at] {
            case .lineFeed, .hash: begin(line: line + 1)
            case .tab:
                var end = at
                while text[end] == .tab { end += 1 }
                reportTab(at..<end)
                begin(line: line + 1)
            default: return true
            }
        }
        return false
    }

    /// True when nothing but a comment follows in the line.
    var isAtLineRest: Bool {
        text[at] == .lineFeed || text[at] == .hash && hasSpaceBefore
    }

    var hasSpaceBefore: Bool {
        at == text.lines[line].lowerBound || text[at - 1] == .space
    }

    /// True at a key or a list item that is not likely the rest of an unclosed bracket.
    var isClearlyEntry: Bool {
        guard isDash || colonOfKey() != nil else { return false }
        var (level, last) = (0, UInt8.space)
        for byte in text.bytes[restOfLine] where !byte.isBlank {
            if byte.isCloser { level -= 1 } else if byte.isFlowIndicator, byte != .comma { level += 1 }
            last = byte
        }
        return level >= 0 && last != .comma
    }

    /// Leaves a line whose value is complete.
    mutating func finishLine() throws(YAMLMistake) {
        skipSpaces()
        guard isAtLineRest else {
            switch text[at] {
            case .hash: throw .hashWithoutSpace(at)
            case .tab: throw .tab(at)
            default: throw .leftover(restOfLine)
            }
        }
        begin(line: line + 1)
    }

    var character: Character {
        text.string(at..<max(at + 1, restOfLine.upperBound)).first ?? " "
    }

    /// Reports anchors and tags before a value, and moves behind them.
    mutating func skipProperties(inFlow: Bool = false) {
        while text[at] == UInt8(ascii: "&") || text[at] == UInt8(ascii: "!") {
            let start = at
            while !text[at].isBlank, !(inFlow && text[at].isFlowIndicator) { at += 1 }
            report(text[start] == UInt8(ascii: "&") ? .anchor(start..<at) : .tag(start..<at))
            skipSpaces()
        }
    }
}
