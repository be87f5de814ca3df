import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a run makes of damaged files does not depend on its settings, on how the files come, or on who works on them.
@Suite(.timeLimit(.minutes(60))) struct PipelineRunEqualTests {
    @Test(arguments: FuzzSeeds.first(12))
    func damagedFilesAreTheSameInEverySetting(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let mutations = (0..<4).map { _ in Mutation(SoundText.any(&random), &random) }
        let texts = mutations.map(\.text)
        let expected = try Outcome(texts, Setting())
        var quarantined: String?
        for setting in Setting.all {
            let outcome = try Outcome(texts, setting)
            for (part, isSame) in outcome.compared(with: expected) {
                #expect(isSame, "seed \(seed): \(part), \(setting)\n\(outcome)\n\(expected)\n\(mutations)")
            }
            if let lines = outcome.quarantined {
                #expect(lines == quarantined ?? lines, "seed \(seed): quarantine, \(setting)\n\(mutations)")
                quarantined = lines
            }
        }
    }

    /// A stage's problem with a record comes before those with the records behind it, whatever is read at a time.
    @Test(arguments: [16, 64, 200, 1 << 20], [1, 3])
    func problemsComeInTheOrderOfTheInput(window: Int, workers: Int) throws {
        let good = (0..<3).map { "{\"eventVersion\":\"\($0)\"}" }
        let bad = #"{"eventVersion":tru}"#
        let all = [good[0], bad, good[1], bad, bad, good[2], #"{"a":1}"#, good[0]]
        let envelope = Wrapping.logEvent.element(good[1])
        let texts = [
            TrailText.file(all), all.joined(separator: "\n"),
            "{\"Records\":[\(good[0]) \(good[1]),,\(good[2])]}",
            "{\"logEvents\":[\(envelope),\(bad),\(envelope),7,\(envelope)]}",
        ]
        var pipeline = ScriptedPipeline()
        pipeline.source(texts.enumerated().map { MemoryUnit("\($0)", $1.utf8) })
        pipeline.transform("none") { batch, _ in
            for event in batch { batch.reject(event, reason: "no") }
        }
        pipeline.sink("out", ["none"])
        let problems = ProblemList()
        _ = try pipeline.run(workers: workers, observer: problems.observer, windowBytes: window)
        let found = problems.all.map { problem in
            let isRejected = problem.reason == "'none': no"
            return "\(problem.file) \(isRejected ? "rejected" : "bad") \(problem.record.map(String.init) ?? "-")"
        }
        #expect(
            found == [
                "0 rejected 0", "0 bad 1", "0 rejected 2", "0 bad 3", "0 bad 4", "0 rejected 5", "0 bad 6",
                "0 rejected 7",
                "1 rejected 0", "1 bad 1", "1 rejected 2", "1 bad 3", "1 bad 4", "1 rejected 5", "1 bad 6",
                "1 rejected 7",
                "2 rejected 0", "2 bad -", "2 rejected 1", "2 bad -", "2 rejected 2",
                "3 rejected 0", "3 bad 1", "3 rejected 2", "3 bad 3", "3 rejected 4",
            ]
        )
    }
}

/// How a run is set up, which must make no difference.
private struct Setting: CustomStringConvertible {
    var workers = 1
    var window = UnitReader.usualWindowBytes
    var hasQuarantine = false
    var hasSecondSink = false
    var hasSize = true
    var stretch = Int.max
    /// By which records are proven that are dropped; nil where all are indexed.
    var proof: ObjectProof?
    var storing = Storing.plain

    enum Storing: CaseIterable {
        case plain, gzip, members

        func stored(_ text: [UInt8]) -> [UInt8] {
            switch self {
            case .plain: text
            case .gzip: TrailText.gzip(bytes: text)
            case .members: TrailText.members(text)
            }
        }
    }

    var description: String {
        "\(workers) workers, window of \(window) bytes, quarantine \(hasQuarantine), second sink \(hasSecondSink), "
            + "\(storing), proof \(proof?.form ?? "off"), \(hasSize ? "a file" : "a pipe"), \(stretch) bytes a read"
    }

    /// Every way of storing and reading with every number of workers, with some window and outputs.
    static let all: [Setting] = {
        var settings: [Setting] = []
        for workers in [1, 3] {
            for storing in Storing.allCases {
                for (number, stretch) in [Int.max, 11, 1].enumerated() {
                    for window in [UnitReader.usualWindowBytes, 48] {
                        var setting = Setting(workers: workers, window: window)
                        setting.storing = storing
                        setting.stretch = stretch
                        setting.hasSize = number == 0
                        let combination = settings.count + number
                        setting.hasQuarantine = combination % 2 == 1
                        setting.hasSecondSink = combination % 3 == 1
                        let proofs = [nil] + ObjectProof.forms
                        setting.proof = proofs[settings.count % proofs.count]
                        settings.append(setting)
                    }
                }
            }
        }
        return settings
    }()
}

/// What a run gave.
private struct Outcome: CustomStringConvertible {
    var lines: [String]
    var problems: [String]
    var counts: [String: Int]
    var quarantined: String?

    /// Runs the texts through a transform that drops some events and rejects others.
    init(_ texts: [[UInt8]], _ setting: Setting) throws {
        let folder = try TemporaryDirectory()
        var pipeline = ScriptedPipeline()
        pipeline.plan.settings.quarantine = setting.hasQuarantine ? folder.path("bad.jsonl") : nil
        pipeline.source(
            texts.enumerated()
                .map { number, text in
                    MemoryUnit(
                        "\(number)",
                        setting.storing.stored(text),
                        stretch: setting.stretch,
                        hasSize: setting.hasSize
                    )
                }
        )
        let dropped = SoundText.droppedSource
        let tests = { @Sendable in
            [FieldTest(.eventSource) { $0.text.map { String(decoding: $0, as: UTF8.self) } == dropped }]
        }
        pipeline.transform("some", drops: tests) { batch, _ in
            batch.keep { $0[FieldPath("eventSource")]?.string != dropped }
            for event in batch where event.number % 4 == 1 { batch.reject(event, reason: "it is one of four") }
            batch.keep { $0.number % 4 != 2 }
        }
        let journals = (setting.hasSecondSink ? ["a", "b"] : ["a"]).map { pipeline.sink($0, ["some"]) }
        let list = ProblemList()
        let report = try pipeline.run(
            workers: setting.workers,
            observer: list.observer,
            windowBytes: setting.window,
            proof: setting.proof
        )
        lines = journals[0].lines
        #expect(journals.allSatisfy { $0.lines == journals[0].lines })
        problems = list.texts
        counts = [
            "in": report.eventsIn, "kept": report.eventsKept, "filtered": report.eventsFiltered,
            "quarantined": report.eventsQuarantined, "rejected": report.eventsRejected, "files": report.files,
            "damaged": report.filesDamaged, "housekeeping": report.housekeeping, "text": report.bytesDecompressed,
            "some in": report.stages[1].eventsIn, "some out": report.stages[1].eventsOut,
            "source out": report.stages[0].eventsOut, "source in": report.stages[0].eventsIn,
        ]
        #expect(report.eventsIn == report.eventsKept + report.eventsFiltered + report.eventsQuarantined)
        #expect(report.eventsKept == lines.count)
        if setting.hasQuarantine { quarantined = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self) }
    }

    func compared(with other: Outcome) -> [(String, Bool)] {
        [
            ("events", lines == other.lines), ("problems", problems == other.problems),
            ("counts", counts == other.counts),
        ]
    }

    var description: String {
        "\(lines.count) events, \(problems), \(counts.sorted { $0.key < $1.key }.map { "\($0) \($1)" })"
    }
}
