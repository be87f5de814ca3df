import MHPipeKit

/// A field path in an option of a stage, and where it was written.
struct FieldUse {
    let path: FieldPath
    /// The key of the option.
    let option: String
    /// Where the path stands.
    let span: SourceSpan?
    /// Where each of its keys stands; empty when the file does not hold the path letter by letter.
    private let keySpans: [SourceSpan]

    /// Finds a path in what was written for an option.
    init(_ path: FieldPath, in entry: ConfigEntry) {
        self.path = path
        option = entry.key
        let node = entry.value.scalars.first { $0.text.flatMap { try? FieldPath(parsing: $0) } == path }
        span = node?.span ?? entry.value.span ?? entry.keySpan
        keySpans = node.map(Self.keySpans) ?? []
    }

    /// Where one key stands, or else the whole path.
    func span(ofKey depth: Int) -> SourceSpan? {
        keySpans.indices.contains(depth) ? keySpans[depth] : span
    }

    private static func keySpans(_ node: ConfigNode) -> [SourceSpan] {
        guard let text = node.text, let span = node.span, let parts = try? FieldPath.parts(of: text),
            let offsets = offsets(of: text, writtenIn: span.length)
        else { return [] }
        return parts.map { part in
            let start = offsets[part.characters.lowerBound]
            let end = offsets[part.characters.upperBound - 1] + 1
            return SourceSpan(line: span.line, column: span.column + start, length: end - start)
        }
    }

    /// Where each character of a text stands in what was written.
    ///
    /// It is written as it is, or in quotes with some characters doubled or escaped; nil for anything else, such as a text
    /// with a variable.
    private static func offsets(of text: String, writtenIn length: Int) -> [Int]? {
        for (quotes, special) in [(0, ""), (1, "'"), (1, "\"\\")] {
            var offsets: [Int] = []
            var next = quotes
            for character in text {
                if special.contains(character) { next += 1 }
                offsets.append(next)
                next += 1
            }
            if next + quotes == length { return offsets }
        }
        return nil
    }
}
