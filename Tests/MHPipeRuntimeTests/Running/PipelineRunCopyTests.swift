import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// Events that are only copied are proven, and none of their members is found; what is written is the same.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunCopyTests {
    private static let records = (0..<60).map { number in
        let source = number == 57 ? "aws:sqs" : ["s3", "ec2", "mgh"][number % 3]
        let name = number == 56 ? "\\u004e" : "N"
        let space = number == 55 ? " " : ""
        return
            #"{"eventVersion":\#(space)"1","eventSource":"\#(source)","eventName":"\#(name)","n":\#(number),"unit":"own"}"#
    }

    /// How events come to sinks, and whether they are only copied on the way.
    private enum Shape: CaseIterable {
        case one, two, otherSink, transform, column, selection

        var copies: Bool {
            switch self {
            case .one, .two: true
            case .otherSink, .transform, .column, .selection: false
            }
        }
    }

    @Test(arguments: [nil] + ObjectProof.forms.map(\.form), [1, 3])
    func whatIsWrittenIsTheSame(form: String?, workers: Int) throws {
        let proof = ObjectProof.forms.first { $0.form == form }
        for shape in Shape.allCases {
            let read = try Self.run(shape, nil, workers)
            let copied = try Self.run(shape, proof, workers)
            #expect(copied.texts == read.texts, "\(shape)")
            #expect(copied.tokens <= read.tokens, "\(shape)")
            // Two brackets a record, and a little more.
            #expect((copied.tokens * 3 < read.tokens) == (shape.copies && proof != nil), "\(shape)")
        }
    }

    /// What a run wrote and counted, and how many tokens were in the indexes that its sinks saw.
    private static func run(_ shape: Shape, _ proof: ObjectProof?, _ workers: Int) throws -> (
        texts: [String], tokens: Int
    ) {
        var pipeline = ScriptedPipeline()
        let texts = [
            TrailText.file(records), records.joined(separator: "\n") + "\n",
            TrailText.file(Array(records[..<25])).replacing("},{", with: "} , {"),
            TrailText.file([records[0], #"{"eventVersion":tru}"#] + records[50...]),
        ]
        let units = texts.enumerated().map { number, text in
            var unit = MemoryUnit("\(number)", text.utf8)
            if shape == .column { unit.facts.column = UnitFacts.Column("unit", json: "1") }
            return unit
        }
        let selection = shape == .selection ? EventSelection(regions: ["r"]) : nil
        pipeline.source(units, selection: selection)
        let seen = Locked(0)
        var journals: [SinkJournal] = []
        func sink(_ name: String = "out", _ input: String = "in", copies: Bool = true) {
            journals.append(
                pipeline.sink(name, [input]) { options in
                    options.copies = copies
                    options.beforeEncoding = { batch in
                        let entries = batch.selection.reduce(0) { sum, row in
                            let record = batch.rows.records[row]
                            return sum + Int(record.endPosition - record.position)
                        }
                        seen.withLock { $0 += entries }
                    }
                }
            )
        }
        switch shape {
        case .one, .column, .selection: sink()
        case .two:
            sink()
            sink("other")
        case .otherSink:
            sink()
            sink("other", copies: false)
        case .transform:
            pipeline.transform("t") { _, _ in }
            sink("out", "t")
        }
        let report = try pipeline.run(workers: workers, proof: proof)
        let counts = "\(report.eventsIn) \(report.eventsKept) \(report.eventsFiltered) \(report.eventsQuarantined)"
        return (journals.flatMap(\.lines) + [counts], seen.withLock { $0 })
    }
}
