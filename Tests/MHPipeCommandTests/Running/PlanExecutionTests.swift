import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import MHPipeTestSupport
import PipelineConfig
import Testing

@testable import MHPipeCommand

@Suite struct PlanExecutionTests {
    private let output = RecordedOutput()
    private let errors: RecordedOutput
    private let folder: TemporaryDirectory
    private static let good = #"{"Records":[{"eventVersion":"1.11","eventName":"A"},{"eventVersion":"1.11"}]}"#
    private static let bad = #"{"Records":[{"eventVersion":"1.11"},{"eventVersion":nonsense},{"eventVersion":"1.11"}]}"#

    init() throws {
        errors = RecordedOutput()
        folder = try TemporaryDirectory()
    }

    private func run(
        _ texts: [String],
        unreadable: [String] = [],
        writing path: OutputPath? = nil,
        _ change: (inout RunOptions) -> Void = { _ in }
    ) throws -> ExitCode {
        var plan = PipelinePlan(name: "test")
        plan.sources = [
            Stage("in", TextSource.self, TextSource.Options(texts: texts, unreadable: unreadable))
        ]
        plan.sinks = [Stage("out", SilentSink.self, SilentSink.Options(path: path), inputs: ["in"])]
        var options = RunOptions()
        change(&options)
        let console = Console(standardOutput: output, standardError: errors)
        let context = CommandContext(plugins: PluginRegistry(), loader: .none, console: console, environment: [:])
        return try PlanExecution(plan: plan, options: options, context: context).run()
    }

    @Test func aRunEndsWithItsSummary() throws {
        #expect(try run([Self.good, Self.good]) == .success)
        #expect(errors.text.hasPrefix("mhpipe: test: done in "))
        #expect(errors.text.hasSuffix("\n  4  kept\n  4  written to out\n"))
        #expect(output.text == "")
    }

    @Test func aQuietRunSaysNothing() throws {
        #expect(try run([Self.good]) { $0.isQuiet = true } == .success)
        #expect(errors.text == "")
    }

    @Test func aQuietRunStillTellsProblems() throws {
        #expect(try run([Self.bad]) { $0.isQuiet = true } == .inputProblems)
        #expect(errors.text.hasPrefix("mhpipe: text 0: record 1 at byte "))
        #expect(errors.text.split(separator: "\n").count == 1)
    }

    @Test func whatASourceCannotReadIsTold() throws {
        #expect(try run([Self.good], unreadable: ["secret"]) { $0.isQuiet = true } == .inputProblems)
        #expect(errors.text == "mhpipe: secret: Permission denied\n")
    }

    @Test func theSummaryIsAlsoThereAsJSON() throws {
        let path = folder.path("summary.json")
        #expect(try run([Self.good, Self.bad]) { $0.summary = OutputPath(stringLiteral: path) } == .inputProblems)
        let text = String(decoding: try folder.read("summary.json"), as: UTF8.self)
        let report = try JSONDecoder().decode(RunReport.self, from: Data(text.utf8))
        #expect(report.eventsIn == 5)
        #expect(report.eventsQuarantined == 1)
        #expect(report.eventsKept == 4)
        let keys = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
        #expect(keys == keys.sorted())
        #expect(text.hasSuffix("}\n"))
    }

    @Test func theSummaryCanGoToStandardOutput() throws {
        #expect(try run([Self.good]) { $0.summary = "-" } == .success)
        #expect(try JSONDecoder().decode(RunReport.self, from: Data(output.text.utf8)).eventsIn == 2)
    }

    @Test func aSummaryThatCannotBeWrittenIsRefusedBeforeTheRun() {
        let path = folder.path("no/such/folder.json")
        let error = #expect(throws: UsageError.self) {
            try run([Self.good]) { $0.summary = OutputPath(stringLiteral: path) }
        }
        #expect(error?.message == "cannot write '\(path)': the folder '\(folder.path("no/such"))' does not exist")
        #expect(error?.advice == ["make it first: mkdir -p '\(folder.path("no/such"))'"])
        #expect(errors.text == "")
    }

    @Test func progressAsJSONEndsWithAll() throws {
        #expect(try run([Self.good]) { ($0.progress, $0.isQuiet) = (.json, true) } == .success)
        let last = errors.text.split(separator: "\n").last ?? ""
        #expect(last.contains(#""events":2,"filesDone":1,"filesTotal":1,"#))
    }
}
