/// The text of `mhpipe COMMAND --help`, made of the command's declarations.
struct HelpPage {
    private static let width = 100

    let text: String

    init<C: Command>(_ command: C.Type) {
        let defaults = C()
        let positionals = C.parameters.filter { $0.description.count != nil }
        let options = C.parameters.filter { $0.description.count == nil }
        var sections = [C.summary, Self.usage(of: command)]
        if !positionals.isEmpty {
            sections.append(
                "Arguments:\n" + Self.table(positionals.map { ($0.description.shown, $0.description.help) })
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
        sections.append("Options:\n" + Self.table(rows + [(help.shown, help.help)]))
        if !C.notes.isEmpty { sections.append(C.notes) }
        text = sections.joined(separator: "\n\n") + "\n"
    }

    /// The line that shows how a command is written.
    static func usage<C: Command>(of command: C.Type) -> String {
        let positionals = C.parameters.map(\.description).filter { $0.count != nil }.map(\.shown)
        return (["Usage: mhpipe", C.name, "[options]"] + positionals).joined(separator: " ")
    }

    /// Two columns; the second one is wrapped unless a line a row is wanted.
    static func table(_ rows: [(String, String)], wrapsHelp: Bool = true) -> String {
        let column = (rows.map(\.0.count).max() ?? 0) + 4
        return rows.map { name, help in
            let lines = wrapsHelp ? TextWrapping.lines(help, width: width - column) : [help]
            let padding = String(repeating: " ", count: column)
            return "  " + name + String(repeating: " ", count: column - 2 - name.count)
                + lines.joined(separator: "\n" + padding)
        }
        .joined(separator: "\n")
    }
}
