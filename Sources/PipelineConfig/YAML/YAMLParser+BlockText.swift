import MHPipeKit

extension YAMLParser {
    private struct Header {
        enum Chomping {
            case strip
            case clip
            case keep
        }

        var isFolded = false
        var chomping = Chomping.clip
        var spaces: Int?
    }

    /// Parses a `|` or `>` text, in which variables are not replaced.
    mutating func blockText(parent: Int) throws(YAMLMistake) -> ConfigNode {
        let start = at
        let header = try blockHeader(parent: parent)
        let span = text.span(start..<at)
        try finishLine()
        let indentation = try blockIndentation(header, parent: parent)
        let written = blockLines(header, indentation: indentation)
        if let rest = unendedBlank(header, indentation: indentation) { throw .unendedBlankLine(rest) }
        return ConfigNode(text: written.string, span: span, places: written.places(in: &text))
    }

    private mutating func blockHeader(parent: Int) throws(YAMLMistake) -> Header {
        var header = Header(isFolded: text[at] == UInt8(ascii: ">"))
        var isChomped = false
        at += 1
        while !text[at].isBlank {
            switch text[at] {
            case UInt8(ascii: "1")...UInt8(ascii: "9") where header.spaces == nil:
                // Parsers disagree about what the number counts from here.
                guard parent >= 0 else { throw .indentedRoot(at..<at + 1) }
                header.spaces = Int(text[at] - UInt8(ascii: "0"))
            case .dash where !isChomped: (header.chomping, isChomped) = (.strip, true)
            case UInt8(ascii: "+") where !isChomped: (header.chomping, isChomped) = (.keep, true)
            default: throw .blockHeader(restOfLine)
            }
            at += 1
        }
        let end = at
        skipSpaces()
        guard isAtLineRest else { throw text[at] == .tab ? .tab(at) : .blockHeader(restOfLine) }
        at = end
        return header
    }

    /// The indentation of the text: as the header says, or that of its first line.
    private func blockIndentation(_ header: Header, parent: Int) throws(YAMLMistake) -> Int {
        let least = max(parent, 0) + 1
        if let spaces = header.spaces { return parent + spaces }
        var next = self
        var deepestBlank = 0..<0
        while next.line < text.lines.count {
            next.skipSpaces()
            guard text[next.at] == .lineFeed else {
                guard next.column >= least else {
                    // Parsers disagree about whether a document's own text needs any indentation.
                    guard parent >= 0 else { throw .textAtMargin(next.restOfLine) }
                    break
                }
                if text[next.at] == .tab { throw .tabIndentation(next.at..<next.at + 1) }
                if deepestBlank.count > next.column { throw .deepBlankLine(deepestBlank) }
                return next.column
            }
            if next.column > deepestBlank.count { deepestBlank = text.lines[next.line] }
            next.begin(line: next.line + 1)
        }
        return max(least, deepestBlank.count)
    }

    private mutating func blockLines(_ header: Header, indentation: Int) -> WrittenText {
        var value = WrittenText()
        var end = at..<at
        var breaks = skipBlankLines(indentation)
        var hasBreak = false
        while let content = blockLine(indentation) {
            value.append(repeatElement(.lineFeed, count: breaks), for: end)
            value.append(text.bytes[content])
            end = content.upperBound..<content.upperBound
            hasBreak = text.hasBreak(after: line)
            begin(line: line + 1)
            breaks = skipBlankLines(indentation)
            guard let next = blockLine(indentation) else { break }
            if !header.isFolded || text[content.lowerBound].isBlank || text[next.lowerBound].isBlank {
                value.append([.lineFeed], for: end)
            } else if breaks == 0 {
                value.append([.space], for: end)
            }
        }
        if hasBreak, header.chomping != .strip { value.append([.lineFeed], for: end) }
        if header.chomping == .keep { value.append(repeatElement(.lineFeed, count: breaks), for: end) }
        return value
    }

    /// The file's last line, when the text that was just read runs through it and its meaning is not settled.
    ///
    /// It holds nothing but spaces and has no line end. YAML 1.2's own examples count it like one that has; the widespread
    /// parsers of YAML 1.1 do not.
    private func unendedBlank(_ header: Header, indentation: Int) -> Range<Int>? {
        guard line == text.lines.count, let last = text.lines.last, !last.isEmpty, !text.hasBreak(after: line - 1),
            text.bytes[last].allSatisfy(\.isBlank)
        else { return nil }
        return header.chomping == .keep || last.count > indentation ? last : nil
    }

    /// The bytes of the line at the cursor behind its indentation, when the line belongs to the text.
    private func blockLine(_ indentation: Int) -> Range<Int>? {
        guard line < text.lines.count else { return nil }
        let range = text.lines[line]
        guard range.count > indentation, text.bytes[range].prefix(indentation).allSatisfy({ $0 == .space }) else {
            return nil
        }
        return range.lowerBound + indentation..<range.upperBound
    }

    /// Leaves the lines with nothing in them but at most so many spaces.
    private mutating func skipBlankLines(_ indentation: Int) -> Int {
        var breaks = 0
        while line < text.lines.count {
            let range = text.lines[line]
            guard range.count <= indentation, text.bytes[range].allSatisfy({ $0 == .space }) else { break }
            if text.hasBreak(after: line) { breaks += 1 }
            begin(line: line + 1)
        }
        return breaks
    }
}
