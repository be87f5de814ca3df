import MHPipeKit
import MHPipePlan
import PipelineConfig

/// `mhpipe test FILE...`: the tests that stand in pipeline files.
struct TestCommand: Command {
    static let name = "test"
    static let summary = "Runs the tests that stand in pipeline files: records in, what is expected behind stages."
    static let notes = """
        A pipeline file states its tests under 'tests': each has 'records', or the 'file' that they stand in, and below 'expect'
        for each stage what comes behind it. Nothing is read or written but that file. docs/pipeline-format.md has an example.

        Exit codes: 0 when every test passes; 1 when one does not; 2 for a file that cannot run, or has no tests.

        Examples:
          mhpipe test audit.conf
          mhpipe test pipelines/*.conf --set TABLES=pipelines/tables
        """

    static let parameters: [Parameter<TestCommand>] = [
        .positionals("FILE", \.files, "The pipeline files; '-' reads one from standard input."),
        .repeated("only", "NAME", \.only, "Runs the test of this name alone; may be repeated.", distinctBy: \.self),
        .repeated(
            "set",
            "NAME=VALUE",
            \.settings,
            "The value of ${NAME} in the files, or of a place in them such as sinks.audit.path; may be repeated.",
            distinctBy: \.name
        ),
        .repeated("plugin", "FILE", \.libraries, "Loads the plugins of this library as well; may be repeated."),
    ]

    var files: [String] = []
    var only: [String] = []
    var settings: [Setting] = []
    var libraries: [InputPath] = []

    /// How many tests there were, and what came of them.
    private struct Tally {
        var passed = 0
        var failed = 0
        /// The files whose tests could not be run.
        var untested = 0
        var exitCode = ExitCode.success

        mutating func note(_ code: ExitCode) {
            // A mistake in a file says more than a test that fails.
            if code == .mistake || exitCode == .success { exitCode = code }
        }
    }

    func run(in context: CommandContext) throws -> ExitCode {
        let context = try context.loading(libraries)
        var tally = Tally()
        for file in files {
            do {
                guard try test(file, context, &tally) else { return .interrupted }
            } catch let error as UsageError {
                // One file that cannot be tested does not hide what is wrong with the others.
                context.console.say(error.message, advice: error.advice)
                tally.untested += 1
                tally.note(error.exitCode)
            }
        }
        let failed = tally.failed > 0 ? "\(Readable.count(tally.failed)) failed" : "all passed"
        let count = tally.passed + tally.failed
        let untested = tally.untested > 0 ? "; \(Readable.count(tally.untested, "file")) not tested" : ""
        if count > 0 { try context.console.write("\(Readable.count(count, "test")), \(failed)\(untested)\n") }
        return tally.exitCode
    }

    /// Runs the tests of a file; false after a signal.
    private func test(_ file: String, _ context: CommandContext, _ tally: inout Tally) throws -> Bool {
        let source = try PipelineText.read(file, context.console)
        // Inputs and outputs that are not there, or in the way, are no matter here.
        let checked = try context.check(source, file, settings, libraries, outputs: .none, showsWarnings: false)
        guard let plan = checked.plan else {
            tally.untested += 1
            tally.note(.refusal(of: checked))
            return true
        }
        let tests = try chosen(checked.tests, source.name)
        try context.console.write("\(source.name.visible)\n")
        for test in tests {
            guard let differences = try TestRun(test: test, plan: plan).differences(context.console) else {
                return false
            }
            let line = test.span.map { " (line \($0.line))" } ?? ""
            if differences.isEmpty {
                tally.passed += 1
                try context.console.write("  ok    \(test.name.visible)\n")
            } else {
                tally.failed += 1
                tally.note(.failure)
                let lines = ["  FAIL  \(test.name.visible)\(line)"] + differences.map { "          \($0.visible)" }
                try context.console.write(lines.joined(separator: "\n") + "\n")
            }
        }
        return true
    }

    private func chosen(_ tests: [PipelineTest], _ file: String) throws(UsageError) -> [PipelineTest] {
        guard !tests.isEmpty else {
            throw .refused("'\(file)' has no tests", advice: ["write some at its end, for example:"] + Self.example)
        }
        guard !only.isEmpty else { return tests }
        let names = tests.map(\.name)
        if let unknown = only.first(where: { !names.contains($0) }) {
            let meant = Suggestion.label(for: unknown, among: names).map { ": \($0)" } ?? ""
            throw .refused(
                "'\(file)' has no test '\(unknown)'\(meant)",
                advice: ["its tests: \(names.joined(separator: ", "))"]
            )
        }
        return tests.filter { only.contains($0.name) }
    }

    private static let example = [
        "  tests:",
        "    failed calls are kept:",
        "      records: |",
        "        {\"eventVersion\": \"1.08\", \"eventID\": \"a\", \"eventName\": \"GetObject\", \"errorCode\": \"AccessDenied\"}",
        "      expect:",
        "        NAME_OF_A_STAGE: {ids: [a], fields: {errorCode: AccessDenied}}",
    ]
}
