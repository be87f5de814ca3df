import MHPipeKit

@testable import MHPipeCommand

/// What the command did with some arguments, in this process.
struct CommandRun {
    let output: String
    let errors: String
    let exitCode: Int32

    init(_ arguments: [String], plugins: PluginRegistry = PluginRegistry(), environment: [String: String] = [:]) {
        let output = RecordedOutput()
        let errors = RecordedOutput()
        let console = Console(standardOutput: output, standardError: errors, environment: environment)
        exitCode = CommandLineTool.run(arguments, plugins: plugins, console: console, environment: environment)
        self.output = output.text
        self.errors = errors.text
    }
}
