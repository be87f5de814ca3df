import MHPipeKit
import PipelineConfig

extension CommandContext {
    /// Checks a pipeline file that is not to be run, and shows what is wrong with it.
    func check(
        _ source: SourceText,
        _ file: String,
        _ settings: [Setting],
        _ libraries: [InputPath]
    ) throws -> CheckedPipeline {
        let checked = try InterruptWatcher.watching(console) {
            PipelineFile.check(
                source,
                plugins: plugins,
                loader: loader,
                outputs: .files,
                variables: settings.variables,
                environment: environment,
                beside: CommandFile.files(pipeline: file, libraries)
            )
        }
        console.show(checked.diagnostics, in: source)
        return checked
    }
}
