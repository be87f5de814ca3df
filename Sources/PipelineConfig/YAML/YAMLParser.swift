import MHPipeKit

/// Reads the YAML subset of pipeline files into a tree whose every scalar is text.
///
/// Whatever it accepts means the same to any YAML parser. After a mistake it goes on at the next line that is not
/// indented below the mistake's key or list item, so that every mistake is reported and none twice.
///
/// Between values the cursor is at the start of a line, or at the first character of one.
struct YAMLParser {
    /// What a text turned out to be.
    struct Document {
        /// The tree, as far as it was understood; nil for an empty text.
        var root: ConfigNode?
        /// The mistakes, in the order of the text.
        var diagnostics: [Diagnostic]
        /// The lines that are not, or not rightly, in the tree.
        var damage: LineSet
    }

    /// Deep enough for any pipeline, and shallow enough for any stack.
    static let mostLevels = 64

    var text: YAMLText
    /// Where the cursor is: the offset of a byte in the line of this index.
    var at = 0
    var line = 0
    var depth = 0
    var interpolator: Interpolator?
    var damage = LineSet()
    /// The column of the collection that ended last, for the message about lines that fit nowhere.
    var closedColumn: Int?
    private var diagnostics: [Diagnostic] = []
    /// The last line that was reported for a tab, since one report is enough for those that follow each other.
    private var lastTabLine: Int?

    /// Parses a text.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - interpolator: What `${NAME}` becomes; nil leaves it as it is written. Learns which variables were used.
    /// - Returns: The tree and the mistakes.
    static func parse(_ source: SourceText, interpolator: inout Interpolator?) -> Document {
        guard source.isReadable else {
            return Document(root: nil, diagnostics: source.encodingMistakes, damage: LineSet())
        }
        var parser = YAMLParser(source, interpolator)
        parser.checkCharacters()
        let root = parser.document()
        interpolator = parser.interpolator
        let diagnostics = source.encodingMistakes + parser.diagnostics
        return Document(root: root, diagnostics: diagnostics.inFileOrder(), damage: parser.damage)
    }

    private init(_ source: SourceText, _ interpolator: Interpolator?) {
        text = YAMLText(source)
        self.interpolator = interpolator
        for mistake in source.encodingMistakes {
            if let line = mistake.span?.line { damage.insert(line...line) }
        }
    }

    // MARK: - The document

    private mutating func document() -> ConfigNode? {
        cutAtMarkers()
        guard skipToContent() else { return nil }
        var root: ConfigNode?
        do throws(YAMLMistake) {
            root = try blockNode(parent: -1)
        } catch {
            recover(error, from: line, column: -1)
        }
        while skipToContent() {
            let first = line
            report(
                closedColumn.map { .indentation(restOfLine, column: column, expected: [$0]) } ?? .afterEnd(restOfLine)
            )
            recover(from: first, column: -1)
        }
        return root
    }

    /// Handles directives and document marks; what follows a second mark is cut off.
    private mutating func cutAtMarkers() {
        var isStarted = false
        for (index, range) in text.lines.enumerated() {
            if isMark("---", range) || isMark("...", range) {
                let mark = range.lowerBound..<range.lowerBound + 3
                guard !isStarted, text[mark.lowerBound] == .dash else {
                    report(text[mark.lowerBound] == .dash ? .secondDocument(mark) : .documentEnd(mark))
                    return text.cut(from: index)
                }
                isStarted = true
                begin(line: index)
                at = mark.upperBound
                skipSpaces()
                guard isAtLineRest else {
                    report(.textAfterDocumentStart(restOfLine))
                    return text.cut(from: index)
                }
                begin(line: index + 1)
            } else if !isStarted, text[range.lowerBound] == UInt8(ascii: "%") {
                report(.directive(range))
                begin(line: index + 1)
            } else if !range.isEmpty, text[range.lowerBound] != .hash, !isBlank(range) {
                isStarted = true
            }
        }
    }

    private func isMark(_ mark: String, _ line: Range<Int>) -> Bool {
        text.bytes[line].starts(with: mark.utf8) && text[line.lowerBound + 3].isBlank
    }

    private func isBlank(_ line: Range<Int>) -> Bool {
        text.bytes[line].allSatisfy { $0 == .space }
    }

    /// Reports the characters that no YAML text may hold, or that parsers disagree about; the first of each line.
    private mutating func checkCharacters() {
        for range in text.lines {
            let bytes = text.bytes[range]
            guard bytes.contains(where: { $0 >= 0x7F || ($0 < 0x20 && $0 != .tab) }) else { continue }
            var offset = range.lowerBound
            for scalar in text.string(range).unicodeScalars {
                let place = offset..<offset + UTF8.width(scalar)
                offset = place.upperBound
                guard scalar.isRefusedInYAML else { continue }
                report(scalar == "\r" ? .carriageReturn(place) : .unprintable(scalar, place))
                break
            }
        }
    }

    // MARK: - Mistakes

    mutating func report(_ mistake: YAMLMistake) {
        let span = text.span(mistake.range)
        damage.insert(span.line...span.line)
        diagnostics.append(Diagnostic(mistake.message, at: span, label: mistake.label, notes: mistake.notes))
    }

    mutating func reportTab(_ range: Range<Int>) {
        if lastTabLine == line - 1 {
            damage.insert(line + 1...line + 1)
        } else {
            report(.tabIndentation(range))
        }
        lastTabLine = line
    }

    /// Reports a mistake and moves behind what it spoils.
    ///
    /// - Parameters:
    ///   - mistake: The mistake.
    ///   - first: The line in which the entry or item began.
    ///   - column: The indentation of the collection it belongs to.
    mutating func recover(_ mistake: YAMLMistake, from first: Int, column: Int) {
        report(mistake)
        recover(from: first, column: column, toKey: mistake.isUnclosed)
    }

    /// Moves to the next line that is not indented below a column.
    ///
    /// - Parameters:
    ///   - first: The line that is spoiled; it is always left.
    ///   - column: The indentation.
    ///   - toKey: True to go on to a line that is clearly a key or an item.
    mutating func recover(from first: Int, column: Int, toKey: Bool = false) {
        let isUntouched = line < text.lines.count && at == text.lines[line].lowerBound
        begin(line: max(isUntouched ? line : line + 1, first + 1))
        while line < text.lines.count {
            skipSpaces()
            let byte = text[at]
            let isSkipped =
                byte == .lineFeed || byte == .hash || self.column > column && byte != .tab
                || byte.isCloser || byte == .colon && text[at + 1].isBlank
                || toKey && byte != .tab && !isClearlyEntry
            guard isSkipped else { break }
            begin(line: line + 1)
        }
        damage.insert(first + 1...max(first + 1, line))
        if line < text.lines.count { begin(line: line) }
    }

    mutating func enter() throws(YAMLMistake) {
        guard depth < Self.mostLevels else { throw .tooDeep(at, limit: Self.mostLevels) }
        depth += 1
    }
}

extension Unicode.Scalar {
    /// True for control characters, and for the line separators that YAML 1.1 parsers take for line ends.
    fileprivate var isRefusedInYAML: Bool {
        switch value {
        case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
            false
        default: true
        }
    }
}
