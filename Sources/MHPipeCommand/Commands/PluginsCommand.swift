import MHPipeKit

/// `mhpipe plugins [NAME]`.
struct PluginsCommand: Command {
    static let name = "plugins"
    static let summary = "Lists the plugins, or shows what one of them takes."
    static let notes = """
        Examples:
          mhpipe plugins
          mhpipe plugins sqlite
        """

    static let parameters: [Parameter<PluginsCommand>] = [
        .optionalPositional(
            "NAME",
            \.plugin,
            "The plugin to show; left out, all are listed.",
            completion: .plugins
        ),
        .libraries(\.libraries),
        .option(
            "reference",
            "DIR",
            \.referenceFolder,
            "Writes a Markdown page for each plugin, and a list of them, into this folder."
        ),
    ]

    var plugin: String?
    var libraries: [InputPath] = []
    var referenceFolder: OutputPath?

    func run(in context: CommandContext) throws -> ExitCode {
        let plugins = try context.loading(libraries).plugins.descriptions
        if let referenceFolder {
            if let plugin { throw UsageError.unwantedPositional(plugin, of: "plugins --reference") }
            return try writeReference(plugins, to: referenceFolder.path, context.console)
        }
        guard let plugin else {
            try context.console.write(list(plugins, width: context.console.listWidth))
            return .success
        }
        let matches = plugins.filter { $0.name == plugin }
        guard !matches.isEmpty else {
            let label = Suggestion.label(for: plugin, among: plugins.map(\.name)).map { "; \($0)" } ?? ""
            throw UsageError.refused(
                "there is no plugin '\(plugin)'\(label)",
                advice: ["'mhpipe plugins' lists them all"]
            )
        }
        try context.console.write(
            matches.map { PluginPage($0, width: context.console.helpWidth).text }.joined(separator: "\n")
        )
        return .success
    }

    private func list(_ plugins: [PluginDescription], width: Int) -> String {
        // Three tables with one column, so that all stands below each other.
        let column = HelpPage.column(of: plugins.map(\.name))
        let sections = PluginDescription.Kind.allCases.compactMap { kind -> String? in
            let rows = plugins.filter { $0.kind == kind }.map { ($0.name, $0.summary) }
            if rows.isEmpty { return nil }
            return "\(kind.plural.capitalizedFirst):\n" + HelpPage.table(rows, width: width, column: column) + "\n"
        }
        return sections.joined(separator: "\n")
    }

    private func writeReference(
        _ plugins: [PluginDescription],
        to folder: String,
        _ console: Console
    ) throws -> ExitCode {
        let pages = ReferencePages(plugins).files
        try TextFile.makeFolder(folder)
        for page in pages { try TextFile.write(page.text, to: folder + "/" + page.name) }
        console.say("\(folder): \(Readable.count(pages.count, "page"))")
        return .success
    }
}

extension PluginDescription.Kind {
    /// The key of pipeline files under which stages of this kind stand.
    var plural: String { rawValue + "s" }
}

extension String {
    /// The text with a capital at its start.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
