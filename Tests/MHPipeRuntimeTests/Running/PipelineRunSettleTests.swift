import Foundation
import Libc
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// A queue hears what the user was told of, as far as the quarantine has it, and that the run is over.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunSettleTests {
    private let journal = QueueJournal()
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private static func unit(_ name: String, beforeOpening: @escaping @Sendable () throws -> Void = {}) -> NextUnit {
        .unit(ScriptedUnit(MemoryUnit(name, (TrailText.record(0, 0) + "\n").utf8), beforeOpening: beforeOpening))
    }

    private static func broken(_ name: String, comesAgain: Bool = false) -> NextUnit {
        var input = UnreadableInput(name: name, reason: "nobody understands it")
        input.raw = Array("what \(name) says".utf8)
        input.comesAgain = comesAgain
        return .unreadable(input)
    }

    private func pipeline(_ steps: [NextUnit], failure: StageError? = nil) -> ScriptedPipeline {
        var options = SettlingQueue.Options()
        (options.steps, options.journal, options.failure) = (steps, journal, failure)
        var pipeline = ScriptedPipeline()
        pipeline.plan.sources.append(Stage("in", SettlingQueue.self, options))
        pipeline.plan.settings.onEmpty = .warn
        return pipeline
    }

    @Test func whatCouldNotBeReadIsReported() throws {
        let gone = Self.unit("gone") { throw StageError("it is gone") }
        var pipeline = pipeline([
            Self.unit("a"), Self.broken("x"), gone, Self.unit("b"), Self.broken("y", comesAgain: true),
        ])
        pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
        pipeline.sink()
        _ = try pipeline.run(workers: 1)
        #expect(journal.lines == ["committed a b", "settled x gone y", "released gone", "ended"])
        let kept = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self)
        #expect(kept.contains("what x says") && kept.contains("it is gone") && !kept.contains("what y says"))
    }

    @Test(arguments: [0, 1, 2]) func aRunWithoutAUnitSettlesAsWell(count: Int) throws {
        var pipeline = pipeline(["x", "y"].prefix(count).map { Self.broken($0) })
        pipeline.sink()
        _ = try pipeline.run()
        #expect(journal.lines == [(["settled"] + ["x", "y"].prefix(count)).joined(separator: " "), "ended"])
    }

    @Test func whatTheQuarantineHasNoRoomForIsNotReported() throws {
        var pipeline = pipeline([Self.unit("a"), Self.broken("x"), Self.broken("y")])
        pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
        pipeline.plan.settings.quarantineLimit = 120
        pipeline.sink()
        _ = try pipeline.run(workers: 1)
        #expect(journal.lines == ["committed a", "settled", "ended"])
    }

    /// The lines are behind a reader that has gone, so that nobody has them.
    @Test(arguments: [1, 3]) func whatTheReaderOfTheQuarantineHasNotTakenIsNotReported(count: Int) throws {
        signal(SIGPIPE, SIG_IGN)
        let path = folder.path("bad.pipe")
        try #require(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDONLY | O_NONBLOCK)
        try #require(reader >= 0)
        var pipeline = pipeline([Self.unit("a") { close(reader) }] + (0..<count).map { Self.broken("x\($0)") })
        pipeline.plan.settings.quarantine = path
        pipeline.sink()
        _ = try pipeline.run(workers: 1)
        #expect(journal.lines == ["committed a", "settled", "ended"])
    }

    @Test func aRunThatFailsSettlesNothing() throws {
        var pipeline = pipeline([Self.unit("a"), Self.broken("x")])
        pipeline.sink { $0.failsAt = .commit }
        #expect(throws: StageError.self) { try pipeline.run(workers: 1) }
        #expect(journal.lines == ["released a", "ended"])
    }

    @Test func aQueueThatCannotSettleFailsTheRunButNotTheOutputs() throws {
        var pipeline = pipeline([Self.unit("a"), Self.broken("x")], failure: StageError("the queue is gone"))
        let sink = pipeline.sink()
        let error = #expect(throws: StageError.self) { try pipeline.run(workers: 1) }
        #expect(error?.message == "the queue is gone")
        #expect(sink.steps.last == .commit)
        #expect(journal.lines == ["committed a", "settled x", "ended"])
    }

    /// What a queue has given up is nowhere else, so the next run adds to it; what others quarantine is found again.
    @Test(arguments: [false, true]) func theQuarantineOfAQueueIsNeverReplaced(takesAway: Bool) throws {
        for name in ["x", "y", "z"] {
            var pipeline = pipeline(name == "y" ? [Self.unit("a")] : [Self.unit("a"), Self.broken(name)])
            pipeline.plan.sources[0].takesAway = takesAway
            pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
            pipeline.sink()
            _ = try pipeline.run(workers: 1)
        }
        let kept = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self)
        #expect(
            kept.split(separator: "\n").map { $0.contains("what x says") } == (takesAway ? [true, false] : [false])
        )
        #expect(kept.contains("what z says"))
    }

    /// The limit is one of the file, whoever has written it.
    @Test func theLimitCountsWhatIsThere() throws {
        for name in ["x", "y"] {
            var pipeline = pipeline([Self.unit("a"), Self.broken(name)])
            pipeline.plan.sources[0].takesAway = true
            pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
            pipeline.plan.settings.quarantineLimit = 150
            pipeline.sink()
            _ = try pipeline.run(workers: 1)
        }
        #expect(journal.lines == ["committed a", "settled x", "ended", "committed a", "settled", "ended"])
    }
}
