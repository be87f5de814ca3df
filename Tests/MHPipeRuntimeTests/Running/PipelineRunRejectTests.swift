import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Events that a transform cannot work on, and the end of transforms.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunRejectTests {
    /// A plan whose source hands out two units of four records.
    private func pipeline() -> ScriptedPipeline {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<2).map { TrailText.unit($0, 4) })
        return pipeline
    }

    private static let rejectsOdd: @Sendable (EventBatch, PluginContext) -> Void = { batch, _ in
        for event in batch where event.number % 2 == 1 { batch.reject(event, reason: "it is odd") }
    }

    @Test(arguments: [1, 2])
    func aRejectedEventIsAProblemOfItsRecord(workers: Int) throws {
        let folder = try TemporaryDirectory()
        var pipeline = pipeline()
        pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
        pipeline.transform("even", Self.rejectsOdd)
        let journal = pipeline.sink("out", ["even"])
        let problems = ProblemList()
        let report = try pipeline.run(workers: workers, observer: problems.observer)
        #expect(journal.lines == [0, 1].flatMap { [TrailText.record($0, 0), TrailText.record($0, 2)] })
        #expect(problems.texts.first == "unit 0: record 1: 'even': it is odd")
        #expect(problems.texts.count == 4)
        #expect(report.eventsIn == 8)
        #expect(report.eventsKept == 4)
        #expect(report.eventsQuarantined == 4)
        #expect(report.eventsFiltered == 0)
        let quarantined = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self)
        #expect(quarantined.split(separator: "\n").count == 4)
        #expect(quarantined.contains(#""reason":"'even': it is odd","raw":"{\"eventVersion\":\"1.08\",\"unit\":0,"#))
    }

    @Test func anEventThatAnotherWayKeepsIsNotQuarantined() throws {
        var pipeline = pipeline()
        pipeline.transform("even", Self.rejectsOdd)
        pipeline.transform("again", Self.rejectsOdd)
        pipeline.sink("evens", ["even"])
        pipeline.sink("evens again", ["again"])
        let report = try pipeline.run()
        #expect(report.eventsKept == 4)
        #expect(report.eventsQuarantined == 4)
        pipeline.sink("all", ["in"])
        let second = try pipeline.run()
        #expect(second.eventsKept == 8)
        #expect(second.eventsQuarantined == 0)
        #expect(second.eventsRejected == 4)
        #expect(second.hasProblems)
    }

    /// A sink may be unable to hold an event as well.
    @Test(arguments: [1, 2])
    func anEncoderRejectsAsATransformDoes(workers: Int) throws {
        var pipeline = pipeline()
        let journal = pipeline.sink("evens") { options in
            options.beforeEncoding = { batch in
                for event in batch where event.number % 2 == 1 { batch.reject(event, reason: "it is odd") }
            }
        }
        let problems = ProblemList()
        let report = try pipeline.run(workers: workers, observer: problems.observer)
        #expect(journal.lines == [0, 1].flatMap { [TrailText.record($0, 0), TrailText.record($0, 2)] })
        #expect(problems.texts.first == "unit 0: record 1: 'evens': it is odd")
        #expect((report.eventsIn, report.eventsKept, report.eventsQuarantined) == (8, 4, 4))
        #expect(report.stages.last.map { ($0.eventsIn, $0.eventsOut) } ?? (0, 0) == (8, 4))
        #expect(report.eventsRejected == 0 && report.hasProblems)
        let all = pipeline.sink("all")
        let second = try pipeline.run(workers: workers)
        #expect(all.lines.count == 8)
        #expect((second.eventsIn, second.eventsKept, second.eventsQuarantined) == (8, 8, 0))
        #expect(second.eventsRejected == 4 && second.hasProblems)
    }

    @Test func everyInstanceIsFinishedOnceBeforeTheCommit() throws {
        var pipeline = pipeline()
        let finished = Locked(0)
        pipeline.transform("t", finish: { finished.withLock { $0 += 1 } }) { _, _ in }
        pipeline.sink("out", ["t"]) { options in
            // Every worker has an instance, and there are as many as there was work for at a time.
            options.beforeCommitting = { #expect((1...2).contains(finished.withLock { $0 })) }
        }
        _ = try pipeline.run(workers: 2)
        #expect((1...2).contains(finished.withLock { $0 }))
    }

    @Test func aTransformThatCannotFinishFailsTheRun() throws {
        var pipeline = pipeline()
        pipeline.transform("t", finish: { throw StageError("it has more to say") }) { _, _ in }
        let journal = pipeline.sink("out", ["t"])
        #expect(throws: StageError.self) { try pipeline.run() }
        #expect(!journal.steps.contains(.commit))
    }
}
