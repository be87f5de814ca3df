import MHPipeKit

/// The part of a plain text that is in one line.
struct PlainPiece {
    /// Why it ends.
    enum Stop {
        case lineEnd
        case comment
        case colon
        case tab
        case indicator
    }

    /// Where its text ends.
    var end: Int
    /// Where what ended it is.
    var next: Int
    /// Why it ends.
    var stop: Stop
}

extension YAMLParser {
    /// True when a plain text can begin at the cursor.
    func isPlainStart(inFlow: Bool) -> Bool {
        let byte = text[at]
        guard byte == .dash || byte == .question || byte == .colon else { return !byte.isIndicator && !byte.isBlank }
        let next = text[at + 1]
        return !next.isBlank && !(inFlow && (byte != .dash || next.isFlowIndicator))
    }

    /// The plain text from the cursor to the end of the line or to what ends it.
    func plainPiece(inFlow: Bool) -> PlainPiece {
        var next = at
        var end = at
        while true {
            let byte = text[next]
            switch byte {
            case .lineFeed: return PlainPiece(end: end, next: next, stop: .lineEnd)
            case .tab: return PlainPiece(end: end, next: next, stop: .tab)
            case .hash where next == at || text[next - 1] == .space:
                return PlainPiece(end: end, next: next, stop: .comment)
            case .colon where text[next + 1].isBlank || inFlow && text[next + 1].isFlowIndicator:
                return PlainPiece(end: end, next: next, stop: .colon)
            // YAML 1.1 parsers end a text at a question mark between brackets.
            case _ where inFlow && (byte.isFlowIndicator || byte == .question):
                return PlainPiece(end: end, next: next, stop: .indicator)
            default: break
            }
            next = inFlow ? variableEnd(from: next) ?? next + 1 : next + 1
            if byte != .space { end = next }
        }
    }

    /// Where the `${NAME}` at an offset ends; its braces are no brackets of YAML.
    ///
    /// No other YAML is read in another way by this: a text between brackets cannot have a brace in it.
    private func variableEnd(from offset: Int) -> Int? {
        guard interpolator != nil, text[offset] == UInt8(ascii: "$"), text[offset + 1] == UInt8(ascii: "{") else {
            return nil
        }
        var end = offset + 2
        while text[end] != .lineFeed {
            if text[end] == UInt8(ascii: "}") { return end + 1 }
            end += 1
        }
        return nil
    }

    /// Parses a plain text, over several lines where it goes on.
    mutating func plainText(parent: Int, inFlow: Bool) throws(YAMLMistake) -> ConfigNode {
        guard isPlainStart(inFlow: inFlow) else { throw beginningMistake(inFlow: inFlow) }
        let start = at
        var piece = plainPiece(inFlow: inFlow)
        var value = WrittenText()
        value.append(text.bytes[at..<piece.end])
        at = piece.end
        while piece.stop == .lineEnd, let (next, blankLines) = try plainContinuation(parent: parent, inFlow: inFlow) {
            let end = at..<at
            begin(line: next)
            skipSpaces()
            let first = at
            piece = plainPiece(inFlow: inFlow)
            if piece.stop == .colon, !inFlow { throw .keyInContinuation(first..<piece.next) }
            if blankLines == 0 {
                value.append([.space], for: end)
            } else {
                value.append(repeatElement(.lineFeed, count: blankLines), for: end)
            }
            value.append(text.bytes[at..<piece.end])
            at = piece.end
        }
        return scalar(value, start..<at)
    }

    /// The line in which a plain text goes on, and the number of blank lines before it.
    private func plainContinuation(
        parent: Int,
        inFlow: Bool
    ) throws(YAMLMistake) -> (line: Int, blankLines: Int)? {
        var next = self
        next.begin(line: line + 1)
        while next.line < text.lines.count {
            next.skipSpaces()
            if text[next.at] != .lineFeed { break }
            next.begin(line: next.line + 1)
        }
        guard next.line < text.lines.count, next.column > parent else { return nil }
        switch text[next.at] {
        case .hash, .tab: return nil
        case .dash where text[next.at + 1].isBlank: throw .itemInContinuation(next.at)
        case .question where text[next.at + 1].isBlank: throw .complexKey(next.restOfLine)
        case UInt8(ascii: "%") where next.column == 0: throw .directive(next.restOfLine)
        default: break
        }
        return next.plainPiece(inFlow: inFlow).end == next.at ? nil : (next.line, next.line - line - 1)
    }

    /// The mistake of a value that begins with a character that no value begins with.
    private func beginningMistake(inFlow: Bool) -> YAMLMistake {
        switch text[at] {
        case UInt8(ascii: "*"):
            var end = at
            while !text[end].isBlank, !(inFlow && text[end].isFlowIndicator) { end += 1 }
            return .alias(at..<end, text.string(at..<end))
        case .tab: return .tab(at)
        case .question where !inFlow: return .complexKey(restOfLine)
        case .colon where text[at + 1].isBlank: return .emptyKey(at)
        default: return .beginning(at, character)
        }
    }

    /// The node of a scalar in which variables are replaced.
    mutating func scalar(_ value: WrittenText, _ range: Range<Int>) -> ConfigNode {
        let written = value.string
        guard written.contains("${"), let result = interpolator?.replaceVariables(in: written) else {
            return node(value, range)
        }
        var from = range.lowerBound
        for mistake in result.mistakes {
            // Escapes and folding may have moved it; then the whole text is marked.
            let place = text.bytes[from..<range.upperBound].firstRange(of: Array(mistake.reference.utf8))
            from = place?.upperBound ?? from
            report(mistake.inYAML(at: place ?? range))
        }
        var value = value
        value.replace(result.replacements)
        return node(value, range)
    }
}
