import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Transforms with state see all events in the order of the input, whatever the number of workers and the read sizes.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunOrderedTests {
    private static let sizes = [37, 0, 1, 90, 5, 64]

    private static func units(stretch: Int) -> [any SourceUnit] {
        sizes.enumerated().map { unit, count in
            MemoryUnit("unit \(unit)", TrailText.file(unit, count).utf8, stretch: stretch)
        }
    }

    /// All events as (unit, number), in order.
    private static let all = sizes.enumerated().flatMap { unit, count in (0..<count).map { (unit, $0) } }

    private static func records(_ events: [(Int, Int)]) -> [String] { events.map { TrailText.record($0.0, $0.1) } }

    private static let first = all.enumerated().filter { place, event in !all[..<place].contains { $0.1 == event.1 } }
        .map(\.element)

    /// Runs a pipeline in several ways, and hands over what its sinks have and what it reports.
    private func everyWay(
        _ make: (inout ScriptedPipeline) -> [SinkJournal],
        _ check: ([[String]], RunReport) throws -> Void
    ) throws {
        for (window, stretch) in [(1 << 20, Int.max), (600, 1), (2000, 300)] {
            for workers in [1, 3] {
                var pipeline = ScriptedPipeline()
                pipeline.source(Self.units(stretch: stretch))
                let journals = make(&pipeline)
                let report = try pipeline.run(workers: workers, windowBytes: window)
                try check(journals.map(\.lines), report)
            }
        }
    }

    private func stage<P: TransformPlugin>(_ name: String, _ type: P.Type, _ inputs: [String], _ options: P.Options)
        -> Stage<any TransformPlugin>
    {
        Stage(name, type, options, inputs: inputs)
    }

    @Test func stateGoesFromUnitToUnit() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("first", FirstOfNumber.self, ["in"], NoOptions())]
            return [pipeline.sink("out", ["first"])]
        } _: { lines, report in
            #expect(lines[0] == Self.records(Self.first))
            #expect(report.eventsIn == 197 && report.eventsKept == 90 && report.eventsFiltered == 107)
            let stage = report.stages[1]
            #expect(stage.eventsIn == 197 && stage.eventsOut == 90 && stage.eventsDuplicate == 107)
        }
    }

    @Test func whatIsHeldComesAtTheEnd() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("back", Reversal.self, ["in"], NoOptions())]
            return [pipeline.sink("out", ["back"])]
        } _: { lines, report in
            #expect(lines[0] == Self.records(Self.all.reversed()))
            #expect(report.eventsKept == 197 && report.eventsFiltered == 0)
        }
    }

    @Test func whatIsMadeIsCounted() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("tally", Tally.self, ["in"], NoOptions())]
            return [pipeline.sink("out", ["tally"])]
        } _: { lines, report in
            #expect(lines[0] == [#"{"events":197}"#])
            #expect(report.eventsIn == 197 && report.eventsMade == 1 && report.eventsKept == 1)
            #expect(report.stages[1].eventsConsumed == 197 && report.stages[1].eventsMade == 1)
        }
    }

    @Test func oneFollowsAnotherAndWhatIsParallelStandsBeforeAndBehind() throws {
        try everyWay { pipeline in
            pipeline.transform("even") { batch, _ in batch.keep { $0.number % 2 == 0 } }
            pipeline.plan.transforms += [
                stage("first", FirstOfNumber.self, ["even"], NoOptions()),
                stage("back", Reversal.self, ["first"], NoOptions()),
            ]
            pipeline.transform("tag", after: ["back"]) { batch, _ in
                let column = batch.addColumn("tag")
                for event in batch { column.set(.int(event.number), row: event.row) }
            }
            return [pipeline.sink("out", ["tag"]), pipeline.sink("middle", ["first"])]
        } _: { lines, report in
            let even = Self.first.filter { $0.1 % 2 == 0 }
            #expect(lines[1] == Self.records(even))
            let tagged = even.reversed().map { String(TrailText.record($0.0, $0.1).dropLast()) + #","tag":\#($0.1)}"# }
            #expect(lines[0] == tagged)
            #expect(report.eventsKept == even.count)
        }
    }

    /// Unit by unit, what the workers give comes first.
    @Test func whereASinkTakesEventsOfBothTheWorkersComeFirst() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("first", FirstOfNumber.self, ["in"], NoOptions())]
            return [pipeline.sink("out", ["first", "in"])]
        } _: { lines, report in
            let expected = Self.sizes.indices.flatMap { unit in
                Self.all.filter { $0.0 == unit } + Self.first.filter { $0.0 == unit }
            }
            #expect(lines[0] == Self.records(expected))
            #expect(report.eventsKept == 197 && report.eventsFiltered == 0)
        }
    }

    @Test func aTransformBehindTakesEventsOfBoth() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("first", FirstOfNumber.self, ["in"], NoOptions())]
            pipeline.transform("ninth", after: ["first", "in"]) { batch, _ in batch.keep { $0.number % 9 == 0 } }
            return [pipeline.sink("out", ["ninth"])]
        } _: { lines, report in
            let kept = Self.all.filter { $0.1 % 9 == 0 } + Self.first.filter { $0.1 % 9 == 0 }
            #expect(lines[0].sorted() == Self.records(kept).sorted())
            #expect(report.stages[2].eventsIn == 287)
            #expect(report.eventsKept == Set(Self.records(kept)).count)
        }
    }

    @Test func portsHaveTheirOwnEvents() throws {
        try everyWay { pipeline in
            pipeline.plan.transforms = [stage("by", ByNumber.self, ["in"], NoOptions())]
            return [
                pipeline.sink("even", ["by.even"]), pipeline.sink("all", ["by.both", "by.odd"]),
                pipeline.sink("rest", ["by.odd"]),
            ]
        } _: { lines, report in
            let sent = Self.all.filter { $0.1 != 7 }
            #expect(lines[0] == Self.records(sent.filter { $0.1 % 2 == 0 }))
            #expect(lines[2] == Self.records(sent.filter { $0.1 % 2 == 1 }))
            let both = sent.flatMap { Array(repeating: $0, count: ($0.1 % 3 == 0 ? 1 : 0) + $0.1 % 2) }
            #expect(lines[1] == Self.records(both))
            #expect(report.eventsKept == sent.count && report.eventsFiltered == 197 - sent.count)
            #expect(report.stages[1].eventsFiltered == 197 - sent.count)
        }
    }

    @Test(arguments: [0, 2])
    func aStageThatLosesEventsOrGivesThemTwiceFailsTheRun(times: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units(stretch: .max))
        pipeline.plan.transforms = [stage("bad", Mistaken.self, ["in"], Mistaken.Options(times: times))]
        let journal = pipeline.sink("out", ["bad"])
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(
            error?.message
                == "the accounts of transform 'bad' do not add up: 197 events came in and 0 were made, but"
                + " \(197 * times) went on, 0 were dropped and 0 quarantined"
        )
        #expect(journal.steps.last == .abort)
    }

    @Test func whatAnOrderedStageThrowsFailsTheRun() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units(stretch: .max))
        pipeline.plan.transforms = [stage("first", FirstOfNumber.self, ["in"], NoOptions())]
        pipeline.transform("bad", after: ["first"]) { _, _ in throw StageError("it cannot") }
        let journal = pipeline.sink("out", ["bad"])
        #expect(throws: StageError.self) { try pipeline.run() }
        #expect(journal.steps.last == .abort)
    }

    /// More is in flight than the budget holds, and a sink waits for the ordered stage.
    @Test func backPressureReachesThroughAnOrderedStage() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<40).map { TrailText.unit($0, 400) })
        pipeline.plan.transforms = [
            stage("first", FirstOfNumber.self, ["in"], NoOptions()), stage("back", Reversal.self, ["in"], NoOptions()),
        ]
        let journals = [
            pipeline.sink("a", ["first", "in"]) { $0.padding = 200_000 }, pipeline.sink("b", ["back"]),
        ]
        let report = try pipeline.run(workers: 4)
        #expect(journals.map(\.lines.count) == [16_400, 16_000])
        #expect(report.eventsIn == 16_000)
    }

    @Test func rejectedEventsAreToldInOrder() throws {
        for workers in [1, 3] {
            var pipeline = ScriptedPipeline()
            pipeline.source(Self.units(stretch: .max))
            pipeline.plan.transforms = [stage("first", FirstOfNumber.self, ["in"], NoOptions())]
            pipeline.transform("tens", after: ["first"]) { batch, _ in
                for event in batch where event.number % 10 == 0 { batch.reject(event, reason: "ten") }
            }
            pipeline.sink("out", ["tens"])
            let problems = ProblemList()
            let report = try pipeline.run(workers: workers, observer: problems.observer)
            let expected = Self.first.filter { $0.1 % 10 == 0 }.map { "unit \($0.0): record \($0.1): 'tens': ten" }
            #expect(problems.texts == expected)
            #expect(report.eventsQuarantined == expected.count && report.eventsKept == 90 - expected.count)
        }
    }
}
