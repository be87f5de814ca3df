import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// Units are pulled when there is a worker for them.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunPulledTests {
    /// A unit that says what is asked of it.
    private struct Unit: SourceUnit {
        var base: MemoryUnit
        var facts = UnitFacts()
        var whenPrepared: @Sendable () -> Void = {}
        var whenOpened: @Sendable () throws -> Void = {}

        init(_ number: Int, _ count: Int = 2) { base = TrailText.unit(number, count) }

        var name: String { base.name }
        var size: Int? { base.size }
        func prepare() { whenPrepared() }

        func open() throws -> any ByteStream {
            try whenOpened()
            return base.open()
        }
    }

    @Test(arguments: [1, 2, 8])
    func whatCannotBeReadIsReportedWhereItsTurnComes(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.pulled { pull in
            switch pull {
            case 0..<60 where pull % 3 == 1: .unreadable(UnreadableInput(name: "lost \(pull)", reason: "gone"))
            case 0..<60 where pull % 3 == 2: .unit(MemoryUnit("bad \(pull)", Array("{nonsense}\n".utf8)))
            case 0..<60: .unit(TrailText.unit(pull, 2))
            default: .end
            }
        }
        let journal = pipeline.sink()
        let problems = ProblemList()
        let report = try pipeline.run(workers: workers, observer: problems.observer)
        let told: [String] = problems.texts.map { String($0.prefix { $0 != ":" }) }
        let bad: [Int] = (0..<60).filter { $0 % 3 > 0 }
        #expect(told == bad.map { $0 % 3 == 1 ? "lost \($0)" : "bad \($0)" })
        let good: [Int] = (0..<60).filter { $0 % 3 == 0 }
        #expect(journal.lines == good.flatMap { TrailText.records($0, 2) })
        #expect(report.filesSeen == 60 && report.files == 40 && report.unreadable == 20 && report.accountsForFiles)
    }

    @Test(arguments: [1, 8])
    func aListThatHasNothingYetIsAskedAgain(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.pulled { pull in
            if pull == 40 { return .end }
            return pull % 4 == 3 ? .unit(TrailText.unit(pull / 4, 2)) : .notYet(retryIn: .milliseconds(1))
        }
        pipeline.pulled(as: "other") { $0 == 0 ? .unit(TrailText.unit(10, 2)) : .end }
        let journal = pipeline.sink("out", ["in", "other"])
        let report = try pipeline.run(workers: workers)
        #expect(journal.lines == (0...10).flatMap { TrailText.records($0, 2) })
        #expect(report.outcome == .completed && report.files == 11)
    }

    /// Exec plugins start a program for every worker, so a worker without work is dear.
    @Test(arguments: [1, 2, 3])
    func thereAreNoMoreWorkersThanUnits(units: Int) throws {
        let finished = Atomic(0)
        var pipeline = ScriptedPipeline()
        pipeline.pulled { $0 < units ? .unit(TrailText.unit($0, 2)) : .end }
        pipeline.transform("t", finish: { finished.add(1, ordering: .relaxed) }) { _, _ in }
        pipeline.sink("out", ["t"])
        _ = try pipeline.run(workers: 8)
        #expect((1...units).contains(finished.load(ordering: .relaxed)))
    }

    /// Two units that each wait for the other to be open need two workers.
    @Test func unitsThatAreThereAreReadSideBySide() throws {
        let gates = [Gate(), Gate()]
        var pipeline = ScriptedPipeline()
        pipeline.pulled { pull in
            guard pull < 2 else { return .end }
            var unit = Unit(pull)
            unit.whenOpened = {
                gates[pull].open()
                try gates[1 - pull].pass()
            }
            return .unit(unit)
        }
        let journal = pipeline.sink()
        _ = try pipeline.run(workers: 2)
        #expect(journal.lines.count == 4)
    }

    @Test(arguments: [0, 1, 3, 100])
    func unitsArePreparedOnceAndEarly(readAhead: Int) throws {
        let prepared = Locked<[Int]>([])
        let (isAhead, last) = (Gate(), min(readAhead, 9))
        var pipeline = ScriptedPipeline()
        pipeline.pulled(readAhead: readAhead) { pull in
            guard pull < 10 else { return .end }
            var unit = Unit(pull)
            unit.whenPrepared = {
                prepared.withLock { $0.append(pull) }
                if pull == last { isAhead.open() }
            }
            // The first unit is not read before those ahead of it are prepared.
            if readAhead > 0, pull == 0 { unit.whenOpened = { try isAhead.pass() } }
            return .unit(unit)
        }
        let journal = pipeline.sink()
        _ = try pipeline.run(workers: 1)
        #expect(prepared.withLock { $0 } == (readAhead > 0 ? Array(0..<10) : []))
        #expect(journal.lines == (0..<10).flatMap { TrailText.records($0, 2) })
    }

    @Test(arguments: [0, 5])
    func aListThatFailsFailsTheRun(readAhead: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.pulled(readAhead: readAhead) { pull in
            guard pull < 7 else { throw StageError("the server is gone") }
            return .unit(TrailText.unit(pull, 2))
        }
        let journal = pipeline.sink()
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "the server is gone")
        #expect(journal.steps.last == .abort && !journal.steps.contains(.commit))
    }

    @Test(arguments: RunSettings.InterruptPolicy.allCases, [0, 1])
    func aRunThatWaitsForUnitsCanBeInterrupted(policy: RunSettings.InterruptPolicy, units: Int) throws {
        let run = Locked<PipelineRun?>(nil)
        var pipeline = ScriptedPipeline()
        pipeline.plan.settings.onInterrupt = policy
        pipeline.pulled { pull in
            if pull < units { return .unit(TrailText.unit(pull, 2)) }
            run.withLock { _ = $0?.cancel() }
            return .notYet(retryIn: .seconds(3600))
        }
        let journal = pipeline.sink()
        let prepared = PipelineRun(pipeline.plan)
        run.withLock { $0 = prepared }
        let report = try prepared.run()
        run.withLock { $0 = nil }
        #expect(report.outcome == (policy == .commit && units > 0 ? .interrupted : .aborted))
        #expect(journal.lines.count == (policy == .commit ? units * 2 : journal.lines.count))
    }

    @Test(arguments: [1, 2])
    func whatASourceSaysOfAUnitIsAddedToItsEvents(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.pulled { pull in
            guard pull < 3 else { return .end }
            var unit = Unit(pull)
            if pull != 1 { unit.facts.column = .init("integrity", json: #"{ "digest" : "\#(pull)" }"#) }
            return .unit(unit)
        }
        let seen = Locked<[String]>([])
        pipeline.transform("t") { batch, _ in
            let path = FieldPath("integrity", "digest")
            for event in batch { seen.withLock { $0.append(event[path]?.string ?? "-") } }
        }
        let journal = pipeline.sink("out", ["t"])
        _ = try pipeline.run(workers: workers)
        #expect(seen.withLock { $0.sorted() } == ["-", "-", "0", "0", "2", "2"])
        let expected = (0..<3).flatMap { number -> [String] in
            let added = number == 1 ? "}" : #","integrity":{"digest":"\#(number)"}}"#
            return TrailText.records(number, 2).map { String($0.dropLast()) + added }
        }
        #expect(journal.lines == expected)
    }

    @Test(arguments: ["", "nonsense", "1,2", "{", "1]", "\"a\nb\"", "\"\u{1}\"", "] , [1", "01"])
    func whatIsNoJSONTextIsNotAdded(json: String) throws {
        #expect(!UnitFacts.Column("x", json: json).isSound)
        var pipeline = ScriptedPipeline()
        pipeline.pulled { pull in
            var unit = Unit(pull)
            unit.facts.column = .init("x", json: json)
            return pull == 0 ? .unit(unit) : .end
        }
        let journal = pipeline.sink()
        #expect(throws: StageError.self) { try pipeline.run() }
        #expect(!journal.steps.contains(.commit))
    }

    @Test(arguments: ["null", "1", "-1.5e3", "\"\"", " true ", "[]", "[1,2]", "{\"a\":[{}]}", "\"\\u00e9\""])
    func whatIsAJSONTextIs(json: String) {
        #expect(UnitFacts.Column("x", json: json).isSound)
    }
}
