extension String {
    /// The text as an element of a list in brackets: as it is, or in single quotes where YAML would read it otherwise.
    package var listElement: String {
        let isPlain =
            unicodeScalars.allSatisfy { !Self.structure.contains($0) && !$0.properties.isWhitespace }
            && first.map { !Self.indicators.contains($0) } ?? false && last != ":"
        return isPlain ? self : "'" + replacing("'", with: "''") + "'"
    }

    /// What ends an element of a list in brackets; white space has quotes too, since ': ' and ' #' mean something.
    private static let structure: Set<Unicode.Scalar> = [",", "[", "]", "{", "}"]
    /// What no plain scalar begins with (YAML 1.2.2 section 7.3.3).
    private static let indicators: Set<Character> = [
        "-", "?", ":", ",", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`",
    ]
}

extension OptionValue {
    /// The value as a user would write it between brackets: a list or mapping as it is, a text in quotes where it needs them.
    var elementText: String {
        self is any BracketedValue ? optionText : optionText.listElement
    }
}

/// A value that is written with brackets round it.
protocol BracketedValue {}

extension Array: BracketedValue where Element: OptionValue {}
extension Dictionary: BracketedValue where Key == String, Value: OptionValue {}
