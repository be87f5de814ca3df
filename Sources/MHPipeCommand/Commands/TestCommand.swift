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
          mhpipe test audit.conf --json
        """

    static let parameters: [Parameter<TestCommand>] = [
        .positionals("FILE", \.files, "The pipeline files; '-' reads one from standard input."),
        .repeated(
            "only",
            "NAME",
            \.only,
            "Runs the test of this name alone; may be repeated.",
            distinctBy: \.self,
            completion: .tests
        ),
        .settings(\.settings, takesSeveral: true),
        .libraries(\.libraries),
        .flag("json", \.isJSON, "Writes JSON; 'schema' in it is the version of its form."),
    ]

    var files: [String] = []
    var only: [String] = []
    var settings: [Setting] = []
    var libraries: [InputPath] = []
    var isJSON = false

    func run(in context: CommandContext) throws -> ExitCode {
        let context = try context.loading(libraries)
        var document = TestDocument()
        var exitCode = ExitCode.success
        func note(_ code: ExitCode) {
            // A mistake in a file says more than a test that fails.
            if code == .mistake || exitCode == .success { exitCode = code }
        }
        for file in files {
            do {
                let (tested, code) = try test(file, context)
                guard let tested else { return .interrupted }
                document.add(tested)
                note(code)
            } catch let error as UsageError {
                // One file that cannot be tested does not hide what is wrong with the others.
                context.console.say(error.message, advice: error.advice)
                document.add(TestDocument.File(file: file, error: error.message))
                note(error.exitCode)
            }
        }
        if isJSON {
            try context.console.write(try document.json)
            return exitCode
        }
        let failed = document.failed > 0 ? "\(Readable.count(document.failed)) failed" : "all passed"
        let count = document.passed + document.failed
        let untested = document.untested > 0 ? "; \(Readable.count(document.untested, "file")) not tested" : ""
        if count > 0 { try context.console.write("\(Readable.count(count, "test")), \(failed)\(untested)\n") }
        return exitCode
    }

    /// Runs the tests of a file; nil after a signal.
    private func test(_ file: String, _ context: CommandContext) throws -> (TestDocument.File?, ExitCode) {
        let source = try PipelineText.read(file, context.console)
        // Inputs and outputs that are not there, or in the way, are no matter here.
        let checked = try context.check(source, file, settings, libraries, outputs: .none, showsWarnings: false)
        var tested = TestDocument.File(file: source.name)
        guard let plan = checked.plan else {
            let mistakes = checked.diagnostics.filter { $0.severity == .error }.map(\.message)
            tested.error = mistakes.isEmpty ? "it cannot run" : mistakes.joined(separator: "; ")
            return (tested, .refusal(of: checked))
        }
        let tests = try chosen(checked.tests, source.name)
        try show(["\(source.name.visible)"], context.console)
        for test in tests {
            guard let differences = try TestRun(test: test, plan: plan).differences(context.console) else {
                return (nil, .interrupted)
            }
            let line = test.span?.line
            tested.tests.append(
                TestDocument.Test(
                    name: test.name,
                    line: line,
                    passed: differences.isEmpty,
                    differences: differences
                )
            )
            let place = line.map { " (line \($0))" } ?? ""
            let title = differences.isEmpty ? "  ok    \(test.name.visible)" : "  FAIL  \(test.name.visible)\(place)"
            try show([title] + differences.map { "          \($0.visible)" }, context.console)
        }
        return (tested, tested.tests.allSatisfy(\.passed) ? .success : .failure)
    }

    /// Shows lines at once, where what was found is not written as a whole at the end.
    private func show(_ lines: [String], _ console: Console) throws {
        if !isJSON { try console.write(lines.joined(separator: "\n") + "\n") }
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
