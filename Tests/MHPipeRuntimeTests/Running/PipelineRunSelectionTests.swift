import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a source's selection leaves out is the same whether records are proven or read.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunSelectionTests {
    private static let accounts = ["111122223333", "444455556666"]
    private static let regions = ["eu-central-1", "us-east-1"]
    private static let days = ["2026-05-01", "2026-05-02", "2026-05-03"]

    /// The fields that tell, as JSON members: mostly sound, sometimes missing, empty, odd or escaped.
    private static func record(_ number: Int, _ random: inout SplitMix64) -> String {
        func member(_ key: String, _ texts: [String]) -> String {
            let odd = ["", #","\#(key)":"""#, #","\#(key)":null"#, #","\#(key)":7"#, #","\#(key)":"\u0031""#]
            return random.once(in: 12) ? random.pick(odd) : #","\#(key)":"\#(random.pick(texts))""#
        }
        let times = days.map { $0 + "T12:00:00Z" } + ["yesterday"]
        let identity = random.once(in: 3) ? #","userIdentity":{"accountId":"\#(random.pick(accounts))"}"# : ""
        return #"{"eventVersion":"1""# + identity + member("eventTime", times)
            + #","eventSource":"\#(random.pick(["s3", "mgh", "aws:s3"]))""#
            + #","eventName":"N""# + member("awsRegion", regions) + #","n":\#(number)"#
            + member("recipientAccountId", accounts) + "}"
    }

    private static let selections: [EventSelection] = [
        EventSelection(accounts: [accounts[0]]),
        EventSelection(regions: [regions[1]]),
        EventSelection(since: Timestamp(rfc3339: "2026-05-02T00:00:00Z")),
        EventSelection(
            accounts: Set(accounts),
            regions: [regions[0]],
            since: Timestamp(rfc3339: "2026-05-01T00:00:00Z"),
            until: Timestamp(rfc3339: "2026-05-03T00:00:00Z")
        ),
        EventSelection(accounts: ["999999999999"]),
    ]

    /// Whether stages behind the source drop events by the text of a field, too.
    private enum Behind: CaseIterable { case sink, filter, plainTransform, filterAndSink }

    @Test(arguments: FuzzSeeds.first(3))
    func isTheSameWhetherRecordsAreProvenOrRead(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let units = (0..<3).map { unit in
            let records = (0..<60).map { Self.record($0, &random) }
            return MemoryUnit(
                "\(unit)",
                (unit == 2 ? records.joined(separator: "\n") + "\n" : TrailText.file(records)).utf8
            )
        }
        for (number, selection) in Self.selections.enumerated() {
            for behind in Behind.allCases {
                let read = try Self.run(units, selection, behind, nil)
                #expect(number == 4 || read.contains { $0.hasPrefix("{") })
                for proof in ObjectProof.forms {
                    let proven = try Self.run(units, selection, behind, proof)
                    #expect(proven == read, "seed \(seed), selection \(number), \(behind), \(proof.form)")
                }
            }
        }
    }

    /// The lines of the sinks, the counts, and what was said.
    private static func run(
        _ units: [MemoryUnit],
        _ selection: EventSelection,
        _ behind: Behind,
        _ proof: ObjectProof?
    ) throws -> [String] {
        var pipeline = ScriptedPipeline()
        pipeline.source(units, selection: selection)
        var journals: [SinkJournal] = []
        if behind != .sink {
            let tests = { @Sendable in
                [FieldTest(.eventSource) { $0.text.map { $0.elementsEqual("s3".utf8) } ?? false }]
            }
            pipeline.transform("some", drops: behind == .plainTransform ? { nil } : tests) { batch, _ in
                batch.keep { $0[FieldPath("eventSource")]?.string != "s3" }
            }
            journals.append(pipeline.sink("out", ["some"]))
        }
        if behind == .sink || behind == .filterAndSink { journals.append(pipeline.sink("all", ["in"])) }
        let list = ProblemList()
        let report = try pipeline.run(workers: 1, observer: list.observer, proof: proof)
        let stages = report.stages.map { stage in
            "\(stage.name) \(stage.eventsIn) \(stage.eventsOut) \(stage.eventsFiltered) \(stage.eventsWithoutField)"
        }
        let counts = "\(report.eventsIn) \(report.eventsKept) \(report.eventsFiltered) \(report.eventsQuarantined)"
        return journals.flatMap(\.lines) + stages + [counts] + list.texts + report.warnings.map(\.message)
    }
}
