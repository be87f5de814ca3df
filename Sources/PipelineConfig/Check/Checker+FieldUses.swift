import MHPipeKit

extension Checker {
    /// Checks a value that uses fields in ways of its own, such as a condition.
    ///
    /// What can never come true is a mistake here: a condition that is false for want of a field or of a type is no
    /// different from one that is false.
    mutating func check(
        _ value: any FieldChecking,
        of index: Int,
        _ reach: FieldsInReach,
        _ missing: inout Set<String>
    ) {
        let uses = value.fieldUses
        let mistakes = uses.compactMap { use -> Diagnostic? in
            guard case .found(let content) = FieldLookup(use.path.keys, among: reach.all) else { return nil }
            return mistake(use, content)
        }
        mistakes.forEach { report($0) }
        // A field that is wrongly taken for a list would lead to elements that are not there.
        guard !mistakes.contains(where: { $0.severity == .error }) else { return }
        for field in value.writtenFields { check(FieldUse(field), of: index, reach, &missing) }
        for use in uses {
            guard case .comparedText(let text, isOrdering: false) = use.use else { continue }
            check(WrittenComparison(use.path, with: text, at: use.constantSpan), reach)
        }
        warnOfComparedTexts(uses)
        warnOfAbsence(uses, reach)
    }

    /// What is wrong with the use of a field of which this is known.
    private func mistake(_ use: FieldUsage, _ content: EventField.Content) -> Diagnostic? {
        guard let kind = content.kindName else { return nil }
        let name = use.path.conditionText
        let (at, isFlagText) = (use.constantSpan ?? use.span, content == .oneOf(["true", "false"]))
        switch (use.use, content) {
        case (.condition, .boolean): return nil
        case (.condition, _):
            let label = isFlagText ? "write \(name) == \"true\"" : "compare it with something, or write has(\(name))"
            return Self.misuse("'\(name)' is \(kind), and no condition", at, label)
        case (.comparedText, .object), (.comparedNumber, .object), (.comparedFlag, .object):
            return Self.misuse("'\(name)' is \(kind)", use.span, "a field of it can be compared: \(name).…")
        case (.comparedText, .list), (.comparedNumber, .list), (.comparedFlag, .list):
            return Self.misuse("'\(name)' is \(kind)", use.span, "did you mean 'in', or \(name).exists(x, …)?")
        case (.comparedText(let text, _), .boolean):
            let flag = ["true", "false"].first { $0 == text.lowercased() }
            return Self.misuse("'\(name)' is \(kind), and no text", at, flag.map { "did you mean \($0)?" }, .warning)
        case (.comparedText(let text, _), .number):
            let number = text.wholeMatch(of: /-?[0-9]+([.][0-9]+)?/) == nil ? nil : "did you mean \(text)?"
            return Self.misuse("'\(name)' is \(kind), and no text", at, number, .warning)
        case (.comparedFlag(let flag), .value), (.comparedFlag(let flag), .text), (.comparedFlag(let flag), .usually),
            (.comparedFlag(let flag), .oneOf), (.comparedFlag(let flag), .number):
            let label = isFlagText ? "did you mean \"\(flag)\"?" : nil
            return Self.misuse("'\(name)' is \(kind), and never true or false", at, label)
        case (.comparedNumber, .text), (.comparedNumber, .usually), (.comparedNumber, .oneOf):
            let text = use.constant.map { "did you mean \"\($0)\"?" }
            return Self.misuse("'\(name)' is \(kind), and no number", at, text)
        case (.comparedNumber, .boolean): return Self.misuse("'\(name)' is \(kind), and no number", at)
        case (.list("in"), .object), (.list, .list): return nil
        case (.list(let user), _):
            let label = user == "in" ? "for a part of a text write \(name).contains(\"…\")" : nil
            return Self.misuse("'\(name)' is \(kind), and '\(user)' needs a list", at, label)
        case (.text(let user), .boolean), (.text(let user), .number), (.text(let user), .object),
            (.text(let user), .list):
            return Self.misuse("'\(name)' is \(kind), and '\(user)' needs a text", at)
        default: return nil
        }
    }

    private static func misuse(
        _ message: String,
        _ span: SourceSpan?,
        _ label: String? = nil,
        _ severity: Diagnostic.Severity = .error
    ) -> Diagnostic {
        Diagnostic(message, severity: severity, at: span, label: label)
    }

    /// Warns of tests that come true for events without the field, but for fields which are asked whether they are there.
    private mutating func warnOfAbsence(_ uses: [FieldUsage], _ reach: FieldsInReach) {
        var warned: [FieldPath] = uses.compactMap { if case .presence = $0.use { $0.path } else { nil } }
        for use in uses {
            guard case .negation = use.use, reach.added[use.path.keys[0]] == nil,
                CloudTrailFields.isOftenAbsent(use.path),
                !warned.contains(where: { $0.keys.starts(with: use.path.keys) })
            else { continue }
            warned.append(use.path)
            let name = use.path.conditionText
            report(
                Diagnostic(
                    "many events have no '\(name)', and they pass this test as well",
                    severity: .warning,
                    at: use.span,
                    label: "write has(\(name)) && … to keep only those that have it",
                    notes: ["a comparison with a missing field is false, so its negation is true"]
                )
            )
        }
    }
}

extension EventField.Content {
    /// What it is, for messages; nil when it can be anything.
    fileprivate var kindName: String? {
        switch self {
        case .anything: nil
        case .value: "a text or a number"
        case .text, .oneOf, .usually: "a text"
        case .number: "a number"
        case .boolean: "true or false"
        case .object: "an object"
        case .list: "a list"
        }
    }
}
