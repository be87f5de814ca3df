import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe stats INPUT...`: what is in a trail.
struct StatsCommand: Command {
    static let name = "stats"
    static let summary = "Counts what is in a trail: accounts, regions, days, services, tools, gaps."
    static let notes = """
        Days are those of eventTime, in UTC. Of each list 10,000 different values are counted one by one, and the events of
        others together; the table says so.

        Examples:
          mhpipe stats AWSLogs
          mhpipe stats AWSLogs --since 7d --json > week.json
        """

    static let usualTop = 10

    static let parameters: [Parameter<StatsCommand>] =
        [
            .positionals(
                "INPUT",
                \.inputs,
                "Files, and folders, which are read with all below them; '-' is standard input, s3://BUCKET/PREFIX what is in a bucket."
            ),
            .flag("json", \.isJSON, "Writes JSON in place of the table; 'schema' in it is the version of its form."),
            .option("top", "N", \.top, "How many values of each list are shown; the others are counted together."),
        ] + SelectionArguments.parameters.map { $0.within(\.selection) }
        + RunOptions.parameters.map { $0.within(\.options) }

    var inputs: [String] = []
    var isJSON = false
    var top = StatsCommand.usualTop
    var selection = SelectionArguments()
    var options = RunOptions()

    func run(in context: CommandContext) throws -> ExitCode {
        guard top > 0 else { throw UsageError("'--top' needs 1 or more, not \(top)") }
        let tree = tree(try ConversionPaths(inputs: inputs, output: "-")).replacing(options.settings)
        let plugins = context.plugins.adding(sinks: [StatsSink.self])
        let checked = PipelineCheck.check(
            tree: tree,
            plugins: plugins,
            outputs: .files,
            beside: options.commandFiles
                + (inputs.contains("-") ? [CommandFile(reading: "-", as: "the file of standard input")] : [])
        )
        context.console.show(checked.diagnostics, of: nil)
        guard var plan = checked.plan else { return .refusal(of: checked) }
        let width = context.console.standardOutput.columns ?? 80
        for number in plan.sinks.indices {
            plan.sinks[number].pathUses = [.output("-")]
            plan.sinks[number].make = { [isJSON, top] _ in
                StatsSink { counts in
                    isJSON
                        ? try StatsDocument(counts, top: top).json
                        : StatsText(counts: counts, top: top, width: width).text
                }
            }
        }
        return try PlanExecution(plan: plan, options: options, context: context, provenance: Provenance(tree: tree))
            .run()
    }

    private func tree(_ paths: ConversionPaths) -> ConfigNode {
        ConfigNode(
            .mapping([
                ConfigEntry(key: "pipeline", value: ConfigNode(.text(Self.name))),
                ConfigEntry(
                    key: "sources",
                    value: ConfigNode(.mapping(paths.sources(selection.sourceOptions(behindOrigin: false))))
                ),
                ConfigEntry(key: "transforms", value: ConfigNode(.mapping([.stage("call", "call")]))),
                ConfigEntry(key: "sinks", value: ConfigNode(.mapping([.stage("counts", StatsSink.name)]))),
            ])
        )
    }
}
