import Dispatch
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What became of each unit travels with its bytes.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunOutcomeTests {
    /// Units of 0 to 4 records, every seventh with one that is damaged, and some that cannot be opened.
    private static let units: [any SourceUnit] = (0..<120).map { number in
        if number % 10 == 9 {
            return ScriptedUnit(TrailText.unit(number, 1)) { throw StageError("cannot be opened") }
        }
        guard number % 7 == 3 else { return TrailText.unit(number, number % 5) }
        let records = TrailText.records(number, number % 5) + ["{nonsense}"]
        return MemoryUnit("unit \(number)", records.joined(separator: "\n").utf8)
    }

    /// A transform with state that makes no use of it.
    private struct Passing: OrderedTransform {
        static let name = "passing"
        static let summary = "Passes everything on."

        init(_ options: NoOptions, _ context: PluginContext) {}
        func process(_ batch: EventBatch, into output: EventOutput) { output.pass(batch) }
        func save(into state: OutputBuffer) {}
        func restore(_ state: Span<UInt8>) {}
    }

    private static func outcome(_ number: Int) -> (ending: UnitOutcome.Ending, events: Int, quarantined: Int) {
        if number % 10 == 9 { return (.unreadable, 0, 0) }
        let isBad = number % 7 == 3
        return (.read, number % 5 + (isBad ? 1 : 0), isBad ? 1 : 0)
    }

    @Test func sinksLearnWhatWasKnownOfUnits() throws {
        var units = (0..<20).map { TrailText.unit($0, $0 % 3) }
        for unit in units.indices { units[unit].facts = UnitFacts(account: "\(unit)", region: "us-east-1") }
        var pipeline = ScriptedPipeline()
        pipeline.source(units)
        let journal = pipeline.sink("plain")
        _ = try pipeline.run(workers: 2)
        #expect(journal.units.map(\.outcome.facts) == units.map(\.facts))
    }

    @Test(arguments: [1, 2, 8], [1 << 20, 64])
    func sinksLearnWhereUnitsEnd(workers: Int, window: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        pipeline.plan.transforms.append(Stage("state", Passing.self, NoOptions(), inputs: ["in"]))
        let plain = pipeline.sink("plain")
        let behind = pipeline.sink("behind", ["state"])
        let both = pipeline.sink("both", ["in", "state"])
        let report = try pipeline.run(workers: workers, windowBytes: window)
        for (journal, times) in [(plain, 1), (behind, 1), (both, 2)] {
            #expect(journal.units.map(\.outcome.id) == Self.units.map(\.id))
            var bytes = 0
            for (number, unit) in journal.units.enumerated() {
                let (ending, events, quarantined) = Self.outcome(number)
                #expect(unit.outcome.source == "in" && unit.outcome.ending == ending)
                #expect((unit.outcome.events, unit.outcome.quarantined) == (events, quarantined))
                let lines = TrailText.records(number, events - quarantined)
                bytes += times * lines.reduce(0) { $0 + $1.utf8.count + 1 }
                #expect(unit.bytes == bytes, "unit \(number)")
            }
            #expect(journal.totals?.units == report.files && journal.totals?.events == report.eventsIn)
            #expect(journal.totals?.kept == report.eventsKept)
            #expect(journal.totals?.quarantined == report.eventsQuarantined)
            #expect(journal.totals?.unreadable == 12 && report.unreadable == 12)
        }
    }

    /// Many units that give nothing must not pile up while an early one is read.
    @Test func endsOfUnitsThatWaitAreBounded() throws {
        let budget = ByteBudget(limit: 100_000, sinks: 2)
        let plan = PipelinePlan(name: "test")
        let state = RunState()
        let log = UnitLog(
            observer: RunObserver(),
            settings: RunSettings(),
            totals: UnitTotals(plan, of: ["in"]),
            quarantine: nil,
            state: state,
            budget: budget,
            number: 1,
            sections: 1
        )
        func finish(_ unit: Int) {
            log.finish(UnitOutcome(source: "in", id: UnitID("\(unit)")), StageCounts(plan), unit: unit, section: 0)
        }
        var unit = 1
        while budget.bytes < 100_000 {
            finish(unit)
            unit += 1
        }
        #expect(unit < 1000 && budget.bytes < 101_000)
        // The next one waits, until the first unit has ended.
        let (last, isThrough) = (unit, Gate())
        DispatchQueue(label: "worker").async {
            log.finish(UnitOutcome(source: "in", id: UnitID("last")), StageCounts(plan), unit: last, section: 0)
            isThrough.open()
        }
        finish(0)
        try isThrough.pass()
        try log.finish(RunTotals())
        #expect(budget.bytes == 0)
    }
}
