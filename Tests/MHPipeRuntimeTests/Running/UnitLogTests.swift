import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Problems are told and kept in the order of the input, and what waits of them is bounded.
@Suite(.timeLimit(.minutes(30))) struct UnitLogTests {
    private func batch(_ log: UnitLog, _ reasons: [String]) -> ProblemBatch {
        let batch = log.makeBatch()
        for reason in reasons {
            batch.append(
                InputProblem(scope: .record, file: "f", record: 0, reason: reason),
                raw: .init(start: nil, count: 0)
            )
        }
        return batch
    }

    @Test func whatWaitsCountsAgainstTheBudget() throws {
        let gate = Gate()
        let told = ProblemTexts()
        let budget = ByteBudget(limit: 1 << 20, sinks: 2)
        let observer = RunObserver(problem: { problem in
            try? gate.pass()
            told.append(problem.reason)
        })
        let plan = PipelinePlan(name: "test")
        let log = UnitLog(
            observer: observer,
            settings: RunSettings(),
            totals: UnitTotals(plan, of: []),
            quarantine: nil,
            state: RunState(),
            budget: budget,
            number: 1,
            sections: 1
        )
        let batches = [batch(log, ["second", "third"]), batch(log, ["first"]), batch(log, ["fourth"])]
        log.submit(batches[0], unit: 1, section: 0)
        log.submit(batches[1], unit: 0, section: 0)
        log.submit(batches[2], unit: 2, section: 0)
        #expect(budget.bytes == batches.reduce(0) { $0 + $1.weight })
        #expect(batches.allSatisfy { $0.weight > 100 })
        let ended = UnitOutcome(source: "in", id: UnitID("f"))
        for unit in 0..<3 { log.finish(ended, StageCounts(plan), unit: unit, section: 0) }
        gate.open()
        try log.finish(RunTotals())
        #expect(told.all == ["first", "second", "third", "fourth"])
        #expect(budget.bytes == 0)
    }

    /// Sinks may come to a unit's end before it is told that a problem in it ends the run: whoever goes on must meet it again.
    @Test func theUnitThatEndsTheRunIsInNoCheckpoint() throws {
        let directory = try TemporaryDirectory()
        let folder = try StateFolder(directory.path("st"))
        let committer = try Committer(
            folder,
            from: JournalRecord(),
            isResumed: false,
            sinks: 1,
            stages: 0,
            interval: .zero,
            manifest: nil,
            fail: { Issue.record("\($0)") }
        )
        let plan = PipelinePlan(name: "test")
        var settings = RunSettings()
        settings.onError = .fail
        let state = RunState()
        let log = UnitLog(
            observer: RunObserver(),
            settings: settings,
            totals: UnitTotals(plan, of: []),
            quarantine: nil,
            committer: committer,
            state: state,
            budget: ByteBudget(limit: 1 << 20, sinks: 2),
            number: 1,
            sections: 1
        )
        committer.handOut(0)
        committer.add(Checkpoint(token: [1]), of: 0)
        log.submit(batch(log, ["wrong"]), unit: 0, section: 0)
        log.finish(UnitOutcome(source: "in", id: UnitID("f")), StageCounts(plan), unit: 0, section: 0)
        try log.finish(RunTotals())
        #expect(state.isStopped)
        committer.close()
        #expect(!committer.hasRecord)
        #expect(try folder.bytes(of: "checkpoint") == nil)
    }

    /// More than the budget holds, by far, and of several workers at once.
    @Test(arguments: [1, 3, 8], [true, false])
    func manyProblemsComeInTheOrderOfTheInput(workers: Int, isKept: Bool) throws {
        let folder = try TemporaryDirectory()
        let count = 4000
        var pipeline = ScriptedPipeline()
        pipeline.source(
            (0..<8).map { unit in
                let lines = (0..<count).map { #"{"bad":\#(unit * count + $0) \#(String(repeating: "x", count: 200))"# }
                return MemoryUnit(
                    "unit \(unit)",
                    (TrailText.record(unit, 0) + "\n" + lines.joined(separator: "\n")).utf8
                )
            }
        )
        pipeline.sink()
        if isKept { pipeline.plan.settings.quarantine = folder.path("bad.jsonl") }
        let problems = ProblemList()
        let report = try pipeline.run(workers: workers, observer: problems.observer, windowBytes: 100_000)
        #expect(report.eventsQuarantined == 8 * count && report.eventsKept == 8)
        let told = problems.texts.map { $0.prefix { $0 != ":" } + " " + $0.split(separator: " ")[3] }
        #expect(told == (0..<8).flatMap { unit in (1...count).map { "unit \(unit) \($0)" } })
        guard isKept else { return }
        let lines = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 8 * count)
        #expect(zip(lines, 0...).allSatisfy { $0.contains(#"{\"bad\":\#($1) "#) })
    }

    @Test func aReaderOfTheQuarantineThatGoesAwayIsTold() throws {
        signal(SIGPIPE, SIG_IGN)
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        var pipeline = ScriptedPipeline()
        let texts = [#"{"eventVersion":"1"}"#, "{", "{", #"{"eventVersion":"2"}"#]
        pipeline.source((0..<3).map { MemoryUnit("unit \($0)", texts.joined(separator: "\n").utf8) })
        let journal = pipeline.sink()
        pipeline.plan.settings.quarantine = "/dev/fd/\(pipe.fileHandleForWriting.fileDescriptor)"
        let problems = ProblemList()
        let warnings = ProblemTexts()
        var observer = problems.observer
        observer.warning = { warnings.append("\($0): \($1)") }
        let report = try pipeline.run(workers: 1, observer: observer)
        #expect(report.outcome == .completed && report.eventsQuarantined == 6)
        #expect(journal.steps.last == .commit)
        #expect(problems.texts.count == 6)
        #expect(warnings.all.count == 1 && warnings.all[0].hasPrefix("quarantine: the reader of '/dev/fd/"))
    }
}
