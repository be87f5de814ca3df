import MHPipeKit

/// The Markdown pages of the plugins, made of what the plugins declare.
struct ReferencePages {
    /// A page and the name of its file.
    struct File: Equatable {
        let name: String
        let text: String
    }

    /// `README.md`, which lists the plugins, then a page a plugin.
    let files: [File]

    init(_ plugins: [PluginDescription]) {
        files = [Self.index(plugins)] + plugins.map(Self.page)
    }

    private static let origin = """
        Made by `mhpipe plugins --reference docs/reference` from what the plugins declare; change it there.

        """

    private static let questions =
        "\n[Questions and answers](../questions.md) says which line or pipeline answers what.\n"

    private static func index(_ plugins: [PluginDescription]) -> File {
        let sections = PluginDescription.Kind.allCases.compactMap { kind -> String? in
            let own = plugins.filter { $0.kind == kind }
            guard !own.isEmpty else { return nil }
            let rows = own.map { "| [`\($0.name)`](\(fileName($0))) | \(cell(prose($0.summary))) |\n" }
            return "\n## \(kind.plural.capitalizedFirst)\n\n| plugin | what it does |\n| --- | --- |\n" + rows.joined()
        }
        return File(name: "README.md", text: "# Plugins\n\n" + origin + questions + sections.joined())
    }

    private static func page(_ plugin: PluginDescription) -> File {
        let options =
            plugin.options.isEmpty
            ? "It takes no options.\n"
            : "| option | what to write | default | what it does |\n| --- | --- | --- | --- |\n"
                + plugin.options.map(row).joined() + plugin.options.filter(hasLongDefault).map(longDefault).joined()
        let text = """
            # `\(plugin.name)` (\(plugin.kind.rawValue))

            \(prose(plugin.summary))

            ## Options

            \(options)
            ## In a pipeline

            ```yaml
            \(PipelineSnippet(plugin).text)```

            \(origin)
            """
        return File(name: fileName(plugin), text: text)
    }

    private static func row(_ option: PluginDescription.OptionDescription) -> String {
        var value = option.defaultText.isEmpty ? "" : "`\(option.defaultText)`"
        if option.isRequired { value = "required" }
        if hasLongDefault(option) { value = "see below" }
        let example = option.example.map { " Example: `\($0)`" } ?? ""
        return
            "| `\(option.key)` | \(cell(prose(option.typeName))) | \(cell(value)) | \(cell(prose(option.help) + example)) |\n"
    }

    private static func hasLongDefault(_ option: PluginDescription.OptionDescription) -> Bool {
        option.defaultText.count > 60
    }

    private static func longDefault(_ option: PluginDescription.OptionDescription) -> String {
        let lines = TextWrapping.lines(option.defaultText, width: 100).joined(separator: "\n")
        return "\nThe default of `\(option.key)`:\n\n```yaml\n\(lines)\n```\n"
    }

    private static func fileName(_ plugin: PluginDescription) -> String {
        "\(plugin.kind.rawValue)-\(plugin.name).md"
    }

    /// Text in which Markdown sees no marks.
    private static func prose(_ text: String) -> String {
        text.map { "*<".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    /// Text that cannot end its cell.
    private static func cell(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }
}
