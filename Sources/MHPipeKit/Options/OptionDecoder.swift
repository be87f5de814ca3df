/// Turns what was written under a stage into its plugin's options, and says everything that is wrong with it.
package enum OptionDecoder {
    /// Decodes the options of one stage.
    ///
    /// - Parameters:
    ///   - type: The options type.
    ///   - entries: What was written, without the keys that belong to every stage (`type`, `inputs`).
    ///   - stage: For messages: the plugin's kind and name, and where the stage's `type` stands.
    ///   - diagnostics: Gets every mistake.
    /// - Returns: The options, or nil after a mistake.
    package static func decode<Root: PluginOptions>(
        _ type: Root.Type,
        _ entries: [ConfigEntry],
        stage: StageLabel,
        diagnostics: inout [Diagnostic]
    ) -> Root? {
        let errorsBefore = diagnostics.count
        var root = Root()
        var meant: Set<String> = []
        for entry in entries {
            guard let option = Root.option(entry.key) else {
                let other = OptionWords.key(
                    meantBy: entry.key,
                    among: Root.all.map(\.key) + ["inputs"],
                    beside: entries
                )
                diagnostics.append(unknown(entry, meaning: other, Root.self, stage))
                if let other { meant.insert(other) }
                continue
            }
            do {
                try option.read(entry.value, &root)
            } catch {
                var named = error
                named.option = entry.key
                diagnostics.append(diagnostic(named, type, entries, stage: stage))
            }
        }
        for option in Root.all where option.isRequired && stage.isComplete && !meant.contains(option.key) {
            if entries.contains(where: { $0.key == option.key }) { continue }
            let example = option.example.map { "add a line below this one, for example `\(option.key): \($0)`" }
            diagnostics.append(
                Diagnostic(
                    "\(stage.kind) '\(stage.plugin)' needs '\(option.key)'",
                    at: stage.span,
                    label: example,
                    notes: [note(option)]
                )
            )
        }
        return diagnostics.count == errorsBefore ? root : nil
    }

    /// Says what is wrong with an option, at the place where it was written.
    ///
    /// - Parameters:
    ///   - error: The mistake, as a value or a plugin's `init` threw it.
    ///   - type: The options type.
    ///   - entries: What was written.
    ///   - stage: What messages say about the stage.
    /// - Returns: The mistake in the words the user will read.
    package static func diagnostic<Root: PluginOptions>(
        _ error: OptionError,
        _ type: Root.Type,
        _ entries: [ConfigEntry],
        stage: StageLabel
    ) -> Diagnostic {
        let entry = entries.first { $0.key == error.option }
        let option = error.option.flatMap(Root.option)
        return Diagnostic(
            error.option == nil ? "\(stage.kind) '\(stage.plugin)' \(error.message)" : error.description,
            at: error.span ?? entry?.span(of: error.text) ?? stage.span,
            label: error.label,
            notes: option.map { [note($0)] } ?? []
        )
    }

    private static func unknown<Root: PluginOptions>(
        _ entry: ConfigEntry,
        meaning other: String?,
        _ type: Root.Type,
        _ stage: StageLabel
    ) -> Diagnostic {
        let keys = Root.all.map(\.key)
        let takes = keys.isEmpty ? "takes no options" : "takes: " + keys.joined(separator: ", ")
        return Diagnostic(
            "\(stage.kind) '\(stage.plugin)' has no option '\(entry.key)'",
            at: entry.keySpan,
            label: other.map { "did you mean '\($0)'?" },
            notes: [(type as? any AbsentOptions.Type)?.absence(of: entry.key) ?? "\(stage.plugin) \(takes)"]
        )
    }

    private static func note<Root: PluginOptions>(_ option: Option<Root>) -> String {
        let defaultText = option.defaultText
        // A long list would bury the mistake.
        let isShown = !defaultText.isEmpty && defaultText.count <= 60
        return "\(option.key): \(option.help)" + (isShown ? " Default: \(defaultText)" : "")
    }
}

/// What messages say about the stage whose options are decoded.
package struct StageLabel: Sendable {
    /// `source`, `transform` or `sink`.
    package var kind: String
    /// The plugin's name.
    package var plugin: String
    /// Where the stage's `type` stands.
    package var span: SourceSpan?
    /// False when some of what was written could not be read, so that nothing is said about what is missing.
    package var isComplete: Bool

    package init(kind: String, plugin: String, span: SourceSpan? = nil, isComplete: Bool = true) {
        self.kind = kind
        self.plugin = plugin
        self.span = span
        self.isComplete = isComplete
    }
}
