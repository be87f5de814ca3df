import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe check FILE...`.
struct CheckCommand: Command {
    static let name = "check"
    static let summary = "Says everything that is wrong with pipeline files, without running them."
    static let notes = """
        Exit codes: 0 when every file can run, warnings or not; 2 when one of them cannot; 1 when the machine keeps it from
        telling.

        Example:
          mhpipe check pipelines/*.conf
        """

    static let parameters: [Parameter<CheckCommand>] = [
        .positionals("FILE", \.files, "The pipeline files; '-' reads one from standard input."),
        .settings(\.settings, takesSeveral: true),
        .libraries(\.libraries),
        .flag(
            "print-tree",
            \.printsTree,
            "Prints what each file holds as JSON on standard output, before any plugin is asked."
        ),
    ]

    var files: [String] = []
    var settings: [Setting] = []
    var libraries: [InputPath] = []
    var printsTree = false

    func run(in context: CommandContext) throws -> ExitCode {
        let context = try context.loading(libraries)
        var exitCode = ExitCode.success
        for file in files {
            do {
                let source = try PipelineText.read(file, context.console)
                let code = printsTree ? try printTree(source, context) : try check(source, file, context)
                exitCode = Self.worse(exitCode, code)
            } catch let error as UsageError {
                // One file that cannot be read does not hide what is wrong with the others.
                context.console.say(error.message, advice: error.advice)
                exitCode = Self.worse(exitCode, error.exitCode)
            }
        }
        return exitCode
    }

    /// A mistake is one on any machine.
    private static func worse(_ left: ExitCode, _ right: ExitCode) -> ExitCode {
        [.mistake, .failure].first { [left, right].contains($0) } ?? .success
    }

    private func check(_ source: SourceText, _ file: String, _ context: CommandContext) throws -> ExitCode {
        let checked = try context.check(source, file, settings, libraries)
        guard let plan = checked.plan else { return .refusal(of: checked) }
        let tests = checked.tests.isEmpty ? "" : ", " + Readable.count(checked.tests.count, "test")
        context.console.say("\(source.name): ok (\(plan.tally)\(tests))")
        return .success
    }

    private func printTree(_ source: SourceText, _ context: CommandContext) throws -> ExitCode {
        let parsed = PipelineFile.parse(source, variables: settings.variables, environment: context.environment)
        context.console.show(parsed.diagnostics, in: source)
        guard let tree = parsed.tree else { return .mistake }
        try context.console.write(ConfigTree.json(tree) + "\n")
        return .success
    }
}

extension PipelinePlan {
    /// `1 source, 2 transforms, 3 sinks`.
    var tally: String {
        [(sources.count, "source"), (transforms.count, "transform"), (sinks.count, "sink")]
            .map { Readable.count($0, $1) }
            .joined(separator: ", ")
    }
}
