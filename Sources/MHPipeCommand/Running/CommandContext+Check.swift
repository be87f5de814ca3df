import MHPipeKit
import PipelineConfig

extension CommandContext {
    /// Checks a pipeline file that is not to be run, and shows what is wrong with it.
    ///
    /// - Parameters:
    ///   - source: The text.
    ///   - file: Its path.
    ///   - settings: What `--set` says.
    ///   - libraries: What `--plugin` names.
    ///   - outputs: What may be in the way of outputs.
    ///   - showsWarnings: False where what is doubtful is no matter, as long as it can run.
    /// - Returns: What the check found.
    /// - Throws: `StageError` where there are too few threads or descriptors for it.
    func check(
        _ source: SourceText,
        _ file: String,
        _ settings: [Setting],
        _ libraries: [InputPath],
        outputs: OutputInspector = .files,
        showsWarnings: Bool = true
    ) throws -> CheckedPipeline {
        let checked = try InterruptWatcher.watching(console) {
            PipelineFile.check(
                source,
                plugins: plugins,
                loader: loader,
                outputs: outputs,
                variables: settings.variables,
                environment: environment,
                beside: CommandFile.files(pipeline: file, libraries)
            )
        }
        if showsWarnings || checked.plan == nil { console.show(checked.diagnostics, in: source) }
        return checked
    }
}
