import MHPipeKit

/// A mistake in the text, with the words for it.
struct YAMLMistake: Error {
    /// The bytes that are wrong.
    var range: Range<Int>
    var message: String
    /// What stands beside the caret.
    var label: String?
    /// What to do next.
    var notes: [String] = []
    /// True when something was opened and not closed, so that where it was meant to end is not known.
    var isUnclosed = false
    /// True when the whole of a bracketed list or mapping is lost with it.
    var endsFlow = false

    init(_ message: String, at range: Range<Int>, label: String? = nil, notes: [String] = []) {
        self.range = range
        self.message = message
        self.label = label
        self.notes = notes
    }

    init(_ message: String, at offset: Int, label: String? = nil, notes: [String] = []) {
        self.init(message, at: offset..<offset + 1, label: label, notes: notes)
    }
}

// MARK: - Lines and indentation

extension YAMLMistake {
    static func tabIndentation(_ range: Range<Int>) -> Self {
        Self("this line is indented with a tab", at: range, label: "indent with spaces")
    }

    static func tab(_ offset: Int) -> Self {
        Self("a tab stands between words here", at: offset, label: "write a space, or put the text in quotes")
    }

    static func indentation(_ range: Range<Int>, column: Int, expected: [Int]) -> Self {
        let nearest = expected.min { abs($0 - column) < abs($1 - column) } ?? 0
        let distance = abs(nearest - column)
        let way = nearest < column ? "left" : "right"
        return Self(
            "this line is indented by \(spaces(column)), and nothing above it is",
            at: range,
            label: "move it \(spaces(distance)) to the \(way)?",
            notes: [
                "the lines it could belong to are indented by \(expected.map(String.init).joined(separator: " or "))"
            ]
        )
    }

    private static func spaces(_ count: Int) -> String { count == 1 ? "1 space" : "\(count) spaces" }

    static func afterEnd(_ range: Range<Int>) -> Self {
        Self("expected the end of the file here", at: range, label: "the value ended before this")
    }

    static func unprintable(_ scalar: Unicode.Scalar, _ range: Range<Int>) -> Self {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let digits = String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        return Self(
            "the character U+\(digits) cannot stand in a pipeline file",
            at: range,
            notes: ["in \"double quotes\" it is written \\u\(digits)"]
        )
    }

    static func carriageReturn(_ range: Range<Int>) -> Self {
        Self(
            "a carriage return stands alone here",
            at: range,
            notes: ["lines end with a line feed, or with a carriage return and a line feed"]
        )
    }

    static func tooDeep(_ offset: Int, limit: Int) -> Self {
        var mistake = Self("this is nested more than \(limit) levels deep", at: offset)
        mistake.endsFlow = true
        return mistake
    }
}

// MARK: - What YAML has and a pipeline file has not

extension YAMLMistake {
    static func directive(_ range: Range<Int>) -> Self {
        Self("directives such as this are not supported", at: range, label: "remove this line")
    }

    static func secondDocument(_ range: Range<Int>) -> Self {
        Self(
            "a second document begins here, and a pipeline file holds one",
            at: range,
            notes: ["what follows was not checked"]
        )
    }

    static func documentEnd(_ range: Range<Int>) -> Self {
        Self(
            "the end mark '...' is not supported",
            at: range,
            label: "remove this line",
            notes: ["what follows was not checked"]
        )
    }

    static func textAfterDocumentStart(_ range: Range<Int>) -> Self {
        Self(
            "'---' stands alone in its line",
            at: range,
            label: "put this on the next line",
            notes: ["what follows was not checked"]
        )
    }

    static func anchor(_ range: Range<Int>) -> Self {
        Self(
            "anchors such as '&name' are not supported",
            at: range,
            notes: ["write the value again where it is needed; a text that begins with & needs quotes"]
        )
    }

    static func alias(_ range: Range<Int>, _ text: String) -> Self {
        Self(
            "aliases such as '*name' are not supported",
            at: range,
            notes: ["a text that begins with * needs quotes: \"\(text)\""]
        )
    }

    static func tag(_ range: Range<Int>) -> Self {
        Self(
            "tags such as '!name' are not supported",
            at: range,
            notes: ["the option decides how a text is read; a text that begins with ! needs quotes"]
        )
    }

    static func mergeKey(_ range: Range<Int>) -> Self {
        Self("merge keys ('<<') are not supported", at: range, notes: ["write the keys out"])
    }

    static func complexKey(_ range: Range<Int>) -> Self {
        Self("a key is a single word or a quoted text in one line", at: range)
    }
}
