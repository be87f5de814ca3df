import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What a run tells Prometheus, over a port and in a file.
@Suite(.timeLimit(.minutes(30))) struct MetricsTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall, "{}"]), to: "logs/a.json")
        try folder.write(String(Trail.file([Trail.hubCall]).dropLast(2)), to: "logs/b.json")
        try folder.write("", to: "logs/notes.txt")
        try folder.write(
            """
            pipeline: "a \\"name\\""
            sources: {logs: {type: directory, path: logs}}
            transforms: {hub: {type: migration_hub}}
            sinks: {lines: {type: jsonl, path: out.jsonl}}
            """,
            to: "p.conf"
        )
    }

    private func metrics(_ name: String = "m.prom") throws -> [String: Double] {
        Self.values(String(decoding: try folder.read(name), as: UTF8.self))
    }

    private static func values(_ text: String) -> [String: Double] {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.reduce(into: [:]) { values, line in
            guard let space = line.lastIndex(of: " ") else { return }
            values[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }

    @Test func theFileSaysWhatBecameOfEverything() throws {
        #expect(try mhpipe.run("run", "p.conf", "--metrics-file", "m.prom", "-q").status == 3)
        let values = try metrics()
        for (name, value) in [
            ("mhpipe_files_total{outcome=\"read\"}", 1), ("mhpipe_files_total{outcome=\"damaged\"}", 1),
            ("mhpipe_files_total{outcome=\"other\"}", 1), ("mhpipe_problems_total{scope=\"record\"}", 1),
            ("mhpipe_problems_total{scope=\"file\"}", 1), ("mhpipe_records_total", 4),
            ("mhpipe_events_total{stage=\"hub\",kind=\"transform\",plugin=\"migration_hub\",outcome=\"filtered\"}", 1),
            ("mhpipe_events_total{stage=\"lines\",kind=\"sink\",plugin=\"jsonl\",outcome=\"written\"}", 2),
            ("mhpipe_committed_events_total", 2), ("mhpipe_commits_total", 1), ("mhpipe_failed_runs_total", 0),
            ("mhpipe_running", 0), ("mhpipe_exit_code", 3),
        ] as [(String, Double)] {
            #expect(values[name] == value, "\(name): \(values.sorted { $0.key < $1.key })")
        }
        #expect((values["mhpipe_last_commit_timestamp_seconds"] ?? 0) > 1_700_000_000)
    }

    /// What was done by the checkpoint was counted by whoever did it.
    @Test func aRunThatGoesOnCountsWhatItDoes() throws {
        for number in 0..<30 { try folder.write(Trail.file([Trail.hubCall]), to: "logs/\(10 + number).json") }
        let text = String(decoding: try folder.read("p.conf"), as: UTF8.self)
        try folder.write("state: st\ncheckpoint_every: 0s\non_error: fail\nworkers: 1\n" + text, to: "p.conf")
        // The damaged file comes behind them.
        #expect(try mhpipe.run("run", "p.conf", "--metrics-file", "m.prom", "-q").status == 1)
        try FileManager.default.removeItem(atPath: folder.path("logs/a.json"))
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/b.json")
        let result = try mhpipe.run("run", "p.conf", "--metrics-file", "m.prom", "-q", "--summary", "s.json")
        #expect(result.status == 0, "\(result.errors)")
        let summary = try JSONDecoder().decode(JSONTree.self, from: folder.read("s.json"))
        let (files, before) = (summary["files"]?.integer ?? 0, summary["filesBefore"]?.integer ?? 0)
        #expect(files == 31 && before > 0)
        let values = try metrics()
        let written = "mhpipe_events_total{stage=\"lines\",kind=\"sink\",plugin=\"jsonl\",outcome=\"written\"}"
        for name in ["mhpipe_records_total", "mhpipe_files_total{outcome=\"read\"}", written] {
            #expect(values[name] == Double(files - before), "\(name)")
        }
        #expect(values["mhpipe_committed_files_total"] == 31)
    }

    /// Whoever waits for the next commit must not lose sight of the last one.
    @Test func aRunThatFailsKeepsTheTimeOfTheLastCommit() throws {
        #expect(try mhpipe.run("run", "p.conf", "--metrics-file", "m.prom", "-q").status == 3)
        let committed = try metrics()["mhpipe_last_commit_timestamp_seconds"]
        #expect(
            try mhpipe.run("run", "p.conf", "--metrics-file", "m.prom", "-q", "--on-error", "fail").status == 1
        )
        let values = try metrics()
        #expect(values["mhpipe_last_commit_timestamp_seconds"] == committed)
        #expect(values["mhpipe_exit_code"] == 1)
        #expect(values["mhpipe_failed_runs_total"] == 1)
        #expect(values["mhpipe_commits_total"] == 0)
    }

    @Test func aFileThatCannotBeWrittenIsFoundBeforeTheRun() throws {
        let result = try mhpipe.run("run", "p.conf", "--metrics-file", "none/m.prom")
        #expect(result.status != 0)
        #expect(result.errors.contains("none"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    /// The run waits for a pipe that the test holds open, and answers meanwhile.
    @Test func aRunAtWorkAnswers() throws {
        #expect(mkfifo(folder.path("trail"), 0o600) == 0)
        let messages = Pipe()
        let process = try mhpipe.process([
            "convert", "trail", "o.jsonl", "--metrics", "127.0.0.1:0", "--progress", "never",
        ])
        process.standardError = messages
        try process.run()
        defer { process.terminate() }
        let pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
        var line = ""
        while !line.hasSuffix("\n") {
            let data = messages.fileHandleForReading.availableData
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(line.firstMatch(of: #/http://127\.0\.0\.1:(\d+)/metrics/#).flatMap { UInt16($0.1) })
        let metrics = try HTTPGet(port: port, path: "/metrics")
        #expect(metrics.status == 200)
        #expect(metrics.head.contains("text/plain; version=0.0.4"))
        #expect(metrics.body.contains("\nmhpipe_running 1\n"))
        if let promtool = ExternalProgram("promtool") {
            let result = try promtool.run(["check", "metrics"], input: Data(metrics.body.utf8))
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        }
        let health = try HTTPGet(port: port, path: "/health")
        #expect(health.status == 200 && health.body == "ok\n")
        #expect(try HTTPGet(port: port, path: "/other").status == 404)
        #expect(try HTTPGet(port: port, path: "/metrics", method: "POST").status == 405)
        #expect(try HTTPGet(port: port, path: "/metrics", method: "HEAD").body.isEmpty)
        try pipe.write(contentsOf: Data(Trail.file([Trail.hubCall]).utf8))
        try pipe.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(throws: (any Error).self) { try HTTPGet(port: port, path: "/metrics") }
    }

    @Test func aPortThatIsTakenIsSaid() throws {
        let socket = try Listener()
        let result = try mhpipe.run("run", "p.conf", "--metrics", "127.0.0.1:\(socket.port)")
        #expect(result.status == 1)
        #expect(result.errors.contains("cannot listen at 127.0.0.1:\(socket.port): Address already in use"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test(arguments: [
        ("127.0.0.1:0", "metrics are served at http://127.0.0.1:"), ("0", "metrics are served at http://127.0.0.1:"),
        ("localhost:0", "metrics are served at http://127.0.0.1:"), ("[::1]:0", "metrics are served at http://[::1]:"),
        ("0.0.0.0:0", "warning: metrics are served at http://0.0.0.0:"),
    ])
    func whereItListensIsSaid(address: String, message: String) throws {
        guard address != "[::1]:0" || HTTPGet.hasVersion6 else { return }
        let result = try mhpipe.run("run", "p.conf", "--metrics", address)
        #expect(result.status == 3)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test(arguments: [
        "", ":9464", "*:9464", "example.com:9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:9464", "1.2.3:1",
    ])
    func anAddressThatIsNoneIsRefused(address: String) throws {
        let result = try mhpipe.run("run", "p.conf", "--metrics", address)
        #expect(result.status == 2, "\(result.errors)")
    }

    @Test func aNameThatNodeExporterDoesNotReadIsSaid() throws {
        let result = try mhpipe.run("run", "p.conf", "--metrics-file", "m.txt")
        #expect(result.status == 3)
        #expect(result.errors.contains("node_exporter reads only files whose names end in .prom, and not 'm.txt'"))
    }

    @Test func aFileThatASinkWritesIsRefused() throws {
        let result = try mhpipe.run("run", "p.conf", "--metrics-file", "out.jsonl")
        #expect(result.status == 2)
        #expect(result.errors.contains("'metrics_file' writes the same file as"), "\(result.errors)")
    }
}
