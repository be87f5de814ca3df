import MHPipeKit
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// A run that is cancelled commits what it has read.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunCancelTests {
    @Test func cancelledBeforeTheStartItReadsNothing() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<10).map { TrailText.unit($0, 5) })
        let journal = pipeline.sink()
        let run = PipelineRun(pipeline.plan)
        run.cancel()
        let report = try run.run()
        #expect(report.outcome == .interrupted)
        #expect(report.files == 0 && report.eventsIn == 0)
        #expect(journal.steps == [.open, .finish, .commit])
    }

    @Test(arguments: [1, 3, 8])
    func cancelledOnTheWayItCommitsTheUnitsThatWereBegun(workers: Int) throws {
        let run = Mutex<PipelineRun?>(nil)
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<100).map { TrailText.unit($0, 5) })
        pipeline.transform("stop") { batch, _ in
            if batch.origin.unit == "unit 3" { run.withLock { $0?.cancel() } }
        }
        let journal = pipeline.sink("out", ["stop"])
        pipeline.plan.settings.workers = workers
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        let report = try prepared.run()
        run.withLock { $0 = nil }
        #expect(report.outcome == .interrupted)
        // Every unit is begun before those behind it, and ended once it is begun.
        #expect(report.files >= 4 && report.files <= 3 + 2 * workers)
        #expect(journal.lines == (0..<report.files).flatMap { TrailText.records($0, 5) })
        #expect(journal.steps == [.open, .write, .finish, .commit])
        if workers == 1 { #expect(report.files == 4) }
    }

    @Test func cancelledInTheLastUnitItIsWhole() throws {
        let run = Mutex<PipelineRun?>(nil)
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<5).map { TrailText.unit($0, 5) })
        pipeline.transform("stop") { batch, _ in
            if batch.origin.unit == "unit 4" { run.withLock { $0?.cancel() } }
        }
        let journal = pipeline.sink("out", ["stop"])
        pipeline.plan.settings.workers = 1
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        #expect(try prepared.run().outcome == .completed)
        run.withLock { $0 = nil }
        #expect(journal.lines.count == 25)
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
