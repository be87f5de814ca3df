import MHPipeKit
import MHPipeTestSupport
import Synchronization
import Testing

@testable import MHPipeRuntime

/// Events that every stage behind their source drops are proven and counted, and no stage sees them; nothing else differs.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunDropTests {
    /// A plan to which a case adds stages, and how many events its transforms have seen.
    private final class Trial: Sendable {
        let seen = Atomic(0)

        /// Drops the events of some sources.
        func drop(
            _ sources: String...,
            as name: String,
            after inputs: [String] = ["in"],
            in pipeline: inout ScriptedPipeline,
            from batch: Int = 0
        ) {
            let asked = Locked(0)
            let tests = { @Sendable () -> [FieldTest]? in
                guard
                    asked.withLock({
                        $0 += 1; return $0 > batch
                    })
                else { return nil }
                return [
                    FieldTest(.eventSource) { value in
                        value.text.map { sources.contains(String(decoding: $0, as: UTF8.self)) } ?? false
                    }
                ]
            }
            pipeline.transform(name, after: inputs, drops: tests) { [self] batch, _ in
                seen.wrappingAdd(batch.count, ordering: .relaxed)
                batch.keep { !sources.contains($0[FieldPath("eventSource")]?.string ?? "") }
            }
        }
    }

    /// Drops the events that have no `errorCode`, or one that is not `a`.
    private static func keepErrors(_ trial: Trial, _ pipeline: inout ScriptedPipeline) -> SinkJournal {
        let tests = { @Sendable in
            [FieldTest(.errorCode) { $0.text.map { !$0.elementsEqual("a".utf8) } ?? true }]
        }
        pipeline.transform("a", after: ["in"], drops: tests) { batch, _ in
            trial.seen.wrappingAdd(batch.count, ordering: .relaxed)
            batch.keep { $0[FieldPath("errorCode")]?.string == "a" }
        }
        return pipeline.sink("out", ["a"])
    }

    private static let sources = ["s3", "ec2", "mgh", "s3", "s3"]

    private static func pipeline() -> ScriptedPipeline {
        var pipeline = ScriptedPipeline()
        pipeline.source(
            (0..<4).map { unit in
                let records = (0..<50).map { number in
                    let source = sources[(unit + number) % 5]
                    let error = number % 10 == 0 ? #","errorCode":"\#(number % 20 == 0 ? "a" : "b")""# : ""
                    return #"{"eventVersion":"1","eventSource":"\#(source)","eventName":"N"\#(error),"n":\#(number)}"#
                }
                let text = unit == 3 ? records.joined(separator: "\n") : TrailText.file(records)
                return MemoryUnit("\(unit)", text.utf8)
            }
        )
        return pipeline
    }

    /// How stages are joined, and how many events their transforms see: without a proof, and with one.
    private enum Shape: CaseIterable {
        case one, two, sinkBeside, later, never, ways, missing

        var seen: (read: Int, proven: Int) {
            switch self {
            case .one: (200, 80)
            case .two: (400, 160)
            case .sinkBeside: (200, 200)
            case .later: (200 + 80, 80 + 80)
            case .never: (200, 200)
            case .ways: (400, 320)
            // A line without a line end is read.
            case .missing: (200, 13)
            }
        }

        func build(_ trial: Trial, _ pipeline: inout ScriptedPipeline) -> [SinkJournal] {
            switch self {
            case .one:
                trial.drop("s3", as: "a", in: &pipeline)
                return [pipeline.sink("out", ["a"])]
            case .two:
                trial.drop("s3", as: "a", in: &pipeline)
                trial.drop("s3", "ec2", as: "b", in: &pipeline)
                return [pipeline.sink("out", ["a"]), pipeline.sink("out 2", ["b"])]
            case .sinkBeside:
                trial.drop("s3", as: "a", in: &pipeline)
                return [pipeline.sink("out", ["a"]), pipeline.sink("all", ["in"])]
            case .later:
                trial.drop("s3", as: "a", in: &pipeline)
                trial.drop("mgh", as: "b", after: ["a"], in: &pipeline)
                return [pipeline.sink("out", ["b"])]
            case .never:
                trial.drop("s3", as: "a", in: &pipeline, from: .max)
                return [pipeline.sink("out", ["a"])]
            case .missing:
                return [PipelineRunDropTests.keepErrors(trial, &pipeline)]
            case .ways:
                trial.drop("ec2", "s3", as: "a", in: &pipeline)
                trial.drop("mgh", "ec2", as: "b", in: &pipeline)
                return [pipeline.sink("out", ["a", "b"])]
            }
        }
    }

    @Test(arguments: ObjectProof.forms.map(\.form), [1, 3])
    func countsAreThoseOfEventsThatWereRead(form: String, workers: Int) throws {
        let proof = try #require(ObjectProof.forms.first { $0.form == form })
        for shape in Shape.allCases {
            let (read, readSeen) = try Self.run(shape, nil, workers)
            let (proven, provenSeen) = try Self.run(shape, proof, workers)
            #expect(proven == read, "\(shape)")
            #expect(readSeen == shape.seen.read, "\(shape)")
            #expect(provenSeen == shape.seen.proven, "\(shape)")
        }
    }

    /// What a run gave: the lines of each sink, and the counts.
    private static func run(_ shape: Shape, _ proof: ObjectProof?, _ workers: Int) throws -> ([String], Int) {
        var pipeline = pipeline()
        let trial = Trial()
        let journals = shape.build(trial, &pipeline)
        let report = try pipeline.run(workers: workers, proof: proof)
        let stages = report.stages.map { stage in
            "\(stage.name) \(stage.eventsIn) \(stage.eventsOut) \(stage.eventsFiltered) \(stage.bytesOut)"
        }
        let counts = "\(report.eventsIn) \(report.eventsKept) \(report.eventsFiltered) \(report.eventsQuarantined)"
        return (journals.flatMap(\.lines) + stages + [counts], trial.seen.load(ordering: .relaxed))
    }

    /// A fact of a file that hides a field is what stages see.
    @Test func aHiddenFieldDropsNothing() throws {
        let proof = try #require(ObjectProof.forms.first)
        for (name, isHidden) in [("eventSource", true), ("unit", false)] {
            let trial = Trial()
            var pipeline = ScriptedPipeline()
            let records = (0..<5).map { #"{"eventVersion":"1","eventSource":"s3","n":\#($0)}"# }
            var unit = MemoryUnit("0", TrailText.file(records).utf8)
            unit.facts.column = UnitFacts.Column(name, json: "\"mgh\"")
            pipeline.source([unit])
            trial.drop("s3", as: "a", in: &pipeline)
            let journal = pipeline.sink("out", ["a"])
            _ = try pipeline.run(workers: 1, proof: proof)
            #expect(journal.lines.count == (isHidden ? 5 : 0))
        }
    }
}
