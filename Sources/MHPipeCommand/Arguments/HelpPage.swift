/// The text of `mhpipe COMMAND --help`, made of the command's declarations.
struct HelpPage {
    /// Where no terminal says how wide it is, and the most where one does.
    static let widest = 100

    let text: String

    init<C: Command>(_ command: C.Type, width: Int = widest) {
        let defaults = C()
        let positionals = C.parameters.filter { $0.description.count != nil }
        let options = C.parameters.filter { $0.description.count == nil }
        var sections = [C.summary, Self.usage(of: command)]
        if !positionals.isEmpty {
            sections.append(
                "Arguments:\n"
                    + Self.table(positionals.map { ($0.description.shown, $0.description.help) }, width: width)
            )
        }
        let rows = options.map { option -> (String, String) in
            let defaultText = option.defaultText(defaults)
            return (
                option.description.shown,
                option.description.help + (defaultText.isEmpty ? "" : " Default: \(defaultText).")
            )
        }
        let help = ParameterDescription.help
        sections.append("Options:\n" + Self.table(rows + [(help.shown, help.help)], width: width))
        if !C.notes.isEmpty { sections.append(C.notes) }
        text = TextWrapping.fitted(sections.joined(separator: "\n\n"), width: width) + "\n"
    }

    /// The line that shows how a command is written.
    static func usage<C: Command>(of command: C.Type) -> String {
        let positionals = C.parameters.map(\.description).filter { $0.count != nil }.map(\.shown)
        return (["Usage: mhpipe", C.name, "[options]"] + positionals).joined(separator: " ")
    }

    /// Two columns, the second one wrapped; where it would be too narrow, it stands below the first.
    ///
    /// - Parameters:
    ///   - rows: What stands in the columns.
    ///   - width: The characters of a line.
    ///   - column: Where the second column begins; behind the longest name when left out.
    /// - Returns: Lines, the last without its end.
    static func table(_ rows: [(String, String)], width: Int = widest, column: Int? = nil) -> String {
        let column = column ?? Self.column(of: rows.map(\.0))
        let isNarrow = width - column < 24
        return rows.map { name, help in
            let indent = isNarrow ? 6 : column
            let lines = TextWrapping.lines(help, width: width - indent)
            let padding = String(repeating: " ", count: indent)
            if isNarrow { return "  " + name + "\n" + lines.map { padding + $0 }.joined(separator: "\n") }
            return "  " + name + String(repeating: " ", count: column - 2 - name.count)
                + lines.joined(separator: "\n" + padding)
        }
        .joined(separator: "\n")
    }

    /// Where the column behind some names begins.
    static func column(of names: [String]) -> Int { (names.map(\.count).max() ?? 0) + 4 }
}
