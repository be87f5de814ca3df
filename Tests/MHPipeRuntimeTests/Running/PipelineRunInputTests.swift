import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeRuntime

/// What a run does with input that cannot be read.
@Suite(.timeLimit(.minutes(30))) struct PipelineRunInputTests {
    private static let unreadable = [
        UnreadableInput(name: "secret", reason: "Permission denied"), UnreadableInput(name: "gone", reason: "moved"),
    ]

    /// Two good units round one with a bad record, one with bytes that are no text, and one that does not open.
    private static let units: [any SourceUnit] = [
        TrailText.unit(0, 3),
        MemoryUnit(
            "bad",
            TrailText.file([TrailText.record(1, 0), #"{"n":nonsense "é"}"#, TrailText.record(1, 2)]).utf8
        ),
        MemoryUnit(
            "binary",
            Array(#"{"Records":[{"a":""#.utf8) + [0xFF, 0x00, 0xFE] + Array(#""},{"eventVersion":1}]}"#.utf8)
        ),
        ScriptedUnit(MemoryUnit("shut", [])) { throw StageError("cannot be opened: No such file or directory") },
        TrailText.unit(4, 3),
    ]

    private static let lines =
        TrailText.records(0, 3) + [TrailText.record(1, 0), TrailText.record(1, 2), #"{"eventVersion":1}"#]
        + TrailText.records(4, 3)

    private static func pipeline(_ change: (inout RunSettings) -> Void = { _ in }) -> (ScriptedPipeline, SinkJournal) {
        var pipeline = ScriptedPipeline()
        pipeline.source(units, unreadable: unreadable)
        let journal = pipeline.sink()
        change(&pipeline.plan.settings)
        return (pipeline, journal)
    }

    @Test(arguments: [1, 2, 8])
    func problemsAreToldInTheOrderOfTheInput(workers: Int) throws {
        let (pipeline, journal) = Self.pipeline()
        let problems = ProblemList()
        let report = try pipeline.run(workers: workers, observer: problems.observer)
        #expect(
            problems.texts == [
                "secret: Permission denied",
                "gone: moved",
                "bad: record 1 at byte 51: a word that is no JSON value at byte 56",
                "binary: record 0 at byte 12: bytes that are not UTF-8 at byte 18",
                "shut: cannot be opened: No such file or directory",
            ]
        )
        #expect(journal.lines == Self.lines)
        #expect(report.outcome == .completed && report.hasProblems)
        #expect(report.unreadable == 3)
        #expect(report.files == 4 && report.filesDamaged == 0)
        #expect(report.eventsIn == 11 && report.eventsKept == 9)
        #expect(report.eventsFiltered == 0 && report.eventsQuarantined == 2)
    }

    @Test(arguments: [1, 8])
    func theQuarantineFileKeepsWhatWasLost(workers: Int) throws {
        let folder = try TemporaryDirectory()
        let (pipeline, _) = Self.pipeline { $0.quarantine = folder.path("bad.jsonl") }
        _ = try pipeline.run(workers: workers)
        let lines = String(decoding: try folder.read("bad.jsonl"), as: UTF8.self).split(separator: "\n")
        let binary = Array(#"{"a":""#.utf8) + [0xFF, 0x00, 0xFE] + Array(#""}"#.utf8)
        #expect(
            lines == [
                #"{"scope":"path","source":"in","file":"secret","reason":"Permission denied"}"#,
                #"{"scope":"path","source":"in","file":"gone","reason":"moved"}"#,
                #"{"scope":"record","source":"in","file":"bad","record":1,"offset":51,"reason":"a word that is no JSON value at byte 56","#
                    + #""raw":"{\"n\":nonsense \"é\"}"}"#,
                #"{"scope":"record","source":"in","file":"binary","record":0,"offset":12,"reason":"bytes that are not UTF-8 at byte 18","#
                    + "\"rawBase64\":\"\(Data(binary).base64EncodedString())\"}",
                #"{"scope":"path","source":"in","file":"shut","reason":"cannot be opened: No such file or directory"}"#,
            ]
        )
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test func aRunWithoutProblemsLeavesAnEmptyQuarantineFile() throws {
        let folder = try TemporaryDirectory()
        try folder.write("old", to: "bad.jsonl")
        var pipeline = ScriptedPipeline()
        pipeline.source([TrailText.unit(0, 3)])
        pipeline.sink()
        pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
        _ = try pipeline.run()
        #expect(try folder.read("bad.jsonl").isEmpty)
    }

    @Test func aRunThatFailsLeavesTheOldQuarantineFile() throws {
        let folder = try TemporaryDirectory()
        try folder.write("old", to: "bad.jsonl")
        var (pipeline, _) = Self.pipeline { $0.quarantine = folder.path("bad.jsonl") }
        pipeline.sink("bad") { $0.failsAt = .finish }
        #expect(throws: StageError.self) { try pipeline.run() }
        #expect(try folder.read("bad.jsonl") == Data("old".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["bad.jsonl"])
    }

    @Test func aQuarantineFileThatCannotBeWrittenEndsTheRun() throws {
        let folder = try TemporaryDirectory()
        let (pipeline, journal) = Self.pipeline { $0.quarantine = folder.path("no/such/folder.jsonl") }
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message.contains("no/such/folder.jsonl") == true)
        #expect(!journal.steps.contains(.commit))
    }

    @Test func aLossOfMoreThanAMebibyteIsKeptInPart() throws {
        let folder = try TemporaryDirectory()
        let record = #"{"n":nonsense,"x":""# + String(repeating: "x", count: 2 << 20) + #""}"#
        var pipeline = ScriptedPipeline()
        pipeline.source([MemoryUnit("large", TrailText.file([record]).utf8)])
        pipeline.sink()
        pipeline.plan.settings.quarantine = folder.path("bad.jsonl")
        _ = try pipeline.run()
        let object = try JSONSerialization.jsonObject(with: folder.read("bad.jsonl"))
        let line = try #require(object as? [String: Any])
        #expect(line["raw"] as? String == String(record.prefix(1 << 20)))
        #expect(line["rawBytes"] as? Int == record.utf8.count)
    }

    @Test(arguments: [1, 2, 8])
    func onErrorFailStopsAtTheFirstProblem(workers: Int) throws {
        var pipeline = ScriptedPipeline()
        pipeline.source(Self.units)
        let journal = pipeline.sink()
        pipeline.plan.settings.onError = .fail
        let problems = ProblemList()
        let error = #expect(throws: StageError.self) {
            try pipeline.run(workers: workers, observer: problems.observer)
        }
        let first = "bad: record 1 at byte 51: a word that is no JSON value at byte 56"
        #expect(error?.message == "stopped at the first problem in the input: \(first)")
        #expect(problems.texts == [first])
        #expect(journal.steps.last == .abort)
    }

    @Test func onErrorFailStopsAtWhatASourceCannotRead() throws {
        let (pipeline, journal) = Self.pipeline { $0.onError = .fail }
        let error = #expect(throws: StageError.self) { try pipeline.run() }
        #expect(error?.message == "stopped at the first problem in the input: secret: Permission denied")
        #expect(journal.steps == [.open, .abort])
    }

    @Test(arguments: [RunSettings.DamagePolicy.keep, .drop])
    func aCutFileIsKeptOrDropped(policy: RunSettings.DamagePolicy) throws {
        let whole = TrailText.gzip(TrailText.file(1, 2000))
        var pipeline = ScriptedPipeline()
        pipeline.source([
            TrailText.unit(0, 3), MemoryUnit("cut.gz", whole.dropLast(400)), MemoryUnit("whole.gz", whole),
        ])
        let journal = pipeline.sink()
        pipeline.plan.settings.onDamage = policy
        let problems = ProblemList()
        let report = try pipeline.run(observer: problems.observer)
        let kept = journal.lines.count - 3 - 2000
        #expect(journal.lines == TrailText.records(0, 3) + TrailText.records(1, kept) + TrailText.records(1, 2000))
        #expect(policy == .keep ? (1..<2000).contains(kept) : kept == 0)
        #expect(problems.texts.count == 1 && problems.texts[0].hasPrefix("cut.gz: "))
        #expect(problems.texts[0].hasSuffix("the whole file is left out (on_damage: drop)") == (policy == .drop))
        #expect(report.filesDamaged == 1 && report.files == 3)
        #expect(report.eventsIn == report.eventsKept + report.eventsQuarantined)
    }

    @Test func aStreamThatFailsOnTheWayKeepsWhatCameBefore() throws {
        var pipeline = ScriptedPipeline()
        let text = TrailText.file(0, 10)
        pipeline.source([FailingUnit(name: "broken", bytes: Array(text.utf8.prefix(120)))])
        let journal = pipeline.sink()
        let problems = ProblemList()
        let report = try pipeline.run(observer: problems.observer)
        #expect(journal.lines == TrailText.records(0, 2))
        #expect(problems.texts == ["broken: record 2 at byte 90: cannot be read any further: Input/output error"])
        #expect(report.filesDamaged == 1)
    }

    /// A unit whose medium fails behind its first bytes.
    private struct FailingUnit: SourceUnit {
        let name: String
        let bytes: [UInt8]
        var size: Int? { nil }

        func open() -> any ByteStream { Stream(bytes[...]) }

        private final class Stream: ByteStream {
            private var rest: ArraySlice<UInt8>

            init(_ rest: ArraySlice<UInt8>) {
                self.rest = rest
            }

            func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
                guard !rest.isEmpty else { throw StageError("cannot be read any further: Input/output error") }
                let part = rest.prefix(min(buffer.count, 50))
                buffer.copyBytes(from: part)
                rest = rest.dropFirst(part.count)
                return part.count
            }
        }
    }
}
