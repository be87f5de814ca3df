import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct JSONLinesSinkTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func recordsAreLines() throws {
        try write([[#"{"a":1}"#, "{ \"b\" : [ ] }"], [], [#"{"c":null}"#]], to: "out.jsonl")
        #expect(try folder.text("out.jsonl") == "{\"a\":1}\n{\"b\":[]}\n{\"c\":null}\n")
    }

    @Test func noEventsAreAnEmptyFile() throws {
        try write([[], []], to: "out.jsonl")
        #expect(try folder.text("out.jsonl") == "")
    }

    @Test(arguments: ["out.jsonl.gz", "OUT.GZ"])
    func aCompressedNameIsCompressed(name: String) throws {
        let records = SampleRecords.random(300, seed: 9)
        try write([Array(records[..<100]), [], Array(records[100..<101]), Array(records[101...])], to: name)
        try write([records], to: "plain")
        guard let gzip = ExternalProgram("gzip") else { return }
        let result = try gzip.run(["-dc"], input: folder.read(name))
        #expect(result.errors == "")
        #expect(result.output == (try folder.read("plain")))
    }

    @Test func aUnitIsOneGzipMemberAndAnEmptyUnitNone() throws {
        try write([[#"{"a":1}"#], [], [#"{"a":2}"#]], to: "out.gz")
        try write([[#"{"a":1}"#]], to: "first.gz")
        try write([[#"{"a":2}"#]], to: "second.gz")
        #expect(try folder.read("out.gz") == folder.read("first.gz") + folder.read("second.gz"))
    }

    @Test func noEventsAreAnEmptyGzipFile() throws {
        try write([[], []], to: "out.gz")
        guard let gzip = ExternalProgram("gzip") else { return }
        let result = try gzip.run(["-dc"], input: folder.read("out.gz"))
        #expect(result.errors == "")
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
    }

    @Test(arguments: ["out.jsonl", "out.jsonl.gz"])
    func theNumberOfWorkersDoesNotMatter(name: String) throws {
        let units = (0..<12).map { SampleRecords.random($0 * 7 % 23, seed: UInt64($0)) }
        try write(units, to: name, workers: 1)
        let alone = try folder.read(name)
        for workers in [2, 3, 8] {
            try write(units, to: name, workers: workers)
            #expect(try folder.read(name) == alone)
        }
    }

    @Test func pythonReadsTheRecordsBack() throws {
        let records = SampleRecords.nasty + SampleRecords.random(300, seed: 5)
        try write([records], to: "out.jsonl")
        guard let python = ExternalProgram("python3") else { return }
        let script = """
            import json, sys
            def load(text): return json.loads(text, object_pairs_hook=list, parse_float=str, parse_int=str)
            want = json.load(sys.stdin)
            lines = open(sys.argv[1], encoding='utf-8', newline='').read().split('\\n')
            assert lines.pop() == ''
            assert len(lines) == len(want), (len(lines), len(want))
            for line, record in zip(lines, want): assert load(line) == load(record), line
            print('ok')
            """
        let result = try python.run(["-c", script, folder.path("out.jsonl")], input: JSONEncoder().encode(records))
        #expect(String(decoding: result.output, as: UTF8.self) == "ok\n")
        #expect(result.errors == "")
    }

    @Test func jqReadsTheRecordsBack() throws {
        // jq 1.6 refuses surrogates without a partner.
        let records = (SampleRecords.nasty + SampleRecords.random(300, seed: 6)).filter { record in
            !record.contains(#"\ud"#)
        }
        #expect(records.count > 100)
        try write([records], to: "out.jsonl")
        guard let jq = ExternalProgram("jq") else { return }
        let result = try jq.run(["-c", "."], input: folder.read("out.jsonl"))
        let expected = try jq.run(["-c", "."], input: Data(records.joined(separator: "\n").utf8))
        #expect(result.errors == "")
        #expect(result.output == expected.output)
        #expect(result.output.count { $0 == 0x0A } == records.count)
    }

    @Test func aFailedRunLeavesTheOldFile() throws {
        try folder.write("old", to: "out.jsonl")
        var sink = try SinkHarness.make(JSONLinesSink.self, ["path": .text(folder.path("out.jsonl"))])
        try sink.open()
        try SinkHarness.write([[EventBatch(records: ["{}"])]], to: &sink)
        sink.abort()
        #expect(try folder.text("out.jsonl") == "old")
        #expect(folder.names == ["out.jsonl"])
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
    func aFullDiskIsAPlainMessage() throws {
        let sink = try SinkHarness.make(JSONLinesSink.self, ["path": "/dev/full"])
        let error = #expect(throws: StageError.self) {
            try SinkHarness.run(sink, [[EventBatch(records: ["{}"])]])
        }
        #expect(error?.message == "cannot write '/dev/full': No space left on device")
        #expect(error?.isClosedPipe == false)
    }

    private func write(_ units: [[String]], to name: String, workers: Int = 2) throws {
        let sink = try SinkHarness.make(JSONLinesSink.self, ["path": .text(folder.path(name))])
        try SinkHarness.run(sink, units.map { $0.isEmpty ? [] : [EventBatch(records: $0)] }, encoders: workers)
    }
}
