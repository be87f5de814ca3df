public import MHPipeKit
import MHPipePlan

/// A pipeline file: text in, a tree or a checked plan out, with everything there is to say about the text.
public enum PipelineFile {
    /// Reads the text into a tree, without asking what its keys mean.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - variables: What `--set` says. A key with dots sets a place of the tree (`sinks.audit.path`); one without is
    ///     the variable that `${KEY}` names.
    ///   - environment: What `${NAME}` names when no variable does.
    /// - Returns: The tree, nil after a mistake (an empty text is an empty value), and the mistakes in file order.
    public static func parse(
        _ source: SourceText,
        variables: [String: String] = [:],
        environment: [String: String] = [:]
    ) -> (tree: ConfigNode?, diagnostics: [Diagnostic]) {
        let document = read(source, variables, environment)
        let hasErrors = document.diagnostics.contains { $0.severity == .error }
        return (hasErrors ? nil : document.root ?? ConfigNode(.null), document.diagnostics)
    }

    /// Reads the text and checks the pipeline that it describes.
    ///
    /// Reads nothing that the pipeline reads, but asks the file system which of its paths are the same and which are
    /// there.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - plugins: The plugins that the pipeline may name.
    ///   - loader: What loads the libraries that the pipeline names.
    ///   - outputs: Says what keeps outputs from being written.
    ///   - variables: What `--set` says; see `parse`.
    ///   - environment: What `${NAME}` names when no variable does.
    ///   - files: The files that a command line names, such as the pipeline file itself.
    ///   - options: What the command line says of keys that the file leaves out.
    /// - Returns: The plan, nil after a mistake, and every mistake and warning in file order.
    public static func check(
        _ source: SourceText,
        plugins: PluginRegistry,
        loader: PluginLoader = .none,
        outputs: OutputInspector = .none,
        variables: [String: String] = [:],
        environment: [String: String] = [:],
        beside files: [CommandFile] = [],
        options: [ConfigEntry] = []
    ) -> CheckedPipeline {
        let document = read(source, variables, environment)
        guard let root = document.root else {
            let isEmpty = document.diagnostics.isEmpty
            let diagnostics = isEmpty ? [PipelineCheck.emptyPipeline] : document.diagnostics
            return CheckedPipeline(plan: nil, diagnostics: diagnostics)
        }
        var checked = PipelineCheck.check(
            tree: root.completed(with: options),
            plugins: plugins,
            loader: loader,
            outputs: outputs,
            beside: files,
            damage: document.damage
        )
        if document.diagnostics.contains(where: { $0.severity == .error }) { checked.plan = nil }
        checked.diagnostics = (document.diagnostics + checked.diagnostics).inFileOrder()
        return checked
    }

    /// The names of the variables that the text asks for.
    package static func variables(in source: SourceText) -> Set<String> {
        // Those without a value are asked for like the others.
        var interpolator: Interpolator? = Interpolator(variables: [:], environment: [:])
        _ = YAMLParser.parse(source, interpolator: &interpolator)
        return interpolator?.asked ?? []
    }

    private static func read(
        _ source: SourceText,
        _ variables: [String: String],
        _ environment: [String: String]
    ) -> YAMLParser.Document {
        let names = variables.filter { !$0.key.contains(".") }
        var interpolator: Interpolator? = Interpolator(variables: names, environment: environment)
        var document = YAMLParser.parse(source, interpolator: &interpolator)
        let asked = interpolator?.asked ?? []
        // What could not be read may use any of them.
        let unusedNames = document.diagnostics.isEmpty ? names.keys.sorted().filter { !asked.contains($0) } : []
        for name in unusedNames {
            document.diagnostics.append(TopLevelKey.mistake(inVariable: name) ?? unused(name, asked))
        }
        for (path, value) in variables.sorted(by: { $0.key < $1.key }) where path.contains(".") {
            var root = document.root ?? ConfigNode(.null)
            let mistake = ConfigOverride(path: path, value: value).apply(to: &root)
            if let mistake, document.damage.isEmpty { document.diagnostics.append(mistake) }
            document.root = root
        }
        return document
    }

    private static func unused(_ name: String, _ asked: Set<String>) -> Diagnostic {
        Diagnostic(
            "nothing in the file uses the variable '\(name)' of --set",
            severity: .warning,
            label: Suggestion.label(for: name, among: asked.sorted()) ?? TopLevelKey.label(for: name),
            notes: ["a value uses it as ${\(name)}; keys with dots, such as sinks.audit.path, set a place of the file"]
        )
    }
}

extension ConfigNode {
    /// The mapping with further keys; those that it has stay as they are, and so does anything but a mapping.
    fileprivate func completed(with others: [ConfigEntry]) -> ConfigNode {
        guard let entries else { return self }
        let missing = others.filter { other in !entries.contains { $0.key == other.key } }
        return ConfigNode(.mapping(entries + missing), span: span)
    }
}
