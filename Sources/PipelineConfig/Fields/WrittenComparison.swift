import MHPipeKit

/// What an option compares a field with, and where it was written.
struct WrittenComparison {
    let field: FieldPath
    let option: String
    /// The texts, each with its place.
    let texts: [(text: String, span: SourceSpan?)]
    /// A condition instead of texts.
    let condition: ((String) -> Bool)?
    /// Where the condition stands.
    let span: SourceSpan?
    /// True when a text that differs in case alone keeps a pipeline from running.
    var isStrict = false

    /// The comparisons that a transform says it makes.
    static func all<T: DescribedTransform>(
        of type: T.Type,
        _ options: T.Options,
        _ entries: [ConfigEntry]
    ) -> [WrittenComparison] {
        type.comparisons(options).compactMap { comparison in
            guard let entry = entries.first(where: { $0.key == comparison.option }) else { return nil }
            return WrittenComparison(comparison, entry)
        }
    }

    /// A comparison with a text whose place is known.
    init(_ field: FieldPath, with text: String, at span: SourceSpan?) {
        self.field = field
        option = ""
        texts = [(text, span)]
        condition = nil
        self.span = span
        isStrict = true
    }

    private init(_ comparison: FieldComparison, _ entry: ConfigEntry) {
        field = comparison.field
        option = comparison.option
        let span = entry.value.span ?? entry.keySpan
        self.span = span
        switch comparison.test {
        case .texts(let texts):
            condition = nil
            self.texts = texts.map { text in (text, entry.value.scalars.first { $0.text == text }?.span ?? span) }
        case .condition(let condition):
            self.condition = condition
            texts = []
        }
    }
}
