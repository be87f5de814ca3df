import MHPipeKit

/// What is said of texts that stand for times, versions and networks: comparisons take them for what they are, texts.
extension Checker {
    mutating func warnOfComparedTexts(_ uses: [FieldUsage]) {
        for use in uses {
            guard let (message, label) = Self.doubt(use) else { continue }
            report(Diagnostic(message, severity: .warning, at: use.constantSpan ?? use.span, label: label))
        }
    }

    private static func doubt(_ use: FieldUsage) -> (message: String, label: String)? {
        let name = use.path.conditionText
        switch (use.use, use.path.keys.last ?? "") {
        case (.comparedText(let text, let isOrdering), "eventTime") where !text.isEmpty:
            if beginsAsTime(text) {
                guard !isOrdering, text.utf8.count < timeForm.utf8.count else { return nil }
                return ("'\(name)' is a whole time, and never '\(text)'", "write \(name).startsWith(\"\(text)\")")
            }
            let label =
                Timestamp(rfc3339: text) == nil
                ? "a time is written as in \"2026-05-01T00:00:00Z\"" : "write timestamp(\"\(text)\")"
            return ("compares '\(name)' with a text that is no time as CloudTrail writes it", label)
        case (.comparedEnd(let text), "eventTime") where beginsAsTime(text) && text.utf8.count < timeForm.utf8.count:
            let time = text.utf8.count == 10 ? text + "T23:59:59Z" : "2026-05-31T23:59:59Z"
            return (
                "as a text, '\(text)' stands before every time that begins with it",
                "write a whole time, as in \"\(time)\""
            )
        case (.comparedText(_, isOrdering: true), "toolVersion"):
            return (
                "compares versions as texts, by which \"1.10\" stands before \"1.9\"",
                "write a pattern, as in \(name).matches(\"^1[.][0-5][.]\")"
            )
        case (.comparedText(let text, isOrdering: false), "sourceIPAddress"),
            (.comparedText(let text, isOrdering: false), "ip"):
            guard text.contains(/^[0-9a-fA-F.:]+\/[0-9]+$/) else { return nil }
            return ("'\(name)' is an address, and no network", "write cidr(\"\(text)\").containsIP(\(name))")
        case (.searchedText(let text), "eventTime") where text.contains(/^[0-9]{4}-/) && !beginsAsTime(text):
            return ("'\(name)' never has '\(text)'", "a time is written as in \"2026-05-01T00:00:00Z\"")
        case (.comparedText("", isOrdering: false), _) where !use.path.isOpen:
            return ("a field that is missing is no empty text", "write has(\(name)) or !has(\(name))")
        case (.comparedText(let text, isOrdering: false), _) where text.contains("*") && !use.path.isOpen:
            return text == "*" ? nil : ("a '*' in a text stands for itself", pattern(text, of: name))
        default: return nil
        }
    }

    /// What is to be written for a text in which `*` stands for anything.
    private static func pattern(_ text: String, of name: String) -> String {
        let parts = text.split(separator: "*", omittingEmptySubsequences: false)
        switch (parts.count, parts.first, parts.last) {
        case (2, let start?, ""): return "write \(name).startsWith(\"\(start)\")"
        case (2, "", let end?): return "write \(name).endsWith(\"\(end)\")"
        case (3, "", ""): return "write \(name).contains(\"\(parts[1])\")"
        default: return "write \(name).matches(…), where .* stands for anything"
        }
    }

    private static let timeForm = "0000-00-00T00:00:00Z"

    /// True for what times of CloudTrail's may begin with.
    private static func beginsAsTime(_ text: String) -> Bool {
        text.utf8.count <= timeForm.utf8.count
            && zip(text.utf8, timeForm.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? $0 &- 0x30 < 10 : $0 == $1 }
    }
}
