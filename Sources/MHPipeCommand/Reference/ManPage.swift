import MHPipeKit

/// A page of the manual in the macros of man(7), put together piece by piece.
struct ManPage {
    /// `mhpipe-run`.
    let name: String
    let section: Int

    private(set) var text: String

    /// The file that `man` looks for, below a folder of manuals.
    var file: String { "man\(section)/\(name).\(section)" }

    init(name: String, section: Int, summary: String) {
        self.name = name
        self.section = section
        let title = Self.escaped(name.uppercased())
        text = """
            .\\" Made by `mhpipe man` from what the commands and plugins declare.
            .TH \(title) \(section) "" "mhpipe \(Version.current)" "mhpipe"
            .SH NAME
            \(Self.escaped(name)) \\- \(Self.escaped(Self.phrase(summary)))

            """
    }

    mutating func heading(_ heading: String) { text += ".SH \(Self.escaped(heading.uppercased()))\n" }

    mutating func subheading(_ heading: String) { text += ".SS \(Self.escaped(heading))\n" }

    /// Lines of fill text, and before them a space where something stands above.
    mutating func paragraph(_ words: String) {
        begin()
        lines(words)
    }

    /// A space above what is no heading's first paragraph.
    private mutating func begin() {
        if text.split(separator: "\n").last?.hasPrefix(".S") != true { text += ".PP\n" }
    }

    /// A term with what is to say of it below.
    ///
    /// - Parameters:
    ///   - term: Words; those in capitals stand for a value.
    ///   - paragraphs: What is to say.
    mutating func entry(_ term: String, _ paragraphs: [String]) {
        text += ".TP\n" + Self.term(term) + "\n"
        for (number, paragraph) in paragraphs.enumerated() {
            if number > 0 { text += ".br\n" }
            lines(paragraph)
        }
    }

    /// Lines that stay as they are.
    mutating func example(_ lines: some Sequence<Substring>) {
        begin()
        text += ".RS 4\n.nf\n" + lines.map { Self.line(Self.escaped(String($0))) + "\n" }.joined() + ".fi\n.RE\n"
    }

    /// What stands at the end of a command's help: paragraphs, and indented lines that stay as they are.
    mutating func notes(_ notes: String) {
        var block: [Substring] = []
        var isExample = false
        func flush(_ page: inout ManPage) {
            if block.isEmpty { return }
            if isExample {
                page.example(block.map { $0.drop { $0 == " " } })
            } else {
                page.paragraph(block.joined(separator: " "))
            }
            block = []
        }
        for line in notes.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix(" ")
            if line.isEmpty || isIndented != isExample { flush(&self) }
            isExample = isIndented
            if line == "Example:" || line == "Examples:" {
                heading("examples")
            } else if !line.isEmpty {
                block.append(line)
            }
        }
        flush(&self)
    }

    private mutating func lines(_ words: String) {
        for line in TextWrapping.lines(words, width: 76) { text += Self.line(Self.escaped(line)) + "\n" }
    }

    /// `-q, --quiet` in bold, the word that stands for a value in italics.
    private static func term(_ term: String) -> String {
        term.split(separator: " ").map { word in
            let font = word.hasPrefix("-") || word.contains(where: \.isLowercase) ? "B" : "I"
            return "\\f\(font)\(escaped(String(word)))\\fP"
        }
        .joined(separator: " ")
    }

    /// A summary as it stands behind a name.
    private static func phrase(_ summary: String) -> String {
        let words = summary.hasSuffix(".") ? summary.dropLast() : summary[...]
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// Characters that roff takes for its own.
    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "`": "\\(ga"
            case "'": "\\(aq"
            case "^": "\\(ha"
            case "~": "\\(ti"
            default: String(character)
            }
        }
        .joined()
    }

    /// A line that does not begin a request.
    private static func line(_ text: String) -> String { text.hasPrefix(".") ? "\\&" + text : text }
}
