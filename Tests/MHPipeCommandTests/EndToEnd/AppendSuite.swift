import Foundation
import MHPipeTestSupport
import Testing

/// What the tests of runs with `mode: append` have in common: a pipeline with every kind of output, and what is in them.
protocol AppendSuite {
    var folder: TemporaryDirectory { get }
    var mhpipe: Mhpipe { get }
}

extension AppendSuite {
    static var sinks: String {
        """
        sinks:
          all: {type: jsonl, inputs: [who], path: all.jsonl}
          packed: {type: jsonl, inputs: [who], path: all.jsonl.gz}
          framed: {type: jsonl, inputs: [who], path: all.jsonl.zst}
          table: {type: csv, inputs: [who], path: all.csv}
          packed_table: {type: csv, inputs: [who], path: all.csv.gz}
          rows: {type: sqlite, inputs: [who], path: all.db, indexes: [eventTime]}

        """
    }

    static var head: String {
        """
        state: st
        mode: append
        checkpoint_every: 0s
        quarantine: bad.jsonl
        sources: {logs: {type: directory, path: logs}}
        transforms: {who: {type: identity, inputs: [logs]}}

        """
    }

    static var outputs: [String] {
        [
            "all.jsonl", "all.jsonl.gz", "all.jsonl.zst", "all.csv", "all.csv.gz", "all.db", "bad.jsonl",
        ]
    }

    /// An empty folder but for the pipeline.
    static func begin() throws -> (TemporaryDirectory, Mhpipe) {
        let folder = try TemporaryDirectory()
        try folder.write(head + sinks, to: "p.conf")
        return (folder, Mhpipe(folder: folder))
    }

    static func event(_ id: String) -> String {
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-01-11T00:00:00Z","#
            + #""eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","eventID":"\#(id)"}"#
    }

    func writeLog(_ name: String, _ ids: [String]) throws {
        try folder.write(Trail.file(ids.map(Self.event)), to: "logs/\(name).json")
    }

    func run(_ more: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["run", "p.conf", "-q", "--summary", "s.json"] + more)
    }

    func summary() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any] ?? [:]
    }

    /// The ids in the order of an output.
    func ids(_ output: String = "all.jsonl") throws -> [String] {
        let text: String
        switch true {
        case output.hasSuffix(".gz"): text = try mhpipe.shell("gunzip -c \(output)").text
        case output.hasSuffix(".db"): text = try SQLiteDump.text(of: folder.path(output))
        case output.hasSuffix(".zst"):
            try FileManager.default.copyItem(atPath: folder.path(output), toPath: folder.path("copy.jsonl.zst"))
            defer { try? FileManager.default.removeItem(atPath: folder.path("copy.jsonl.zst")) }
            text = try mhpipe.run("convert", "copy.jsonl.zst", "-", "-q").text
        default: text = String(decoding: try folder.read(output), as: UTF8.self)
        }
        return text.matches(of: /\bid-[0-9a-z]+/).map { String($0.output) }
    }

    func expectEverywhere(_ ids: [String], at location: SourceLocation = #_sourceLocation) throws {
        for output in Self.outputs where output != "bad.jsonl" {
            #expect(try self.ids(output) == ids, "\(output)", sourceLocation: location)
        }
    }

    func contents() throws -> [Data] { try Self.outputs.map { try folder.read($0) } }

    var leftOvers: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? []
        return names.filter { $0.hasPrefix(".") }
    }
}
