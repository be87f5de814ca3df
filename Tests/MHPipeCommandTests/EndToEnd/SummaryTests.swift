import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `--summary`, as `docs/run-summary.md` describes it.
@Suite struct SummaryTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "logs/a.json")
        try folder.write(String(Trail.file([Trail.hubCall]).dropLast(4)), to: "logs/cut.json")
        try folder.write("{\"eventVersion\":x}\n{\"eventVersion\":y}\n" + Trail.hubCall, to: "logs/bad.ndjson")
        try folder.write("notes", to: "logs/notes.txt")
        try folder.write(Trail.hubCall, to: "logs/old/b.json")
        try FileManager.default.createSymbolicLink(atPath: folder.path("logs/gone.json"), withDestinationPath: "none")
        try folder.write(
            """
            pipeline: small
            quarantine: bad.jsonl
            sources: {logs: {type: directory, path: logs}}
            sinks: {lines: {type: jsonl, path: out.jsonl}}
            """,
            to: "small.conf"
        )
    }

    private func summary(_ name: String = "s.json") throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: folder.read(name)) as? [String: Any])
    }

    /// The keys of the tables of the page, table by table.
    private static func documented() throws -> [Set<String>] {
        let page = Repository.root.appending(path: "docs/run-summary.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.components(separatedBy: "| --- | --- | --- |\n").dropFirst().map { table in
            let rows = table.split(separator: "\n", omittingEmptySubsequences: false).prefix { $0.hasPrefix("| `") }
            return Set(rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) })
        }
    }

    @Test func everyKeyIsDocumentedAndThere() throws {
        let result = try mhpipe.run("run", "small.conf", "-q", "--summary", "s.json")
        let summary = try summary()
        let documented = try Self.documented()
        try #require(documented.count == 3)
        #expect(Set(summary.keys) == documented[0])
        let problems = try #require(summary["problemFiles"] as? [[String: Any]])
        let stages = try #require(summary["stages"] as? [[String: Any]])
        for problem in problems { #expect(Set(problem.keys) == documented[1]) }
        for stage in stages { #expect(Set(stage.keys) == documented[2]) }
        #expect(problems.count == 3 && stages.count == 2)
        #expect(result.status == 3)
    }

    @Test func itSaysWhatTheNextJobMustKnow() throws {
        let result = try mhpipe.run("run", "small.conf", "--summary", "s.json")
        let summary = try summary()
        #expect(summary["schema"] as? Int == 1)
        #expect(summary["version"] as? String == Version.current)
        #expect(summary["exitCode"] as? Int == Int(result.status))
        #expect(summary["pipelineFile"] as? String == "small.conf")
        #expect(summary["quarantine"] as? String == "bad.jsonl")
        let directory = try #require(summary["directory"] as? String)
        #expect(FileManager.default.contents(atPath: directory + "/small.conf") != nil)
        let started = try #require(summary["started"] as? String)
        let ended = try #require(summary["ended"] as? String)
        #expect(started.hasSuffix("Z") && started.prefix(19) <= ended.prefix(19))
        let stages = try #require(summary["stages"] as? [[String: Any]])
        #expect(stages.map { $0["paths"] as? [String] } == [["logs"], ["out.jsonl"]])
    }

    @Test func theFilesAddUp() throws {
        let result = try mhpipe.run("run", "small.conf", "--summary", "s.json")
        let summary = try summary()
        let keys = [
            "filesSeen", "files", "filesLeftOut", "otherFiles", "unreadable", "filesNotReached", "filesDamaged",
        ]
        #expect(keys.map { summary[$0] as? Int } == [6, 4, 0, 1, 1, 0, 1])
        let problems = try #require(summary["problemFiles"] as? [[String: Any]])
        #expect(problems.map { $0["file"] as? String } == ["logs/bad.ndjson", "logs/cut.json", "logs/gone.json"])
        #expect(problems.map { $0["scope"] as? String } == ["record", "file", "path"])
        #expect(problems.map { $0["problems"] as? Int } == [2, 1, 1])
        #expect(result.errors.contains("  1  other files, not named like logs, not read\n  6  files seen in all\n"))
        #expect(result.errors.contains("  1  UNREADABLE: paths that could not be opened"))
    }

    @Test func aConversionHasNoFile() throws {
        _ = try mhpipe.run("convert", "logs/a.json", "out.csv", "-q", "--summary", "s.json")
        let summary = try summary()
        #expect(summary["pipelineFile"] is NSNull && summary["quarantine"] is NSNull)
        #expect(summary["exitCode"] as? Int == 0)
    }
}
