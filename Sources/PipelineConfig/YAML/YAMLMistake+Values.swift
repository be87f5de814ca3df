// MARK: - Keys

extension YAMLMistake {
    static func missingColon(_ range: Range<Int>, _ text: String) -> Self {
        var mistake = Self("expected a key and a ':' here", at: range, label: "is a ':' missing?")
        if text.first == "-" {
            mistake.label = "put a space after the '-'"
        } else if text.contains(":"), !text.contains("://") {
            mistake.label = "put a space after the ':'"
        } else if let equals = text.firstIndex(of: "=") {
            let key = text[..<equals].reversed().drop { $0 == " " }.reversed()
            let value = text[equals...].dropFirst().drop { $0 == " " }
            mistake.label = "write '\(String(key)): \(value)'"
        }
        return mistake
    }

    static func emptyKey(_ offset: Int) -> Self {
        Self("this ':' has no key before it", at: offset)
    }

    static func longKey(_ range: Range<Int>, limit: Int) -> Self {
        Self("this key is longer than \(limit) characters", at: range)
    }

    static func duplicateKey(_ range: Range<Int>, _ key: String, firstLine: Int) -> Self {
        Self("the key '\(key)' is here twice", at: range, label: "line \(firstLine) has it already")
    }

    static func variableInKey(_ range: Range<Int>) -> Self {
        Self("variables work in values, and this is a key", at: range)
    }

    static func secondColon(_ offset: Int) -> Self {
        Self(
            "a second ':' in one line",
            at: offset,
            label: "put the text in quotes, or the key on a line of its own"
        )
    }

    static func keyInContinuation(_ range: Range<Int>) -> Self {
        Self(
            "this line goes on with the text of the line above, so it cannot hold a key",
            at: range,
            notes: ["keys that belong together are indented alike; a text with ': ' in it needs quotes"]
        )
    }
}

// MARK: - Lists

extension YAMLMistake {
    static func itemAmongKeys(_ offset: Int) -> Self {
        Self(
            "a list item stands among keys here",
            at: offset,
            notes: ["a list stands below its key, which has no other value"]
        )
    }

    static func keyAmongItems(_ range: Range<Int>, hasDash: Bool) -> Self {
        Self(
            "this line stands among list items and has no '- '",
            at: range,
            label: hasDash ? "put a space after the '-'" : "write '- ' before it?"
        )
    }

    static func itemOnKeyLine(_ offset: Int) -> Self {
        Self("a list item cannot stand on the line of its key", at: offset, label: "put it on the next line")
    }

    static func loneDash(_ offset: Int) -> Self {
        Self("a '-' alone is a list item", at: offset, label: "write '-' in quotes to mean the text")
    }

    static func itemInContinuation(_ offset: Int) -> Self {
        Self(
            "this looks like a list item, but goes on with the text of the line above",
            at: offset,
            notes: ["a list stands below its key, which has no other value; a text needs quotes here"]
        )
    }
}

// MARK: - Scalars

extension YAMLMistake {
    static func beginning(_ offset: Int, _ character: Character) -> Self {
        switch character {
        case "]", "}": Self("there is no open bracket for this '\(character)'", at: offset)
        case "#": hashWithoutSpace(offset)
        case "|", ">": Self("a '\(character)' text cannot stand here", at: offset, label: "use \"double quotes\"")
        default: Self("a text cannot begin with '\(character)'", at: offset, label: "put it in quotes")
        }
    }

    static func hashWithoutSpace(_ offset: Int) -> Self {
        Self("a comment needs a space before its '#'", at: offset)
    }

    static func leftover(_ range: Range<Int>) -> Self {
        Self(
            "expected the end of the line here",
            at: range,
            label: "the value ended before this",
            notes: [quotedCondition]
        )
    }

    /// What helps where quotes or brackets of a condition were taken for those of YAML.
    private static let quotedCondition =
        #"a condition stands in single quotes as a whole, and texts in it in double ones: 'eventName == "PutObject"'"#

    static func unclosedQuote(_ range: Range<Int>, _ quote: Character) -> Self {
        var mistake = Self(
            "this \(quote) is never closed",
            at: range,
            notes: ["a text over several lines is indented more than its key"]
        )
        (mistake.isUnclosed, mistake.endsFlow) = (true, true)
        return mistake
    }

    static func escape(_ range: Range<Int>, _ text: String) -> Self {
        Self(
            "there is no escape '\(text)'",
            at: range,
            notes: ["write \\\\ for a backslash, or use 'single quotes', where it means itself"]
        )
    }

    static func escapeDigits(_ range: Range<Int>, _ count: Int) -> Self {
        Self(
            "this escape needs \(count) hexadecimal digits",
            at: range,
            notes: ["write \\\\ for a backslash, or use 'single quotes', where it means itself"]
        )
    }

    static func escapedCodePoint(_ range: Range<Int>, isSurrogate: Bool) -> Self {
        Self(
            "this escape is no Unicode character",
            at: range,
            notes: isSurrogate ? ["write it as one, with \\U and 8 digits, and not as two halves"] : []
        )
    }
}

// MARK: - Block texts

extension YAMLMistake {
    static func blockHeader(_ range: Range<Int>) -> Self {
        Self(
            "expected the end of the line here",
            at: range,
            notes: ["after '|' or '>' come '-' or '+', a number of spaces from 1 to 9, or nothing; the text is below"]
        )
    }

    static func indentedRoot(_ range: Range<Int>) -> Self {
        Self("a text that is the whole document takes no number of spaces", at: range)
    }

    static func textAtMargin(_ range: Range<Int>) -> Self {
        Self("this line is not indented, so it is not part of the text above", at: range, label: "indent it")
    }

    static func deepBlankLine(_ range: Range<Int>) -> Self {
        Self(
            "this blank line has more spaces than the first line of the text",
            at: range,
            label: "remove the spaces"
        )
    }

    static func unendedBlankLine(_ range: Range<Int>) -> Self {
        Self(
            "the text ends with a line of spaces that has no line end",
            at: range,
            label: "remove the spaces, or end the line",
            notes: ["YAML parsers disagree about whether such a line is part of the text"]
        )
    }
}

// MARK: - Brackets

extension YAMLMistake {
    static func unclosedBracket(_ offset: Int, _ bracket: Character) -> Self {
        var mistake = Self(
            "this '\(bracket)' is never closed",
            at: offset,
            notes: ["all between the brackets is indented more than the key before them"]
        )
        (mistake.isUnclosed, mistake.endsFlow) = (true, true)
        return mistake
    }

    static func comma(_ offset: Int) -> Self {
        Self("there is no value before this ','", at: offset)
    }

    static func inFlow(_ range: Range<Int>, _ character: Character, closer: Character) -> Self {
        switch character {
        case "]", "}":
            var mistake = Self("expected '\(closer)' here, not '\(character)'", at: range)
            mistake.endsFlow = true
            return mistake
        case ":" where closer == "}":
            return Self("a second ':' after one key", at: range, label: "is a ',' missing before this key?")
        case ":":
            return Self("a key cannot stand here", at: range, label: "write { } around the key and its value")
        case "?":
            return Self("a text with '?' in it needs quotes between brackets", at: range)
        default:
            return Self("expected ',' or '\(closer)' here", at: range, notes: [quotedCondition])
        }
    }

    static func missingFlowColon(_ range: Range<Int>) -> Self {
        Self("expected a ': ' after this key", at: range, label: "write 'key: value'")
    }

    static func bareVariableInFlow(_ range: Range<Int>) -> Self {
        Self("this '${' has no '}'", at: range, label: "write ${NAME}")
    }
}
