import Foundation
import MHPipeTestSupport
import Testing

/// Every file of `pipelines/` is right, and runs over the sample there.
@Suite struct PipelinesTests {
    private static let folder = Repository.root.appending(path: "pipelines")
    /// Pipelines that need a package of `Plugins/`, whose tests run them.
    private static let elsewhere: Set = [
        "parquet-lake.conf", "sign-ins-by-country.conf", "trail-to-postgresql.conf",
        // It has no end; `WatchTests` ends it.
        "watch.conf",
        // It needs a queue; `Tests/AWS/sqs.py` runs it with one.
        "from-a-queue.conf",
        // It needs digest files; `DigestedFolderTests` signs some.
        "verified-trail.conf",
    ]
    private static let names: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return (files ?? []).filter { $0.hasSuffix(".conf") && !elsewhere.contains($0) }.sorted()
    }()

    /// The columns that the sample trail leaves empty.
    private static let oftenEmpty = ["errorMessage"]

    @Test func thereArePipelines() {
        #expect(Self.names.contains("migration-hub-audit.conf"))
    }

    @Test(arguments: names)
    func passesTheCheckAndRuns(name: String) throws {
        let folder = try TemporaryDirectory()
        let mhpipe = Mhpipe(folder: folder)
        let pipeline = Self.folder.appending(path: name).path(percentEncoded: false)
        let text = try String(contentsOfFile: pipeline, encoding: .utf8)
        let logs = [("LOGS", "sample"), ("TABLES", "tables")].filter { text.contains("${\($0.0)") }.flatMap {
            ["--set", "\($0.0)=" + Self.folder.appending(path: $0.1).path(percentEncoded: false)]
        }

        let check = try mhpipe.run(arguments: ["check", pipeline] + logs)
        #expect(check.errors.split(separator: "\n").count == 1, "\(check.errors)")
        #expect(check.errors.hasPrefix("mhpipe: \(pipeline): ok ("))
        #expect(check.status == 0)

        let run = try mhpipe.run(arguments: ["run", pipeline, "--summary", "summary.json", "--quiet"] + logs)
        let warnings = run.errors.split(separator: "\n").filter { line in
            !Self.oftenEmpty.contains { line.contains("the column '\($0)' is empty") }
        }
        #expect(warnings == [])
        #expect(run.status == 0)
        let summary = try JSONSerialization.jsonObject(with: folder.read("summary.json")) as? [String: Any]
        #expect(summary?["eventsKept"] as? Int ?? 0 > 0, "no event of the sample reaches a sink")
        for output in try outputs(of: pipeline, mhpipe) {
            // Of a template that much which is the same for all events.
            let place = String(output.prefix { $0 != "{" })
            #expect(FileManager.default.fileExists(atPath: folder.path(place)), "'\(output)' was not written")
        }
    }

    /// Those that need nothing of another package.
    private static let testable: [String] = {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        let needing: Set = ["parquet-lake.conf", "sign-ins-by-country.conf", "trail-to-postgresql.conf"]
        return (files ?? []).filter { $0.hasSuffix(".conf") && !needing.contains($0) }.sorted()
    }()

    @Test(arguments: testable)
    func passesItsOwnTests(name: String) throws {
        let mhpipe = Mhpipe(folder: try TemporaryDirectory())
        let pipeline = Self.folder.appending(path: name).path(percentEncoded: false)
        let text = try String(contentsOfFile: pipeline, encoding: .utf8)
        let tables = "TABLES=" + Self.folder.appending(path: "tables").path(percentEncoded: false)
        let settings = text.contains("${TABLES") ? ["--set", tables] : []
        let result = try mhpipe.run(arguments: ["test", pipeline] + settings)
        #expect(result.text.hasSuffix(", all passed\n"), "\(result.text)\(result.errors)")
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    private func outputs(of pipeline: String, _ mhpipe: Mhpipe) throws -> [String] {
        let tree = try mhpipe.run("check", "--print-tree", pipeline).output
        let pipeline = try JSONSerialization.jsonObject(with: tree) as? [String: Any]
        let sinks = try #require(pipeline?["sinks"] as? [String: [String: Any]])
        return sinks.values.compactMap { $0["path"] as? String }
    }
}
