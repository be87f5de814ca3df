import MHPipeKit
import PipelineConfig

/// `mhpipe graph FILE`.
struct GraphCommand: Command {
    static let name = "graph"
    static let summary = "Draws a pipeline file: its stages, and how events go from one to the next."
    static let notes = """
        The graph goes to standard output, what 'check' would say to standard error. Exit codes are those of 'check': 2, and
        no graph, for a file that cannot run.

        Examples:
          mhpipe graph watch-list.conf --format text
          mhpipe graph watch-list.conf --format dot | dot -Tsvg -o ways.svg
        """

    static let parameters: [Parameter<GraphCommand>] = [
        .positional("FILE", \.file, "The pipeline file; '-' reads it from standard input."),
        .option(
            "format",
            "FORMAT",
            \.format,
            "What to write: 'mermaid' for Markdown pages, 'dot' for Graphviz, 'text' to read as it is."
        ),
        .settings(\.settings),
        .libraries(\.libraries),
    ]

    var file = ""
    var format = GraphFormat.mermaid
    var settings: [Setting] = []
    var libraries: [InputPath] = []

    func run(in context: CommandContext) throws -> ExitCode {
        let context = try context.loading(libraries)
        let source = try PipelineText.read(file, context.console)
        let checked = try context.check(source, file, settings, libraries)
        guard let plan = checked.plan else { return .refusal(of: checked) }
        try context.console.write(format.text(PipelineGraph(plan)))
        return .success
    }
}
