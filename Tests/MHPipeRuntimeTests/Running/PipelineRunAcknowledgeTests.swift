import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// A source is told of its units when what came of them is in its place, and of those that are left.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunAcknowledgeTests {
    /// Three short units, of which the last may be one that does something.
    private static func units(_ last: @escaping @Sendable () throws -> Void = {}) -> [any SourceUnit] {
        let units = ["a", "b", "c"].map { MemoryUnit($0, (TrailText.record(0, 0) + "\n").utf8) }
        return [units[0], units[1], ScriptedUnit(units[2], beforeOpening: last)]
    }

    private static func pipeline(
        _ journal: QueueJournal,
        _ change: (inout QueueSource.Options) -> Void = { _ in }
    ) -> ScriptedPipeline {
        var options = QueueSource.Options()
        options.units = units()
        options.journal = journal
        change(&options)
        var pipeline = ScriptedPipeline()
        pipeline.plan.sources.append(Stage("in", QueueSource.self, options))
        return pipeline
    }

    @Test(arguments: [1, 8], [0, 2, 10])
    func whatWasReadIsCommittedBehindTheLastSink(workers: Int, readAhead: Int) throws {
        let journal = QueueJournal()
        var pipeline = Self.pipeline(journal) { $0.readAhead = readAhead }
        for name in ["one", "two"] {
            pipeline.sink(name) { $0.beforeCommitting = { journal.note("sink") } }
        }
        _ = try pipeline.run(workers: workers)
        #expect(journal.lines == ["sink", "sink", "committed a b c"])
    }

    @Test func whatCannotBeOpenedIsReleased() throws {
        let journal = QueueJournal()
        var pipeline = Self.pipeline(journal) { options in
            options.units = Self.units { throw StageError("cannot be opened") }
        }
        pipeline.sink()
        let report = try pipeline.run()
        #expect(report.unreadable == 1)
        #expect(journal.lines == ["committed a b", "released c"])
    }

    @Test(arguments: SinkJournal.Step.allCases.filter { $0 != .abort })
    func aRunThatFailsReleasesAll(step: SinkJournal.Step) throws {
        let journal = QueueJournal()
        var pipeline = Self.pipeline(journal)
        pipeline.sink { $0.failsAt = step }
        #expect(throws: StageError.self) { try pipeline.run(workers: 1) }
        #expect(journal.lines.count == 1 && journal.lines[0].hasPrefix("released a"))
    }

    @Test func aSourceThatCannotCommitFailsTheRunButNotTheOutputs() throws {
        let journal = QueueJournal()
        var pipeline = Self.pipeline(journal) { $0.commitFailure = StageError("the queue is gone") }
        let sink = pipeline.sink()
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "the queue is gone")
        #expect(error?.advice?.contains("every output is in its place all the same") == true)
        #expect(sink.steps.last == .commit)
        #expect(journal.lines == ["committed a b c", "released a b c"])
    }

    @Test(arguments: RunSettings.InterruptPolicy.allCases)
    func whatAnInterruptedRunDoesNotReadIsReleased(policy: RunSettings.InterruptPolicy) throws {
        let journal = QueueJournal()
        let run = Locked<PipelineRun?>(nil)
        var pipeline = Self.pipeline(journal)
        pipeline.plan.settings.workers = 1
        pipeline.plan.settings.onInterrupt = policy
        pipeline.transform("stop") { batch, _ in
            if batch.origin.unit == "b" { run.withLock { _ = $0?.cancel() } }
        }
        pipeline.sink("out", ["stop"])
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        _ = try prepared.run()
        run.withLock { $0 = nil }
        switch policy {
        case .commit: #expect(journal.lines == ["committed a b", "released c"])
        case .abort: #expect(journal.lines.count == 1 && journal.lines[0].hasPrefix("released a b"))
        }
    }

    @Test func unitsInFlightAreToldOf() throws {
        let isTold = Gate()
        let journal = QueueJournal { if $0 == "extend" { isTold.open() } }
        var pipeline = Self.pipeline(journal) { options in
            options.interval = .milliseconds(1)
            options.units = Self.units { try isTold.pass() }
        }
        pipeline.sink()
        _ = try pipeline.run(workers: 1)
        #expect(journal.lines.first?.hasPrefix("extend a") == true)
        #expect(journal.lines.last == "committed a b c")
    }

    @Test func aSourceThatHasLostUnitsFailsTheRun() throws {
        let isTold = Gate()
        let journal = QueueJournal { if $0 == "extend" { isTold.open() } }
        var pipeline = Self.pipeline(journal) { options in
            options.interval = .milliseconds(1)
            options.extendFailure = StageError("somebody else has them")
            options.units = Self.units { try isTold.pass() }
        }
        let sink = pipeline.sink()
        let error = #expect(throws: StageError.self) { try pipeline.run(workers: 1) }
        #expect(error?.message == "somebody else has them")
        #expect(!sink.steps.contains(.commit) && journal.lines.last?.hasPrefix("released a") == true)
    }
}
