import MHPipeKit

/// What a command may use.
struct CommandContext: Sendable {
    /// The plugins that pipelines may name.
    let plugins: PluginRegistry
    /// Where everything is shown.
    let console: Console
    /// The environment's variables.
    let environment: [String: String]
}
