import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a run does whose sources give no file.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunEmptyTests {
    private func pipeline(_ policy: RunSettings.EmptyPolicy, unreadable: Int = 0) -> (ScriptedPipeline, SinkJournal) {
        var pipeline = ScriptedPipeline()
        let lost = (0..<unreadable).map { UnreadableInput(name: "lost \($0)", reason: "Permission denied") }
        pipeline.source([], unreadable: lost)
        pipeline.source([], as: "other")
        pipeline.plan.settings.onEmpty = policy
        let journal = pipeline.sink("out", ["in", "other"])
        return (pipeline, journal)
    }

    @Test(arguments: [0, 2])
    func theOutputsAreLeftAlone(unreadable: Int) throws {
        let (pipeline, journal) = pipeline(.warn, unreadable: unreadable)
        let problems = ProblemList()
        let report = try pipeline.run(observer: problems.observer)
        #expect(report.outcome == .nothingToRead && !report.outcome.isCommitted)
        #expect(journal.steps == [])
        #expect(problems.texts == (0..<unreadable).map { "lost \($0): Permission denied" })
        #expect(report.unreadable == unreadable && report.hasProblems == (unreadable > 0))
        #expect(report.stages.map(\.name) == ["in", "other", "out"])
    }

    @Test(arguments: [0, 2])
    func emptyOutputsAreWritten(unreadable: Int) throws {
        let (pipeline, journal) = pipeline(.ignore, unreadable: unreadable)
        let report = try pipeline.run()
        #expect(report.outcome == .completed)
        #expect(journal.steps == [.open, .finish, .commit])
        #expect(report.unreadable == unreadable)
    }

    @Test(arguments: [0, 2])
    func theRunFails(unreadable: Int) throws {
        let (pipeline, journal) = pipeline(.fail, unreadable: unreadable)
        let problems = ProblemList()
        let error = #expect(throws: StageError.self) { try pipeline.run(observer: problems.observer) }
        #expect(error?.message == "there is nothing to read: no source gave a file")
        #expect(journal.steps == [])
        #expect(problems.texts.count == unreadable)
    }

    @Test(arguments: RunSettings.EmptyPolicy.allCases)
    func aFileWithoutEventsIsAFile(policy: RunSettings.EmptyPolicy) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source([TrailText.unit(0, 0)])
        pipeline.plan.settings.onEmpty = policy
        let journal = pipeline.sink()
        let report = try pipeline.run()
        #expect(report.outcome == .completed)
        #expect(journal.steps.last == .commit)
    }

    @Test func theFirstProblemEndsARunThatIsToldSo() throws {
        var (pipeline, journal) = pipeline(.warn, unreadable: 1)
        pipeline.plan.settings.onError = .fail
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "stopped at the first problem in the input: lost 0: Permission denied")
        #expect(journal.steps == [])
    }
}
