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
        for entry in entries {
            guard let option = Root.all.first(where: { $0.key == entry.key }) else {
                diagnostics.append(unknown(entry, Root.self, stage))
                continue
            }
            do {
                try option.read(entry.value, &root)
            } catch {
                diagnostics.append(
                    Diagnostic(
                        "'\(entry.key)' \(error.message)",
                        at: entry.value.span ?? entry.keySpan,
                        label: error.label,
                        notes: [note(option)]
                    )
                )
            }
        }
        for option in Root.all where option.isRequired && !entries.contains(where: { $0.key == option.key }) {
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

    private static func unknown<Root: PluginOptions>(
        _ entry: ConfigEntry,
        _ type: Root.Type,
        _ stage: StageLabel
    ) -> Diagnostic {
        let keys = Root.all.map(\.key)
        let takes = keys.isEmpty ? "takes no options" : "takes: " + keys.joined(separator: ", ")
        return Diagnostic(
            "\(stage.kind) '\(stage.plugin)' has no option '\(entry.key)'",
            at: entry.keySpan,
            label: Suggestion.label(for: entry.key, among: keys + ["inputs"]),
            notes: ["\(stage.plugin) \(takes)"]
        )
    }

    private static func note<Root: PluginOptions>(_ option: Option<Root>) -> String {
        let defaultText = option.defaultText
        return "\(option.key): \(option.help)" + (defaultText.isEmpty ? "" : " Default: \(defaultText)")
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

    package init(kind: String, plugin: String, span: SourceSpan? = nil) {
        self.kind = kind
        self.plugin = plugin
        self.span = span
    }
}
