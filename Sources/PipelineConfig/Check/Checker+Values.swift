import MHPipeKit

extension Checker {
    /// Warns of texts that a field is compared with and cannot have.
    mutating func check(_ comparison: WrittenComparison, _ reach: FieldsInReach) {
        var content = EventField.Content.anything
        if case .found(let known) = FieldLookup(comparison.field.keys, among: reach.all) {
            content = known
        } else if case .found(let usual) = FieldLookup(comparison.field.keys, among: usualFields) {
            // Whatever has added it may have had other options.
            content = usual.values.map { .usually($0) } ?? usual
        }
        if let condition = comparison.condition {
            guard let values = content.values, content.isComplete, !values.contains(where: condition) else { return }
            return report(
                Diagnostic(
                    "'\(comparison.option)' fits no value of '\(comparison.field.text)'",
                    severity: .warning,
                    at: comparison.span,
                    notes: [Self.list(values)]
                )
            )
        }
        for (text, span) in comparison.texts {
            if reach.added[comparison.field.keys[0]] == nil,
                let meant = CloudTrailFields.spelling(of: text, in: comparison.field)
            {
                report(unusual(text, span, comparison, meant: meant))
            } else {
                check(text, span, comparison, content)
            }
        }
    }

    /// A text that no record has, as far as anybody knows.
    private func unusual(
        _ text: String,
        _ span: SourceSpan?,
        _ comparison: WrittenComparison,
        meant: String?
    ) -> Diagnostic {
        Diagnostic(
            "no CloudTrail record has '\(text)' as its '\(comparison.shownField)'",
            severity: comparison.severity(of: text, meant: meant),
            at: span,
            label: meant.map { "did you mean '\($0)'?" }
        )
    }

    private mutating func check(
        _ text: String,
        _ span: SourceSpan?,
        _ comparison: WrittenComparison,
        _ content: EventField.Content
    ) {
        let field = comparison.shownField
        if let bracket = content.bracket {
            guard !comparison.isStrict, !text.hasPrefix(bracket) else { return }
            return report(
                Diagnostic(
                    "'\(field)' is \(bracket == "[" ? "a list" : "an object"), and never the text '\(text)'",
                    severity: .warning,
                    at: span,
                    notes: ["it is compared as JSON; a field path can go on to what is in it"]
                )
            )
        }
        guard let values = content.values, !values.contains(text), !comparison.isStrict || content != .boolean else {
            return
        }
        let meant = values == ["true", "false"] ? Self.flag(text) : Suggestion.nearest(to: text, among: values)
        guard content.isComplete else {
            if meant != nil { report(unusual(text, span, comparison, meant: meant)) }
            return
        }
        report(
            Diagnostic(
                "'\(field)' is never '\(text)'",
                severity: comparison.severity(of: text, meant: meant),
                at: span,
                label: meant.map { "did you mean '\($0)'?" },
                notes: [Self.list(values)]
            )
        )
    }

    private static func list(_ values: [String]) -> String {
        "it is one of: " + values.joined(separator: ", ")
    }

    /// What people write for true and false.
    private static func flag(_ text: String) -> String? {
        switch text.lowercased() {
        case "true", "yes", "y", "on", "1", "t": "true"
        case "false", "no", "n", "off", "0", "f": "false"
        default: Suggestion.nearest(to: text, among: ["true", "false"])
        }
    }
}

extension WrittenComparison {
    /// The field as it is written.
    fileprivate var shownField: String { isStrict ? field.conditionText : field.text }

    fileprivate func severity(of text: String, meant: String?) -> Diagnostic.Severity {
        isStrict && meant?.lowercased() == text.lowercased() ? .error : .warning
    }
}

extension EventField.Content {
    /// The texts that are known of a value; nil when it can be any.
    fileprivate var values: [String]? {
        switch self {
        case .boolean: ["true", "false"]
        case .oneOf(let values), .usually(let values): values
        case .anything, .value, .text, .number, .object, .list: nil
        }
    }

    /// False when other values may come.
    fileprivate var isComplete: Bool {
        if case .usually = self { false } else { true }
    }

    /// What the JSON text of an object or a list begins with.
    fileprivate var bracket: String? {
        switch self {
        case .object: "{"
        case .list: "["
        case .anything, .value, .text, .number, .boolean, .oneOf, .usually: nil
        }
    }
}
