import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Where ways meet, events are in the order of the input; one that came by several is there as often, in the order of
/// `inputs`.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunWaysTests {
    /// What a transform does to an event, by its number.
    enum Work: Sendable, CaseIterable {
        case even, odd, threes, tag, rewrite

        func apply(_ line: String, number: Int, stage: String) -> String? {
            switch self {
            case .even: number % 2 == 0 ? line : nil
            case .odd: number % 2 == 1 ? line : nil
            case .threes: number % 3 == 0 ? line : nil
            case .tag: line.dropLast() + #","\#(stage)":"\#(stage)"}"#
            case .rewrite: RewritingTransform.rewritten(line)
            }
        }
    }

    /// Stages behind a source `in`, with a sink for each list of inputs.
    struct Shape: Sendable, CustomTestStringConvertible {
        var transforms: [(name: String, inputs: [String], work: Work)] = []
        var sinks: [[String]] = []

        var testDescription: String {
            transforms.map { "\($0.name): \($0.work) of \($0.inputs)" }.joined(separator: ", ") + " -> \(sinks)"
        }

        /// What a stage gives of an event.
        func lines(of stage: String, _ line: String, _ number: Int) -> [String] {
            guard let transform = transforms.first(where: { $0.name == stage }) else { return [line] }
            return transform.inputs.flatMap { lines(of: $0, line, number) }
                .compactMap { transform.work.apply($0, number: number, stage: stage) }
        }

        func pipeline(_ units: [any SourceUnit]) -> (ScriptedPipeline, [SinkJournal]) {
            var pipeline = ScriptedPipeline()
            pipeline.source(units)
            for (name, inputs, work) in transforms {
                switch work {
                case .even: pipeline.transform(name, after: inputs) { batch, _ in batch.keep { $0.number % 2 == 0 } }
                case .odd: pipeline.transform(name, after: inputs) { batch, _ in batch.keep { $0.number % 2 == 1 } }
                case .threes: pipeline.transform(name, after: inputs) { batch, _ in batch.keep { $0.number % 3 == 0 } }
                case .tag:
                    pipeline.transform(name, after: inputs) { batch, _ in
                        let column = batch.addColumn(name)
                        for event in batch { column.set(.string(name), row: event.row) }
                    }
                case .rewrite:
                    pipeline.plan.transforms.append(Stage(name, RewritingTransform.self, NoOptions(), inputs: inputs))
                }
            }
            let journals = sinks.enumerated().map { pipeline.sink("out \($0)", $1) }
            return (pipeline, journals)
        }
    }

    private static let shapes = [
        Shape(transforms: [("a", ["in"], .even), ("b", ["in"], .odd)], sinks: [["a", "b"], ["b", "a"]]),
        Shape(transforms: [("a", ["in"], .even), ("b", ["in"], .threes)], sinks: [["a", "b"], ["b", "a"], ["a"]]),
        Shape(transforms: [("a", ["in"], .tag)], sinks: [["a", "in"], ["in", "a"], ["in"]]),
        Shape(transforms: [("a", ["in"], .tag), ("b", ["in"], .tag)], sinks: [["b", "a"]]),
        Shape(transforms: [("a", ["in"], .even), ("b", ["a"], .tag)], sinks: [["in", "b", "a"]]),
        Shape(transforms: [("a", ["in"], .rewrite), ("b", ["in"], .odd)], sinks: [["a", "b"]]),
        Shape(
            transforms: [("a", ["in"], .even), ("b", ["in"], .tag), ("c", ["b", "a"], .rewrite)],
            sinks: [["c"], ["c", "in"]]
        ),
        Shape(
            transforms: [
                ("a", ["in"], .even), ("b", ["in"], .tag), ("c", ["a", "b"], .rewrite), ("d", ["c", "in"], .rewrite),
                ("e", ["d", "a"], .threes),
            ],
            sinks: [["e"], ["d", "e", "in"]]
        ),
    ]

    private static let random = (0..<40).map { seed -> Shape in
        var generator = SplitMix64(seed: UInt64(seed))
        var shape = Shape()
        func inputs() -> [String] {
            let names = (["in"] + shape.transforms.map(\.name)).shuffled(using: &generator)
            return Array(names.prefix(Int.random(in: 1...3, using: &generator)))
        }
        for number in 0..<Int.random(in: 1...5, using: &generator) {
            let work = Work.allCases[Int.random(in: 0..<Work.allCases.count, using: &generator)]
            shape.transforms.append(("t\(number)", inputs(), work))
        }
        shape.sinks = (0..<2).map { _ in inputs() }
        return shape
    }

    private static let sizes = [37, 0, 1, 90, 5]

    @Test(arguments: shapes + random)
    func eventsAreInTheOrderOfTheInput(shape: Shape) throws {
        let expected = shape.sinks.map { inputs in
            Self.sizes.enumerated().flatMap { unit, count in
                (0..<count).flatMap { number in
                    inputs.flatMap { shape.lines(of: $0, TrailText.record(unit, number), number) }
                }
            }
        }
        for (window, stretch) in [(1 << 20, Int.max), (1 << 20, 7), (600, 1), (600, 4096), (2000, 300)] {
            for workers in [1, 3] {
                let units = Self.sizes.enumerated().map { unit, count in
                    MemoryUnit("unit \(unit)", TrailText.file(unit, count).utf8, stretch: stretch)
                }
                let (pipeline, journals) = shape.pipeline(units)
                let report = try pipeline.run(workers: workers, windowBytes: window)
                let lines = journals.map(\.lines)
                #expect(lines == expected, "window \(window), reads of \(stretch), \(workers) workers")
                #expect(report.eventsIn == Self.sizes.reduce(0, +))
                #expect(report.stages.suffix(shape.sinks.count).map(\.eventsOut) == expected.map(\.count))
            }
        }
    }

    @Test func anEventThatReachesASinkByTwoWaysIsKeptOnce() throws {
        let (pipeline, journals) = Self.shapes[1].pipeline((0..<10).map { TrailText.unit($0, 12) })
        let report = try pipeline.run(workers: 3)
        // 0 2 3 4 6 8 9 10 of every unit, 0 and 6 twice
        #expect(report.eventsKept == 80 && report.eventsFiltered == 40)
        #expect(journals[0].lines.count == 100)
        #expect(report.stages[3].eventsIn == 100)
    }

    /// The order of what two stages reject does not depend on where a batch ends.
    @Test(arguments: [1 << 20, 600])
    func rejectedEventsAreToldInTheOrderOfTheInput(window: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source([TrailText.unit(0, 60)])
        for (stage, divisor) in [("threes", 3), ("fives", 5)] {
            pipeline.transform(stage, after: stage == "threes" ? ["in"] : ["threes"]) { batch, _ in
                for event in batch where event.number % divisor == 0 { batch.reject(event, reason: "\(divisor)") }
            }
        }
        pipeline.sink("out", ["fives"])
        let problems = ProblemList()
        let report = try pipeline.run(observer: problems.observer, windowBytes: window)
        let rejected = (0..<60).filter { $0 % 3 == 0 || $0 % 5 == 0 }
        #expect(
            problems.texts
                == rejected.map { number in
                    number % 3 == 0
                        ? "unit 0: record \(number): 'threes': 3" : "unit 0: record \(number): 'fives': 5"
                }
        )
        #expect(report.eventsQuarantined == rejected.count)
    }
}
