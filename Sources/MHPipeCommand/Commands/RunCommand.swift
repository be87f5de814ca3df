import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe run FILE`.
struct RunCommand: Command {
    static let name = "run"
    static let summary = "Runs a pipeline file."
    static let notes = """
        An option takes the place of what the pipeline file says.

        Examples:
          mhpipe run pipelines/migration-hub-audit.conf
          mhpipe run audit.conf --set LOGS=/archive/AWSLogs --quarantine bad.jsonl
          mhpipe run audit.conf --state .audit-state
          mhpipe run audit.conf --state .audit-state --mode append
        """

    static let parameters: [Parameter<RunCommand>] =
        [
            .positional("FILE", \.file, "The pipeline file; '-' reads it from standard input."),
            .settings(\.settings),
            .libraries(\.libraries),
            .option(
                "state",
                "FOLDER",
                \.state,
                "Keeps in this folder how far the run has come: after it was stopped, the same command goes on."
            ),
            .option(
                "mode",
                "MODE",
                \.mode,
                "With a state, 'append' takes only files that no earlier run has committed, and adds to the outputs; 'replace' is usual."
            ),
            .flag(
                "restart",
                \.restarts,
                "With a state, forgets the run that was stopped, and begins anew; what earlier runs have appended stays."
            ),
        ] + RunOptions.parameters.map { $0.within(\.options) }
        + TaskOptions.parameters.map { $0.within(\.options.task) }

    var file = ""
    var settings: [Setting] = []
    var libraries: [InputPath] = []
    var state: OutputTree?
    var mode: RunMode?
    var restarts = false
    var options = RunOptions()
    /// What a command that runs a pipeline in its own way reads and writes beside it.
    var besides: [CommandFile] = []

    func run(in context: CommandContext) throws -> ExitCode {
        try options.task.exit { try run(in: context) { _ in } }
    }

    /// Runs the pipeline as something else makes it, once it has passed the check.
    func run(in context: CommandContext, changing: (inout PipelinePlan) throws -> Void) throws -> ExitCode {
        let context = try context.loading(libraries)
        let source = try PipelineText.read(file, context.console)
        let tree = PipelineFile.parse(source, variables: settings.variables, environment: context.environment).tree
        let readers = tree.map(Self.readersOfStandardInput) ?? []
        if file == "-", let reader = readers.first {
            throw UsageError.pipelineOnStandardInput(readBy: reader)
        }
        let checked = try InterruptWatcher.watching(context.console) { check(source, tree, readers, context) }
        context.console.show(checked.diagnostics, in: source)
        guard var plan = checked.plan else { return .refusal(of: checked) }
        if plan.settings.state != nil, let tree {
            plan = try identified(plan, tree)
            plan.settings.state?.restarts = restarts
        } else if restarts {
            throw UsageError.refused(
                "--restart forgets a run that was stopped, but no state is kept",
                advice: ["name the folder with --state, or `state` in the pipeline"]
            )
        }
        try changing(&plan)
        if plan.isWatching {
            try options.task.check(plan)
            return try watch(plan, in: context)
        }
        let provenance = Provenance(
            file: file,
            text: source,
            settings: settings,
            options: optionSettings,
            libraries: (tree?.libraryPaths ?? []) + libraries.map(\.path)
        )
        return try PlanExecution(
            plan: plan,
            options: options,
            context: context,
            pipelineFile: file,
            provenance: provenance
        ).run()
    }

    /// A plan that keeps a state, with what tells it from others.
    func identified(_ plan: PipelinePlan, _ tree: ConfigNode) throws -> PipelinePlan {
        let identity = try RunIdentity(tree.replacing(optionSettings), libraries)
        var plan = plan
        plan.settings.state?.identity = identity.text
        plan.settings.state?.pipeline = identity.pipeline
        let tables = try RunIdentity.tables(of: plan)
        plan.settings.state?.tables = tables
        return plan
    }

    /// Checks the file, and what the options make of it.
    func check(
        _ source: SourceText,
        _ tree: ConfigNode?,
        _ readers: [String],
        _ context: CommandContext
    ) -> CheckedPipeline {
        let files =
            CommandFile.files(pipeline: file, libraries) + options.commandFiles
            + readers.map { CommandFile(reading: "-", as: "the file that source '\($0)' reads") }
        var checked = PipelineFile.check(
            source,
            plugins: context.plugins,
            loader: context.loader,
            outputs: .files,
            variables: settings.variables,
            environment: context.environment,
            // Options may name other files than those that would be in their way.
            beside: optionSettings.isEmpty ? files + besides : files,
            options: stateSettings
        )
        if let tree, checked.plan != nil, !optionSettings.isEmpty {
            // The options may bring mistakes of their own, such as a quarantine that a sink writes as well.
            let other = PipelineCheck.check(
                tree: tree.replacing(optionSettings),
                plugins: context.plugins,
                loader: context.loader,
                outputs: .files,
                beside: files + besides
            )
            checked.diagnostics += other.diagnostics.filter { !checked.diagnostics.contains($0) }
            checked.plan = other.plan
        }
        return checked
    }

    /// The settings that take the place of the pipeline's own.
    var optionSettings: [ConfigEntry] { options.settings + stateSettings }

    private var stateSettings: [ConfigEntry] {
        [("state", state?.path), ("mode", mode?.rawValue)].compactMap { key, text in
            text.map { ConfigEntry(key: key, value: ConfigNode(.text($0))) }
        }
    }

    /// The sources that read standard input, which can hold the pipeline or events, not both.
    private static func readersOfStandardInput(_ tree: ConfigNode) -> [String] {
        let sources = tree["sources"]?.entries ?? []
        return sources.filter { source in
            let path = source.value["path"]
            return path?.text == "-" || path?.elements?.contains { $0.text == "-" } == true
        }.map(\.key)
    }
}

extension ConfigNode {
    /// The libraries of plugins that a pipeline names.
    var libraryPaths: [String] {
        (self["plugins"].map { $0.elements ?? [$0] } ?? []).compactMap(\.text)
    }

    /// The mapping with other values for some keys; anything but a mapping stays as it is.
    func replacing(_ settings: [ConfigEntry]) -> ConfigNode {
        guard let entries else { return self }
        let others = entries.filter { entry in !settings.contains { $0.key == entry.key } }
        return ConfigNode(.mapping(others + settings), span: span)
    }
}
