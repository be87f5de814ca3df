import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import MHPipeTestSupport
import PipelineConfig
import Testing

@testable import MHPipeBuiltins

/// `exec` with `filter: true`: what a program leaves out is dropped, and nothing else is.
@Suite(.timeLimit(.minutes(30))) struct ExecFilterTests {
    private static let records = ["A", "B", "C", "D", "E", "F"].map {
        #"{"eventVersion":"1.08","eventID":"\#($0)","readOnly":\#("BD".contains($0)),"n":1.50}"#
    }

    /// A pipeline over files of so many records each.
    private func run(
        _ script: String,
        _ records: [String] = records,
        filesOf size: Int = 2,
        more: String = "",
        workers: Int = 2
    ) throws -> (lines: [String], report: RunReport, warnings: [String]) {
        let folder = try TemporaryDirectory()
        for (number, start) in stride(from: 0, to: records.count, by: size).enumerated() {
            let part = records[start..<min(start + size, records.count)]
            try folder.write(part.map { $0 + "\n" }.joined(), to: "logs/\(10000 + number).jsonl")
        }
        let text = """
            sources: {in: {type: directory, path: "\(folder.path("logs"))"}}
            transforms:
              f:
                type: exec
                filter: true
                command: [sh, -c, \(ExecStage.quoted(script))]
            \(more)
            sinks: {out: {type: jsonl, path: "\(folder.path("out.jsonl"))"}}
            """
        let checked = PipelineFile.check(SourceText(name: "p.conf", text: text), plugins: .builtin)
        var plan = try #require(checked.plan, "\(checked.diagnostics)")
        plan.settings.workers = workers
        let stage = ExecStage()
        let report = try PipelineRun(plan, observer: RunObserver(warning: { stage.context.warn($1) })).run()
        let lines = String(decoding: try folder.read("out.jsonl"), as: UTF8.self).split(separator: "\n").map(
            String.init
        )
        return (lines, report, stage.warnings)
    }

    @Test(
        arguments: [
            ("cat", "ABCDEF"), ("grep -v '\"readOnly\":true'", "ACEF"), ("grep eventID...F", "F"),
            ("grep -v eventID...F", "ABCDE"), ("grep nothing || test $? = 1", ""), ("tail -n +3", "CDEF"),
            ("cat >&2", ""),
            ("sed G", "ABCDEF"), ("cat; echo null; echo", "ABCDEF"),
        ],
        [(1, 4), (2, 1), (2, 4), (6, 1)]
    )
    func whatIsLeftOutIsDropped(filter: (script: String, left: String), setting: (size: Int, workers: Int)) throws {
        let (lines, report, warnings) = try run(filter.script, filesOf: setting.size, workers: setting.workers)
        #expect(lines == Self.records.filter { record in filter.left.contains { record.contains("\"\($0)\"") } })
        #expect(report.eventsFiltered == 6 - lines.count && report.eventsKept == lines.count)
        #expect(warnings.isEmpty || lines.isEmpty)
    }

    @Test func whatIsChangedIsMatchedByItsID() throws {
        let script = #"grep -v '"D"' | sed 's/}$/,"seen":true}/; s/1\.50/1.5/'"#
        let (lines, report, _) = try run(script)
        #expect(
            lines
                == Self.records.filter { !$0.contains(#""D""#) }
                .map { $0.replacing("1.50", with: "1.5").dropLast() + #","seen":true}"# }
        )
        #expect(report.stages[1].eventsIn == 6 && report.stages[1].eventsOut == 5)
        #expect(report.stages[1].eventsFiltered == 1 && report.stages[1].eventsMade == 0)
    }

    /// Equal lines cannot be told from one another, and need not be.
    @Test func equalEventsAreCountedByTheirLines() throws {
        let same = Array(repeating: Self.records[0], count: 5)
        let (lines, report, _) = try run("tail -n 3", same, filesOf: 5)
        #expect(lines == Array(same.prefix(3)) && report.eventsFiltered == 2)
    }

    @Test func moreThanARoundComesOutTheSame() throws {
        let pad = String(repeating: "x", count: 10_000)
        let records = (0..<1500).map { #"{"eventVersion":"1.08","n":\#($0),"pad":"\#(pad)"}"# }
        let (lines, report, _) = try run("grep -v '\"n\":[0-9]*[13579],'", records, filesOf: 100, workers: 3)
        #expect(lines == records.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
        #expect(report.eventsFiltered == 750)
    }

    @Test(
        arguments: [
            ("echo '{\"eventID\":\"Z\"}'; cat", "writes a line that is none of the events it was given"),
            ("cat; echo done", "writes a line that is none of the events it was given: 'done'"),
            ("sort -r", "writes events twice, or in another order"),
            ("sed p", "writes events twice, or in another order"),
            ("cat; exit 3", "ended with status 3 after 6 events, of which it may have lost some"),
            ("grep nothing", "ended with status 1 after 6 events"),
            ("exec <&-; exit 0", "before it had read all of 6 events"),
            ("yes", "writes far more than it was given"),
        ]
    )
    func whatCannotBeMatchedFailsTheRun(script: String, message: String) throws {
        let error = #expect(throws: StageError.self) { try run(script) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func aProgramThatFailsIsStartedAgain() throws {
        let folder = try TemporaryDirectory()
        let mark = folder.path("mark")
        let (lines, _, warnings) = try run("cat; test -e '\(mark)' || { touch '\(mark)'; exit 4; }")
        #expect(lines == Self.records)
        #expect(warnings.count == 1 && warnings[0].contains("ended with status 4"))
    }

    @Test func aHandshakeNeedsNoFilter() {
        let stage = ExecStage()
        let error = #expect(throws: OptionError.self) {
            try stage.make(ExecFilterTransform.self, "command: cat\nprotocol: handshake\nfilter: true")
        }
        #expect(error?.option == "filter")
    }

    @Test func whatIsHeldCanBeSaved() throws {
        let stage = ExecStage()
        let first = try stage.make(ExecFilterTransform.self, "command: cat\nfilter: true")
        var (transform, output) = (first, OutputBuffer())
        let events = EventOutput { JSONLines().append($0, to: output) }
        try transform.process(EventBatch(records: Self.records).detached(), into: events)
        let state = OutputBuffer()
        transform.save(into: state)
        var second = first
        try second.restore(Array(state.bytes).span)
        output = OutputBuffer()
        try second.finish(into: events)
        try events.finish()
        #expect(String(decoding: output.bytes, as: UTF8.self) == Self.records.map { $0 + "\n" }.joined())
        for count in [0, 1, state.count / 2, state.count - 1] {
            var other = first
            #expect(throws: StageError.self) { try other.restore(Array(state.bytes.prefix(count)).span) }
        }
    }
}
