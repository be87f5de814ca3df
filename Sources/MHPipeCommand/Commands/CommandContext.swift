import MHPipeKit
import PipelineConfig

/// What a command may use.
struct CommandContext: Sendable {
    /// The plugins that pipelines may name.
    private(set) var plugins: PluginRegistry
    /// What loads the libraries that pipelines and options name.
    let loader: PluginLoader
    /// Where everything is shown.
    let console: Console
    /// The environment's variables.
    let environment: [String: String]

    /// The same with the plugins of libraries as well.
    ///
    /// - Parameter libraries: What `--plugin` names.
    /// - Returns: What the command goes on with.
    /// - Throws: `UsageError` for the first library that cannot be loaded.
    func loading(_ libraries: [InputPath]) throws(UsageError) -> CommandContext {
        var context = self
        for library in libraries {
            do {
                try loader.load(library.path, into: &context.plugins)
            } catch {
                var refusal = UsageError.refused(error.message, advice: error.notes)
                if error.isMachineFault { refusal.exitCode = .failure }
                throw refusal
            }
        }
        return context
    }
}
