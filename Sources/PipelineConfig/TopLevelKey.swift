import MHPipeKit

/// The keys at the top of a pipeline file, where `--set` names one as if it could set it.
package enum TopLevelKey {
    /// The keys whose place an option of `mhpipe run` takes.
    package static let ofOptions = [
        "workers", "state", "mode", "quarantine", "manifest", "on_error", "on_interrupt", "on_empty", "metrics",
        "metrics_file",
    ]

    /// The keys that are no stages, with what they do.
    package static var settings: [(name: String, help: String, example: String?)] {
        PipelineSettings.all.map { ($0.key, $0.help, $0.example) }
    }

    /// What is wrong with a variable that nothing uses and that has the name of a key; nil for any other name.
    ///
    /// - Parameter name: What `--set` calls it; its case and its dashes do not matter where it is not all capitals, which
    ///   is how variables are written.
    /// - Returns: The mistake.
    static func mistake(inVariable name: String) -> Diagnostic? {
        let key = name.lowercased().replacing("-", with: "_")
        let known = [key, snakeCase(name)].first(where: all.contains)
        guard let known, name != name.uppercased() else { return nil }
        return Diagnostic(
            "--set '\(name)' sets a variable, which nothing in the file uses, and not the key '\(known)'",
            notes: [advice(known)]
        )
    }

    /// What to write for a key that was misspelt.
    static func label(for name: String) -> String? {
        let key = Suggestion.nearest(to: name.lowercased(), among: all) ?? name.lowercased()
        return ofOptions.contains(key) ? "did you mean the option --\(option(key)) of run?" : nil
    }

    private static func advice(_ key: String) -> String {
        if ofOptions.contains(key) { return "mhpipe run has an option for it: --\(option(key)) VALUE" }
        if sections.contains(key) {
            return "a place below it has dots between its keys: --set \(key).NAME.OPTION=VALUE"
        }
        let variable = key.uppercased()
        return "write `\(key): ${\(variable)}` in the file, and give the value as --set \(variable)=VALUE"
    }

    /// `onError` as `on_error`.
    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
    }

    private static func option(_ key: String) -> String { key.replacing("_", with: "-") }

    private static let sections = ["sources", "transforms", "sinks", "tests"]
    private static let all = sections + PipelineSettings.all.map(\.key)
}
