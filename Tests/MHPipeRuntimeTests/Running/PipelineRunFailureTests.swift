import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// A run that fails says why, and puts nothing in its place.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunFailureTests {
    private static let units: [any SourceUnit] = (0..<60).map { TrailText.unit($0, 5) }

    private struct Mishap: Error {}

    @Test(arguments: [1, 2, 8])
    func aTransformThatThrowsEndsTheRun(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        pipeline.transform("bad") { batch, _ in
            if batch.origin.unit == "unit 30" { throw Mishap() }
        }
        let journals = [pipeline.sink("one", ["bad"]), pipeline.sink("two", ["in"])]
        #expect(throws: Mishap.self) { try pipeline.run(workers: workers) }
        for journal in journals {
            #expect(journal.steps.first == .open && journal.steps.last == .abort)
            #expect(!journal.steps.contains(.commit))
        }
    }

    @Test func anEncoderThatThrowsEndsTheRun() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let bad = pipeline.sink("bad") { $0.beforeEncoding = { _ in throw Mishap() } }
        let good = pipeline.sink("good")
        #expect(throws: Mishap.self) { try pipeline.run() }
        #expect(bad.steps.last == .abort && good.steps.last == .abort)
    }

    @Test func aSinkThatDoesNotOpenEndsTheRunBeforeAnythingIsRead() throws {
        let isRead = Atomic(false)
        var pipeline = ScriptedPipeline()
        pipeline.source([ScriptedUnit(TrailText.unit(0, 1)) { isRead.store(true, ordering: .relaxed) }])
        let first = pipeline.sink("first")
        let second = pipeline.sink("second") { $0.failsAt = .open }
        let third = pipeline.sink("third")
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "the sink cannot go on")
        #expect(first.steps == [.open, .abort])
        #expect(second.steps == [.open])
        #expect(third.steps == [])
        let wasRead = isRead.load(ordering: .relaxed)
        #expect(!wasRead)
    }

    @Test(arguments: [1, 2, 8])
    func aSinkThatCannotWriteEndsTheRun(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let first = pipeline.sink("first")
        let second = pipeline.sink("second") { $0.failsAt = .write }
        #expect(throws: StageError.self) { try pipeline.run(workers: workers) }
        #expect(first.steps.last == .abort && !first.steps.contains(.commit))
        // After a write that failed there is nothing to finish.
        #expect(second.steps == [.open, .write, .abort])
    }

    @Test func aSinkThatCannotFinishEndsTheRunBeforeAnyCommit() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let first = pipeline.sink("first")
        let second = pipeline.sink("second") { $0.failsAt = .finish }
        let third = pipeline.sink("third")
        #expect(throws: StageError.self) { try pipeline.run() }
        #expect(first.steps == [.open, .write, .finish, .abort])
        #expect(second.steps == [.open, .write, .finish, .abort])
        // What waits for it then is not written any more.
        #expect(third.steps == [.open, .abort])
    }

    /// A commit is a rename and hardly ever fails; when it does, the sinks before it keep what they have committed.
    @Test func aSinkThatCannotCommitTakesTheLaterOnesWithIt() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let first = pipeline.sink("first")
        let second = pipeline.sink("second") { $0.failsAt = .commit }
        let third = pipeline.sink("third")
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(
            error?.advice
                == "what 'first' wrote is in its place all the same; what comes behind the sink that failed is as it was"
        )
        #expect(first.steps == [.open, .write, .finish, .commit])
        #expect(second.steps == [.open, .write, .finish, .commit, .abort])
        #expect(third.steps == [.open, .write, .finish, .abort])
    }

    @Test func aSourceThatFindsNothingToReadEndsTheRun() throws {
        var pipeline = ScriptedPipeline()
        let options = ScriptedSource.Options(failure: StageError("cannot read 'nowhere'"))
        pipeline.plan.sources = [Stage("in", ScriptedSource.self, options)]
        let journal = pipeline.sink()
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "cannot read 'nowhere'")
        #expect(journal.steps == [])
    }

    /// The others wait, with a full budget, for a unit that will never be finished.
    @Test(arguments: 0..<20)
    func aFailureWakesTheWorkersThatWait(round: Int) throws {
        try expectEnd(of: "unit 0") { pipeline, gate in
            pipeline.transform("bad") { batch, _ in
                guard batch.origin.unit == "unit 0" else { return }
                try gate.pass()
                throw Mishap()
            }
        }
    }

    @Test(arguments: 0..<20)
    func theFirstProblemWakesTheWorkersThatWait(round: Int) throws {
        try expectEnd(of: "unit 0") { pipeline, gate in
            pipeline.plan.settings.onError = .fail
            pipeline.plan.sources = []
            var units: [any SourceUnit] = (0..<60).map { TrailText.unit($0, 5) }
            units[0] = ScriptedUnit(MemoryUnit("unit 0", TrailText.file(["{}", "nonsense"]).utf8)) { try gate.pass() }
            pipeline.source(units)
            pipeline.transform("bad") { _, _ in }
        }
    }

    /// Runs a pipeline whose first unit fails once the others have filled the budget.
    private func expectEnd(of unit: String, _ build: (inout ScriptedPipeline, Gate) -> Void) throws {
        let gate = Gate()
        let made = Atomic(0)
        let padding = PipelineRun.budgetBytes / 4
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        build(&pipeline, gate)
        let journal = pipeline.sink("out", ["bad"]) { options in
            options.padding = padding
            options.beforeEncoding = { batch in
                guard batch.origin.unit != unit else { return }
                // Four fill the budget; the two others wait at the ends of their units, or with the next one.
                if made.wrappingAdd(padding, ordering: .relaxed).newValue == 4 * padding { gate.open() }
            }
        }
        let error = #expect(throws: (any Error).self) { try pipeline.run(workers: 3) }
        #expect(!(error is Gate.Stuck))
        #expect(journal.steps.last == .abort)
    }
}
