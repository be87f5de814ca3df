import MHPipeKit
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// The same bytes come out, in the order of the plan, whatever the number of workers.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunOrderTests {
    private static let workers = [1, 2, 3, 8]
    /// The records of each of some hundred units; many have few, some have none, one has many.
    private static let sizes = (0..<240).map { $0 == 0 ? 3000 : $0 * 7919 % 31 * ($0 % 5 == 0 ? 4 : 1) }
    private static let expected = sizes.enumerated().flatMap { TrailText.records($0, $1) }

    private static let units: [any SourceUnit] = sizes.enumerated().map { number, count in
        let text = TrailText.file(number, count)
        let bytes = number % 3 == 0 ? TrailText.gzip(text) : Array(text.utf8)
        return MemoryUnit("unit \(number)", bytes, stretch: number % 2 == 0 ? 700 : .max)
    }

    @Test(arguments: workers)
    func linesComeOutInTheOrderOfTheInput(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let journal = pipeline.sink()
        let other = pipeline.sink("padded", ["in"]) { $0.padding = 20_000 }
        let report = try pipeline.run(workers: workers)
        #expect(journal.lines == Self.expected)
        #expect(other.lines == Self.expected)
        #expect(report.outcome == .completed)
        #expect(report.files == Self.sizes.count)
        #expect(report.eventsIn == Self.expected.count)
        #expect(report.eventsKept == Self.expected.count)
        #expect(report.stages.last?.bytesOut == other.bytes.count)
    }

    @Test(arguments: [2, 3, 8])
    func aSlowFirstUnitHoldsTheOthersBack(workers: Int) throws {
        let gate = Gate()
        let left = Atomic(Self.sizes.count { $0 > 0 } - 1)
        var units = Self.units
        units[0] = ScriptedUnit(TrailText.unit(0, Self.sizes[0])) { try gate.pass() }
        var pipeline = ScriptedPipeline()
        pipeline.source(units)
        pipeline.transform("see") { batch, _ in
            // The first unit opens when all others are through.
            if left.wrappingSubtract(1, ordering: .relaxed).newValue == 0 { gate.open() }
        }
        let journal = pipeline.sink("out", ["see"])
        let report = try pipeline.run(workers: workers)
        #expect(journal.lines == Self.expected)
        #expect(report.filesDamaged == 0)
    }

    @Test(arguments: [2, 8])
    func moreThanTheBudgetBehindASlowUnitComesOutWhole(workers: Int) throws {
        let gate = Gate()
        let made = Atomic(0)
        let padding = 1 << 20
        var units: [any SourceUnit] = (0..<40).map { TrailText.unit($0, 2) }
        units[0] = ScriptedUnit(TrailText.unit(0, 2)) { try gate.pass() }
        var pipeline = ScriptedPipeline()
        pipeline.source(units)
        let journal = pipeline.sink("out") { options in
            options.padding = padding
            options.beforeEncoding = { _ in
                // All but one worker can fill the budget; then they wait for the first unit.
                let total = made.wrappingAdd(padding, ordering: .relaxed).newValue
                if total >= PipelineRun.budgetBytes { gate.open() }
            }
        }
        let report = try pipeline.run(workers: workers)
        #expect(journal.lines == (0..<40).flatMap { TrailText.records($0, 2) })
        #expect(report.filesDamaged == 0)
        #expect(report.stages.last?.bytesOut == journal.bytes.count)
    }

    @Test(arguments: workers)
    func sourcesComeInTheOrderOfThePlan(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source((0..<20).map { TrailText.unit($0, 3) }, as: "first")
        pipeline.source([], as: "empty")
        pipeline.source((20..<40).map { TrailText.unit($0, 2) }, as: "second")
        let journal = pipeline.sink("out", ["first", "second"])
        let second = pipeline.sink("of second", ["second"])
        let report = try pipeline.run(workers: workers)
        #expect(journal.lines == (0..<40).flatMap { TrailText.records($0, $0 < 20 ? 3 : 2) })
        #expect(second.lines == (20..<40).flatMap { TrailText.records($0, 2) })
        #expect(report.stages.map(\.eventsIn) == [60, 0, 40, 100, 40])
    }

    @Test func moreWorkersThanUnitsAreNoHarm() throws {
        var pipeline = ScriptedPipeline()
        pipeline.source([TrailText.unit(0, 3), TrailText.unit(1, 3)])
        let journal = pipeline.sink()
        _ = try pipeline.run(workers: 50)
        #expect(journal.lines == TrailText.records(0, 3) + TrailText.records(1, 3))
    }
}
