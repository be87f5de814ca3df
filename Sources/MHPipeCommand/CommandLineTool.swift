public import MHPipeKit

/// The `mhpipe` command as a library.
public enum CommandLineTool {
    /// Runs the command with the process's arguments, and ends the process.
    ///
    /// - Parameter plugins: The plugins that pipelines may name.
    public static func main(plugins: PluginRegistry) {
    }
}
