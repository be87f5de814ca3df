/// A line of a shell, taken apart as far as is needed to complete its last word.
enum ShellWords {
    /// The words behind the first one, without quotes; the last is the one that the line ends in, and may be empty.
    ///
    /// Nothing is expanded.
    static func words(_ line: String) -> [String] { parts(of: line).words }

    /// What stands for a text in the place of the last word, or of what bash takes for it.
    ///
    /// Bash goes on behind an opened quote, and otherwise behind the last `=` or `:`; it puts in what it gets as it is.
    ///
    /// - Parameters:
    ///   - value: The text, which begins with `typed`.
    ///   - typed: How much of it stands there.
    ///   - line: The line.
    /// - Returns: What is to be put in; nil for what cannot stand in the quotes that were opened.
    static func replacement(_ value: String, typed: String, in line: String) -> String? {
        guard let quote = parts(of: line).quote else {
            let behind = typed.lastIndex { $0 == "=" || $0 == ":" }.map { typed[...$0] } ?? ""
            return value.dropFirst(behind.count).map { $0.isASCII && !isPlain($0) ? "\\\($0)" : String($0) }.joined()
        }
        return value.contains(quote) ? nil : value
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "_-./:=@%+,".contains(character)
    }

    private static func parts(of line: String) -> (words: [String], quote: Character?) {
        var words: [String] = []
        var word = ""
        var isInWord = false
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                // In double quotes a backslash stays before what it does not change.
                if quote == "\"", !"\"\\$`".contains(character) { word.append("\\") }
                word.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
                isInWord = true
            } else if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                isInWord = true
            } else if character == " " || character == "\t" {
                if isInWord { words.append(word) }
                (word, isInWord) = ("", false)
            } else {
                word.append(character)
                isInWord = true
            }
        }
        return (Array((words + [word]).dropFirst()), quote)
    }
}
