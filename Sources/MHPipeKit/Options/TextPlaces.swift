/// Where the characters of a scalar stand in the file, whatever quotes, escapes, folded lines and variables did to them.
///
/// It is no part of a value: two scalars with the same text are equal.
package struct TextPlaces: Sendable, Hashable {
    /// A part of the text, and where it is written.
    package struct Run: Sendable {
        /// The offset of its first byte in the text.
        package var offset: Int
        /// Where that stands; for what is written in another way than it reads, the whole of what is written.
        package var span: SourceSpan
        /// True when every character of it stands behind the one before, as it reads.
        package var isVerbatim: Bool

        package init(offset: Int, span: SourceSpan, isVerbatim: Bool) {
            self.offset = offset
            self.span = span
            self.isVerbatim = isVerbatim
        }
    }

    /// By offset; together they cover the text.
    private let runs: [Run]

    package init(_ runs: [Run]) {
        self.runs = runs
    }

    /// The places in a text that is looked at by itself, such as an argument, or with others above it.
    package init(of text: String, from first: Int = 1) {
        var offset = 0
        runs = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { line, content in
            defer { offset += content.utf8.count + 1 }
            return Run(offset: offset, span: SourceSpan(line: first + line, column: 1), isVerbatim: true)
        }
    }

    /// The place of a range of bytes: of the part of it that is on its first line.
    func span(of range: Range<Int>, in text: String) -> SourceSpan? {
        guard let first = place(of: range.lowerBound, in: text) else { return nil }
        guard range.count > 1 else { return first }
        var (start, end) = (first.column, first.column + first.length)
        for offset in range.dropFirst() {
            guard let next = place(of: offset, in: text), next.line == first.line else { break }
            (start, end) = (min(start, next.column), max(end, next.column + next.length))
        }
        return SourceSpan(line: first.line, column: start, length: end - start)
    }

    /// Where the character with a byte stands; the end of the text stands behind the last character.
    private func place(of offset: Int, in text: String) -> SourceSpan? {
        guard let run = runs.last(where: { $0.offset <= max(min(offset, text.utf8.count - 1), 0) }) else { return nil }
        var span = run.span
        if run.isVerbatim {
            let bytes = text.utf8.dropFirst(run.offset).prefix(max(offset - run.offset, 0) + 1)
            // The character that the byte is part of ends the prefix, whole or not.
            let count = String(decoding: bytes, as: UTF8.self).count
            span.column += offset < text.utf8.count ? max(count - 1, 0) : count
            span.length = 1
        } else if offset >= text.utf8.count {
            span = SourceSpan(line: span.line, column: span.column + span.length)
        }
        return span
    }

    /// All places are equal.
    package static func == (left: TextPlaces, right: TextPlaces) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}

extension ConfigNode {
    /// Where a part of a scalar's text stands in the file, for mistakes inside an option's text.
    ///
    /// - Parameter range: The bytes of the text in UTF-8; an empty range at its end stands for what is missing there.
    /// - Returns: The part of it that is on its first line; the whole value where nothing more is known, and nil for a
    ///   value that stands in no file.
    public func span(ofBytes range: Range<Int>) -> SourceSpan? {
        text.flatMap { places?.span(of: range, in: $0) } ?? span
    }
}
