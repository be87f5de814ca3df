import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// How events go through stages that branch, and what is counted on the way.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunGraphTests {
    /// A plan whose source hands out ten units of twelve records.
    private func pipeline() -> ScriptedPipeline {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<10).map { TrailText.unit($0, 12) })
        return pipeline
    }

    /// Keeps the records whose number a divisor divides.
    private static func multiples(of divisor: Int) -> @Sendable (EventBatch, PluginContext) -> Void {
        { batch, _ in batch.keep { $0.number % divisor == 0 } }
    }

    private static func tag(_ text: String) -> @Sendable (EventBatch, PluginContext) -> Void {
        { batch, _ in
            let column = batch.addColumn("tag")
            for event in batch { column.set(.string(text), row: event.row) }
        }
    }

    private static func lines(_ numbers: [Int], tag: String? = nil) -> [String] {
        (0..<10).flatMap { unit in
            numbers.map { number in
                let record = TrailText.record(unit, number)
                return tag.map { record.dropLast() + #","tag":"\#($0)"}"# } ?? record
            }
        }
    }

    @Test(arguments: [1, 3])
    func oneBranchDoesNotSeeWhatAnotherDrops(workers: Int) throws {
        var pipeline = pipeline()
        pipeline.transform("twos", Self.multiples(of: 2))
        pipeline.transform("threes", Self.multiples(of: 3))
        let twos = pipeline.sink("twos out", ["twos"])
        let threes = pipeline.sink("threes out", ["threes"])
        let all = pipeline.sink("all", ["in"])
        let report = try pipeline.run(workers: workers)
        #expect(twos.lines == Self.lines([0, 2, 4, 6, 8, 10]))
        #expect(threes.lines == Self.lines([0, 3, 6, 9]))
        #expect(all.lines == Self.lines(Array(0..<12)))
        #expect(report.eventsKept == 120)
        #expect(report.stages.map(\.eventsIn) == [120, 120, 120, 60, 40, 120])
        #expect(report.stages.map(\.eventsOut) == [120, 60, 40, 60, 40, 120])
    }

    @Test func anEventThatReachesAnySinkIsKeptOnce() throws {
        var pipeline = pipeline()
        pipeline.transform("twos", Self.multiples(of: 2))
        pipeline.transform("threes", Self.multiples(of: 3))
        pipeline.sink("twos out", ["twos"])
        pipeline.sink("threes out", ["threes"])
        let report = try pipeline.run()
        // 0 2 3 4 6 8 9 10 of every unit
        #expect(report.eventsIn == 120)
        #expect(report.eventsKept == 80)
        #expect(report.eventsFiltered == 40)
    }

    @Test func oneBranchDoesNotSeeWhatAnotherAdds() throws {
        var pipeline = pipeline()
        pipeline.transform("left", Self.tag("left"))
        pipeline.transform("right", Self.tag("right"))
        let plain = pipeline.sink("plain", ["in"])
        let left = pipeline.sink("left out", ["left"])
        let right = pipeline.sink("right out", ["right"])
        _ = try pipeline.run()
        #expect(plain.lines == Self.lines(Array(0..<12)))
        #expect(left.lines == Self.lines(Array(0..<12), tag: "left"))
        #expect(right.lines == Self.lines(Array(0..<12), tag: "right"))
    }

    @Test func aChainHandsOnWhatIsLeft() throws {
        var pipeline = pipeline()
        pipeline.transform("twos", Self.multiples(of: 2))
        pipeline.transform("threes", after: ["twos"], Self.multiples(of: 3))
        pipeline.transform("tagged", after: ["threes"], Self.tag("six"))
        let journal = pipeline.sink("out", ["tagged"])
        let report = try pipeline.run()
        #expect(journal.lines == Self.lines([0, 6], tag: "six"))
        #expect(report.stages.map(\.eventsIn) == [120, 120, 60, 20, 20])
        #expect(report.eventsKept == 20 && report.eventsFiltered == 100)
    }

    @Test func aBatchWithoutEventsGoesNoFurther() throws {
        var pipeline = pipeline()
        pipeline.transform("none") { batch, _ in batch.keep { _ in false } }
        pipeline.transform("never", after: ["none"]) { _, _ in throw StageError("a batch without events came through") }
        let journal = pipeline.sink("out", ["never"])
        let report = try pipeline.run()
        #expect(journal.steps == [.open, .finish, .commit])
        #expect(report.eventsFiltered == 120)
    }

    @Test func aSourceThatNoStageReadsIsCounted() throws {
        var pipeline = pipeline()
        pipeline.source([TrailText.unit(10, 5)], as: "unread")
        let journal = pipeline.sink()
        let report = try pipeline.run()
        #expect(journal.lines == Self.lines(Array(0..<12)))
        #expect(report.eventsIn == 125 && report.eventsKept == 120 && report.eventsFiltered == 5)
    }

    @Test func warningsCarryTheNameOfTheStage() throws {
        var pipeline = pipeline()
        pipeline.transform("careful") { batch, context in
            if batch.origin.unit == "unit 4" { context.warn("mind \(batch.origin.unit) of \(batch.origin.source)") }
        }
        pipeline.sink("out", ["careful"])
        let warnings = ProblemTexts()
        _ = try pipeline.run(observer: RunObserver(warning: { warnings.append("\($0): \($1)") }))
        #expect(warnings.all == ["careful: mind unit 4 of in"])
    }

    @Test func theObserverIsToldOneThingAtATime() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(
            (0..<200).map { MemoryUnit("unit \($0)", TrailText.file([TrailText.record($0, 0), "nonsense"]).utf8) }
        )
        pipeline.transform("loud") { _, context in
            for number in 0..<20 { context.warn("\(number)") }
        }
        pipeline.sink("out", ["loud"])
        let told = ProblemTexts()
        let observer = RunObserver(
            problem: { problem in told.alone { problem.reason } },
            warning: { _, message in told.alone { message } }
        )
        _ = try pipeline.run(workers: 8, observer: observer)
        #expect(told.all.count == 200 + 200 * 20)
        #expect(told.overlaps == 0)
    }
}
