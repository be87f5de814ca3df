import MHPipeKit
import MHPipePlan
import PipelineConfig

extension RunCommand {
    /// Runs a plan whose sources follow what they read, until a signal ends it.
    func watch(_ plan: PipelinePlan, in context: CommandContext) throws -> ExitCode {
        try Watch(plan, options, context, pipelineFile: file) { try reread(context) }.run()
    }

    /// The plan as the file states it by now; nil when it cannot run, which was said then.
    private func reread(_ context: CommandContext) throws -> PipelinePlan? {
        guard file != "-" else { throw StageError("standard input cannot be read again") }
        let source = try PipelineText.read(file, context.console)
        let tree = PipelineFile.parse(source, variables: settings.variables, environment: context.environment).tree
        let checked = check(source, tree, [], context)
        context.console.show(checked.diagnostics, in: source)
        guard let plan = checked.plan, let tree, plan.settings.state != nil else { return nil }
        return try identified(plan, tree)
    }
}
