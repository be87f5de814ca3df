/// Text cut into lines at its spaces.
enum TextWrapping {
    /// Cuts a text into lines; a word that is longer than a line has one of its own.
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Wraps the paragraphs of a text that are too wide, and breaks too wide lines of commands as shells allow it.
    ///
    /// - Parameters:
    ///   - text: Paragraphs, tables and commands; the lines of the last two are indented.
    ///   - width: The characters of a line.
    /// - Returns: The text in lines that fit, but for words that are longer than a line.
    static func fitted(_ text: String, width: Int) -> String {
        var lines: [String] = []
        var paragraph: [Substring] = []
        func endParagraph() {
            let isWide = paragraph.contains { $0.count > width }
            lines += isWide ? Self.lines(paragraph.joined(separator: " "), width: width) : paragraph.map(String.init)
            paragraph = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.first.map({ $0 != " " }) == true {
                paragraph.append(line)
                // A heading, or a line like it, is no part of what follows.
                if line.last == ":" { endParagraph() }
                continue
            }
            endParagraph()
            lines += line.count > width ? command(line, width: width) : [String(line)]
        }
        endParagraph()
        return lines.joined(separator: "\n")
    }

    private static func command(_ line: Substring, width: Int) -> [String] {
        let indent = String(line.prefix { $0 == " " })
        let parts = lines(String(line), width: width - indent.count - 4)
        return parts.enumerated().map { number, part in
            indent + (number == 0 ? "" : "  ") + part + (number == parts.count - 1 ? "" : " \\")
        }
    }
}
