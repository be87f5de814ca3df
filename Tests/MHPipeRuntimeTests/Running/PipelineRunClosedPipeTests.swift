import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// A sink whose reader goes away ends by itself; the run ends when no sink is left.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunClosedPipeTests {
    private static let units: [any SourceUnit] = (0..<60).map { TrailText.unit($0, 5) }
    private static let lines = (0..<60).flatMap { TrailText.records($0, 5) }
    private static let steps: [SinkJournal.Step] = [.open, .write, .finish]

    private static func leave(at step: SinkJournal.Step) -> (inout ScriptedSink.Options) -> Void {
        { options in
            options.failsAt = step
            options.failure = StageError("cannot write standard output: Broken pipe", isClosedPipe: true)
        }
    }

    @Test(arguments: steps, [1, 2, 8])
    func theOthersGoOn(step: SinkJournal.Step, workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        pipeline.transform("half") { batch, _ in batch.keep { $0.number < 2 } }
        let gone = pipeline.sink("gone", ["in"], Self.leave(at: step))
        let other = pipeline.sink("other", ["half"])
        let report = try pipeline.run(workers: workers)
        #expect(gone.steps == Self.steps.prefix { $0 != step } + [step] + (step == .open ? [] : [.abort]))
        #expect(other.steps == [.open, .write, .finish, .commit])
        #expect(other.lines.count == 120)
        #expect(report.outcome == .completed && !report.hasProblems)
        // An event that nobody reads any more has reached its sink all the same.
        #expect(report.eventsIn == 300 && report.eventsKept == 300 && report.eventsFiltered == 0)
        #expect(report.stages.map(\.endedEarly) == [false, false, true, false])
        #expect(report.stages.map(\.eventsIn) == [300, 300, 300, 120])
        #expect(report.stages[3].eventsOut == 120)
        #expect(report.stages[2].eventsOut <= 300)
    }

    @Test(arguments: steps, [1, 8])
    func withoutAnySinkTheRunEnds(step: SinkJournal.Step, workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units, unreadable: [UnreadableInput(name: "x", reason: "Permission denied")])
        let gone = [
            pipeline.sink("one", ["in"], Self.leave(at: step)), pipeline.sink("two", ["in"], Self.leave(at: step)),
        ]
        let report = try pipeline.run(workers: workers)
        #expect(report.outcome == .closedPipe)
        // What comes first in the list is reported first, unless nothing is read at all.
        #expect(report.unreadable == (step == .open ? 0 : 1))
        #expect(report.eventsIn == report.eventsKept + report.eventsFiltered + report.eventsQuarantined)
        for journal in gone { #expect(!journal.steps.contains(.commit)) }
    }

    /// A run without readers does not go through the rest of its input.
    @Test func withoutAnySinkNothingMoreIsRead() throws {
        let gate = Gate()
        var pipeline = ScriptedPipeline()
        var units = Self.units
        units[1] = ScriptedUnit(TrailText.unit(1, 5)) { try gate.pass() }
        units[2] = ScriptedUnit(TrailText.unit(2, 5)) { throw StageError("read in spite of it") }
        pipeline.source(units)
        pipeline.sink("gone", ["in"]) { options in
            Self.leave(at: .write)(&options)
            // Enough for the sink's queue to be woken in the first unit.
            options.padding = 2 << 20
            options.whenFailed = { gate.open() }
        }
        let report = try pipeline.run(workers: 1)
        #expect(report.outcome == .closedPipe)
        #expect(report.filesDamaged == 0 && report.files <= 1)
    }

    /// What waits for a sink that has ended is let go of, so that nobody waits for its room for ever.
    @Test(arguments: [1, 2, 8])
    func moreThanTheBudgetForASinkThatEndsIsLetGoOf(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        pipeline.sink("gone", ["in"]) { options in
            Self.leave(at: .write)(&options)
            options.padding = 1 << 20
        }
        let other = pipeline.sink("other", ["in"])
        _ = try pipeline.run(workers: workers)
        #expect(other.lines == Self.lines)
    }
}
