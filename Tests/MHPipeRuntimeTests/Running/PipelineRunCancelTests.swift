import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// A run that is cancelled commits nothing, or whole units that it has read, as the plan wants it.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunCancelTests {
    /// A run that is cancelled while a batch of a unit goes through it.
    private func run(
        _ policy: RunSettings.InterruptPolicy,
        units: [any SourceUnit],
        cancelledAt unit: String,
        workers: Int = 1
    ) throws -> (report: RunReport, journal: SinkJournal) {
        let run = Locked<PipelineRun?>(nil)
        let isCancelled = Gate()
        let later = Set(units.map(\.name).drop { $0 != unit }.dropFirst())
        var pipeline = ScriptedPipeline()
        pipeline.source(units)
        pipeline.transform("stop") { batch, _ in
            if batch.origin.unit == unit {
                run.withLock { _ = $0?.cancel() }
                isCancelled.open()
            }
            // However the threads are scheduled, nothing behind the unit ends before.
            if later.contains(batch.origin.unit) { try isCancelled.pass() }
        }
        let journal = pipeline.sink("out", ["stop"])
        pipeline.plan.settings.workers = workers
        pipeline.plan.settings.onInterrupt = policy
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        defer { run.withLock { $0 = nil } }
        return (try prepared.run(), journal)
    }

    @Test(arguments: RunSettings.InterruptPolicy.allCases)
    func cancelledBeforeTheStartItReadsAndCommitsNothing(policy: RunSettings.InterruptPolicy) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<10).map { TrailText.unit($0, 5) })
        let journal = pipeline.sink()
        pipeline.plan.settings.onInterrupt = policy
        let run = PipelineRun(pipeline.plan)
        #expect(run.cancel())
        let report = try run.run()
        #expect(report.outcome == .aborted)
        #expect(report.files == 0 && report.eventsIn == 0)
        #expect(!journal.steps.contains(.commit))
        #expect(journal.steps.first == nil || journal.steps.last == .abort)
    }

    @Test(arguments: [1, 3, 8])
    func cancelledOnTheWayItCommitsTheUnitsThatWereBegun(workers: Int) throws {
        let units = (0..<100).map { TrailText.unit($0, 5) }
        let (report, journal) = try run(.commit, units: units, cancelledAt: "unit 3", workers: workers)
        #expect(report.outcome == .interrupted)
        // Every unit is begun before those behind it, and ended once it is begun.
        #expect(report.files >= 4 && report.files <= 3 + 2 * workers)
        #expect(journal.lines == (0..<report.files).flatMap { TrailText.records($0, 5) })
        #expect(journal.steps == [.open, .write, .finish, .commit])
        if workers == 1 { #expect(report.files == 4) }
    }

    @Test(arguments: [1, 3, 8])
    func abortedOnTheWayItCommitsNothing(workers: Int) throws {
        let units = (0..<100).map { TrailText.unit($0, 5) }
        let (report, journal) = try run(.abort, units: units, cancelledAt: "unit 3", workers: workers)
        #expect(report.outcome == .aborted)
        #expect(!journal.steps.contains(.finish) && !journal.steps.contains(.commit))
        #expect(journal.steps.first == .open && journal.steps.last == .abort)
        #expect(report.eventsIn == report.eventsKept + report.eventsFiltered + report.eventsQuarantined)
    }

    @Test func abortedInAHugeUnitItLeavesTheRest() throws {
        let units = [TrailText.unit(0, 100_000)]
        let (report, journal) = try run(.abort, units: units, cancelledAt: "unit 0")
        #expect(report.outcome == .aborted)
        // One window of a mebibyte, of four.
        #expect(report.eventsIn < 30_000)
        #expect(journal.steps.last == .abort)
    }

    @Test func cancelledInTheLastUnitItIsWhole() throws {
        let (report, journal) = try run(.commit, units: (0..<5).map { TrailText.unit($0, 5) }, cancelledAt: "unit 4")
        #expect(report.outcome == .completed)
        #expect(journal.lines.count == 25)
    }

    /// A sink that is asked to commit is past the point of no return.
    @Test(arguments: RunSettings.InterruptPolicy.allCases)
    func cancelledInTheCommitItIsToldThatItIsTooLate(policy: RunSettings.InterruptPolicy) throws {
        let run = Locked<PipelineRun?>(nil)
        let answers = Locked<[Bool]>([])
        var pipeline = ScriptedPipeline()
        pipeline.source([TrailText.unit(0, 5)])
        let first = pipeline.sink("first") { options in
            options.beforeCommitting = {
                guard let run = run.withLock({ $0 }) else { return }
                answers.withLock { $0 = [run.cancel(), run.abandon()] }
            }
        }
        let second = pipeline.sink("second")
        pipeline.plan.settings.onInterrupt = policy
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        let report = try prepared.run()
        run.withLock { $0 = nil }
        #expect(answers.withLock { $0 } == [false, false])
        #expect(report.outcome == .completed)
        #expect(first.steps.last == .commit && second.steps.last == .commit)
    }

    /// What has no end of its own ends at what was whole, and nothing of it is damaged.
    @Test(arguments: ["{\"Records\":[", ""], [1 << 20, 600])
    func aStreamEndsWhereItIs(beginning: String, window: Int) throws {
        let run = Locked<PipelineRun?>(nil)
        let separator = beginning.isEmpty ? "\n" : ","
        let records = TrailText.records(0, 50)
        let text = beginning + records.map { $0 + separator }.joined() + "{\"eventVersion\":"
        var pipeline = ScriptedPipeline()
        // The stream cancels the run when it has nothing more to give, and ends when it is told to.
        pipeline.source([EndlessUnit(text) { run.withLock { _ = $0?.cancel() } }, TrailText.unit(1, 5)])
        let journal = pipeline.sink()
        let problems = ProblemList()
        pipeline.plan.settings.onInterrupt = .commit
        pipeline.plan.settings.workers = 1
        let prepared = PipelineRun(pipeline.plan, observer: problems.observer, windowBytes: window)
        run.withLock { $0 = prepared }
        let report = try prepared.run()
        run.withLock { $0 = nil }
        #expect(report.outcome == .interrupted)
        #expect(journal.lines == records)
        #expect(problems.texts == [])
        #expect(!report.hasProblems && report.eventsIn == 50 && report.files == 1)
    }

    @Test func progressReachesTheTotals() throws {
        let units = (0..<10).map { TrailText.unit($0, 5) }
        var pipeline = ScriptedPipeline()
        pipeline.source(units)
        pipeline.sink()
        let run = PipelineRun(pipeline.plan)
        #expect(run.progress == RunProgress())
        _ = try run.run()
        let progress = run.progress
        let bytes = units.reduce(0) { $0 + $1.bytes.count }
        #expect(progress.filesDone == 10 && progress.filesTotal == 10)
        #expect(progress.bytesDone == bytes && progress.bytesTotal == bytes)
        #expect(progress.events == 50)
    }
}

/// A unit that has no end of its own.
private struct EndlessUnit: SourceUnit {
    let name = "stream"
    let size: Int? = nil
    private let base: MemoryUnit
    private let atEnd: @Sendable () -> Void

    init(_ text: String, atEnd: @escaping @Sendable () -> Void) {
        base = MemoryUnit("stream", text.utf8)
        self.atEnd = atEnd
    }

    func open() -> any ByteStream { Stream(base: base.open(), atEnd: atEnd) }

    private final class Stream: ByteStream {
        private let base: any ByteStream
        private let atEnd: () -> Void

        init(base: any ByteStream, atEnd: @escaping () -> Void) {
            (self.base, self.atEnd) = (base, atEnd)
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            let count = try base.read(into: buffer)
            if count == 0 { atEnd() }
            return count
        }
    }
}
