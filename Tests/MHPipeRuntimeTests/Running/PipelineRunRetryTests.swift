import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// What failed and may pass is tried again, and nothing else is.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunRetryTests {
    private static let retries = Retries(pauses: [.zero, .zero, .zero])
    private static let busy = StageError("the server is busy", isRetryable: true)
    private static let units: [any SourceUnit] = (0..<20).map { TrailText.unit($0, 5) }

    private func run(_ change: (inout ScriptedSink.Options) -> Void) throws -> SinkJournal {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let journal = pipeline.sink("out", ["in"], change)
        _ = try pipeline.run(retries: Self.retries)
        return journal
    }

    @Test(arguments: [SinkJournal.Step.open, .write, .finish], [1, 3])
    func aSinkThatIsBusyIsAskedAgain(step: SinkJournal.Step, failures: Int) throws {
        let usual = try run { _ in }
        let journal = try run { ($0.failsAt, $0.failures, $0.failure) = (step, failures, Self.busy) }
        #expect(journal.lines == usual.lines)
        #expect(journal.steps.last == .commit)
    }

    @Test(arguments: [SinkJournal.Step.open, .write, .finish])
    func notForEver(step: SinkJournal.Step) throws {
        let asked = Atomic(0)
        let error = #expect(throws: StageError.self) {
            try run {
                ($0.failsAt, $0.failure) = (step, Self.busy)
                $0.whenFailed = { asked.add(1, ordering: .relaxed) }
            }
        }
        #expect(error?.message == "the server is busy")
        let times = asked.load(ordering: .relaxed)
        #expect(times == 4)
    }

    @Test(arguments: [SinkJournal.Step.open, .write, .finish, .commit])
    func whatWillNotPassIsNotTriedAgain(step: SinkJournal.Step) throws {
        let asked = Atomic(0)
        #expect(throws: StageError.self) {
            try run {
                $0.failsAt = step
                $0.failure.isRetryable = step == .commit
                $0.whenFailed = { asked.add(1, ordering: .relaxed) }
            }
        }
        let times = asked.load(ordering: .relaxed)
        #expect(times == 1)
    }

    @Test func aUnitIsOpenedAgain() throws {
        let asked = Atomic(0)
        var pipeline = ScriptedPipeline()
        pipeline.source([
            ScriptedUnit(TrailText.unit(0, 5)) { if asked.add(1, ordering: .relaxed).newValue < 4 { throw Self.busy } },
            TrailText.unit(1, 5),
        ])
        let journal = pipeline.sink()
        let report = try pipeline.run(retries: Self.retries)
        #expect(report.unreadable == 0 && report.eventsIn == 10 && journal.lines.count == 10)
    }

    @Test func whoWaitsIsLetGoOf() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let hold = Locked<PipelineRun?>(nil)
        pipeline.sink("out") {
            ($0.failsAt, $0.failure) = (.write, Self.busy)
            $0.whenFailed = { hold.withLock { _ = $0?.cancel() } }
        }
        let run = PipelineRun(
            pipeline.plan,
            observer: RunObserver(),
            windowBytes: UnitReader.usualWindowBytes,
            retries: Retries(pauses: [.seconds(86_400)])
        )
        hold.withLock { $0 = run }
        #expect(try run.run().outcome == .aborted)
    }
}
