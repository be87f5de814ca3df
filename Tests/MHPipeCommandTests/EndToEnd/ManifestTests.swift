import Foundation
import MHPipeTestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A manifest says of every input and every output what it was, and of the run how it ended.
@Suite(.timeLimit(.minutes(30))) struct ManifestTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for file in 0..<6 {
            let records = (0..<3).map {
                Self.event("id-\((file * 3 + $0) / 2)", $0 == 0 ? "Put" : "Get", day: 10 + file)
            }
            let text = Trail.file(records)
            try folder.write(file == 4 ? String(text.dropLast(9)) : text, to: "logs/\(file).json")
        }
        try folder.write(
            """
            sources: {logs: {type: directory, path: "${LOGS:-logs}"}}
            transforms:
              gets: {type: filter, where: "eventName == 'Get'", inputs: [logs]}
              once: {type: dedupe, inputs: [gets]}
            sinks:
              lake: {type: jsonl, inputs: [once], path: "lake/{eventTime:%Y-%m-%d}.jsonl.gz"}
              rows: {type: csv, inputs: [once], path: once.csv}
            quarantine: bad.jsonl
            checkpoint_every: 0s
            """,
            to: "p.conf"
        )
    }

    private static func event(_ id: String, _ name: String, day: Int) -> String {
        #"{"eventVersion":"1.08","userIdentity":{"type":"Root"},"eventTime":"2026-01-\#(day)T00:00:00Z","#
            + #""eventSource":"s3.amazonaws.com","eventName":"\#(name)","awsRegion":"us-east-1","eventID":"\#(id)"}"#
    }

    /// The lines of a manifest, each checked against the schema.
    private func manifest(_ name: String = "m.jsonl") throws -> [JSONTree] {
        let schema = try JSONSchema(Repository.root.appending(path: "docs/schema/manifest-1.schema.json"))
        let lines = try folder.read(name).split(separator: UInt8(ascii: "\n"))
        return try lines.map { line in
            let tree = try JSONDecoder().decode(JSONTree.self, from: Data(line))
            #expect(schema.mistakes(tree) == [])
            return tree
        }
    }

    private func lines(_ type: String, in name: String = "m.jsonl") throws -> [JSONTree] {
        try manifest(name).filter { $0["type"]?.text == type }
    }

    private func end(_ name: String = "m.jsonl") throws -> JSONTree { try #require(try lines("end", in: name).first) }

    /// What another program says of a file.
    private func sha256(_ name: String) throws -> String {
        String(try mhpipe.shell("sha256sum < '\(name)'").text.prefix(64))
    }

    private func dropped(_ line: JSONTree, _ stage: String, _ reason: String) -> Int {
        line["stages"]?[stage]?[reason]?.integer ?? 0
    }

    @Test(arguments: [1, 3]) func itSaysWhatWasReadAndWritten(workers: Int) throws {
        let result = try mhpipe.run("run", "p.conf", "-q", "--manifest", "m.jsonl", "--workers", "\(workers)")
        #expect(result.status == 3)
        let (inputs, outputs, end) = (try lines("input"), try lines("output"), try end())
        #expect(inputs.map { $0["name"]?.text } == (0..<6).map { "logs/\($0).json" })
        for (number, line) in inputs.enumerated() {
            #expect(line["sha256"]?.text == (try sha256("logs/\(number).json")))
            #expect(line["ending"]?.text == (number == 4 ? "damaged" : "read"))
            let parts = ["kept", "dropped", "quarantined"].compactMap { line[$0]?.integer }
            #expect(line["records"]?.integer == 3)
            #expect(parts.count == 3 && parts.reduce(0, +) == 3, "\(line)")
            #expect(dropped(line, "gets", "filtered") == 1)
        }
        #expect(inputs.map { dropped($0, "once", "duplicate") }.reduce(0, +) > 0)
        #expect(inputs[4]["unread"]?.integer == 1)
        #expect(outputs.count == 6 + 2)
        for line in outputs {
            #expect(line["sha256"]?.text == (try sha256(line["path"]?.text ?? "")))
        }
        let kept = inputs.compactMap { $0["kept"]?.integer }.reduce(0, +)
        for stage in ["lake", "rows"] {
            let rows = outputs.filter { $0["stage"]?.text == stage }.compactMap { $0["rows"]?.integer }
            #expect(rows.reduce(0, +) == kept)
        }
        #expect(end["exitCode"]?.integer == 3 && end["committed"] == .bool(true))
        #expect(end["inputs"]?.integer == 6 && end["outputs"]?.integer == 8)
        #expect(end["summary"]?["eventsKept"]?.integer == kept)
        #expect(
            try String(mhpipe.shell("head -n -1 m.jsonl | sha256sum").text.prefix(64))
                == end["sha256OfLinesBefore"]?.text
        )
        #expect(try lines("run").first?["pipelineSha256"]?.text == (try sha256("p.conf")))
    }

    @Test func theLinesOfInputsDoNotDependOnTheWorkers() throws {
        var texts: Set<String> = []
        for workers in [1, 2, 5] {
            #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "m", "--workers", "\(workers)").status == 3)
            texts.insert(try mhpipe.shell(#"grep '"type":"[io].*put"' m"#).text)
        }
        #expect(texts.count == 1)
    }

    /// Events that a stage holds come out while another file is read: then nobody can say of one file what became of it.
    @Test func whatIsHeldBackIsNotSaidToBeDropped() throws {
        try folder.write(
            """
            sources: {logs: {type: directory, path: logs}}
            transforms: {order: {type: sort, inputs: [logs]}}
            sinks: {o: {type: jsonl, path: o.jsonl}}
            manifest: m.jsonl
            """,
            to: "s.conf"
        )
        #expect(try mhpipe.run("run", "s.conf", "-q").status == 3)
        let inputs = try lines("input")
        #expect(inputs.map { $0["held"]?.integer } == [3, 6, 9, 12, 14, 17])
        #expect(inputs.allSatisfy { $0["kept"] == .null && $0["dropped"] == .null && $0["quarantined"] == .null })
        #expect(try end()["summary"]?["eventsKept"]?.integer == 17)
    }

    /// A file that is refused by its first bytes has a hash all the same: it is read to its end for it.
    @Test func whatIsNotReadToItsEndHasAHashWhenItIsAFile() throws {
        try folder.write([0x50, 0x4B, 3, 4] + [UInt8](repeating: 7, count: 3_000_000), to: "logs/6.json")
        try folder.write("", to: "logs/7.json")
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/8.json")
        chmod(folder.path("logs/8.json"), 0)
        #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "m.jsonl").status == 3)
        let inputs = try lines("input")
        #expect(inputs[6]["sha256"]?.text == (try sha256("logs/6.json")))
        #expect(inputs[6]["bytes"]?.integer == 3_000_004)
        #expect(inputs[7]["sha256"]?.text == (try sha256("logs/7.json")))
        if geteuid() != 0 {
            #expect(inputs[8]["ending"]?.text == "unreadable" && inputs[8]["sha256"] == .null)
            #expect(inputs[8]["kind"]?.text == "unopened")
        }
    }

    @Test func aPipeHasAHashAndIsNoFile() throws {
        let result = try mhpipe.shell(
            #"cat logs/0.json | "$mhpipe" convert - - -q --manifest m.jsonl > out && sha256sum < logs/0.json"#
        )
        let input = try #require(try lines("input").first)
        #expect(input["kind"]?.text == "stream" && input["sha256"]?.text == String(result.text.prefix(64)))
        let output = try #require(try lines("output").first)
        #expect(output["path"]?.text == "-" && output["kind"]?.text == "stream" && output["sha256"] == .null)
        #expect(try lines("run").first?["pipelineTree"]?["sinks"] != nil)
    }

    @Test func aNameThatIsNoTextIsThereInItsBytes() throws {
        let result = try mhpipe.shell(
            #"n=$(printf 'b\377.json'); cp logs/0.json "$n" && "$mhpipe" convert "$n" o.jsonl -q --manifest m.jsonl"#
        )
        #expect(result.status == 0, "\(result.errors)")
        let input = try #require(try lines("input").first)
        #expect(input["name"]?.text == "b\u{FFFD}.json")
        #expect(input["nameBase64"]?.text == Data(Array("b".utf8) + [0xFF] + Array(".json".utf8)).base64EncodedString())
    }

    // MARK: - How it ends

    @Test func aRunThatFailsSaysSo() throws {
        let arguments = ["run", "p.conf", "-q", "--manifest", "m.jsonl"]
        #expect(try mhpipe.run(arguments: arguments + ["--on-error", "fail"]).status == 1)
        let end = try end()
        #expect(end["outcome"]?.text == "failed" && end["exitCode"]?.integer == 1 && end["committed"] == .bool(false))
        #expect(end["error"]?.text?.contains("logs/4.json") == true && end["summary"] == .null)
        #expect(try lines("output").isEmpty)
    }

    /// The outputs of the run before are still there, and so is what tells of them.
    @Test func aRunThatFailsLeavesTheManifestOfTheOutputsThatAreThere() throws {
        let arguments = ["run", "p.conf", "-q", "--manifest", "m.jsonl"]
        #expect(try mhpipe.run(arguments: arguments).status == 3)
        let before = try folder.read("m.jsonl")
        let failed = try mhpipe.run(arguments: arguments + ["--on-error", "fail"])
        #expect(failed.status == 1)
        #expect(failed.errors.contains("the manifest of this run is 'm.jsonl.uncommitted'"))
        #expect(try folder.read("m.jsonl") == before)
        #expect(try end("m.jsonl.uncommitted")["outcome"]?.text == "failed")
        #expect(try mhpipe.run(arguments: arguments).status == 3)
        #expect(!FileManager.default.fileExists(atPath: folder.path("m.jsonl.uncommitted")))
    }

    @Test func aManifestThatCannotBeWrittenIsRefused() throws {
        for (path, reason) in [
            ("-", "cannot go to standard output"), ("logs", "folder"), ("none/m.jsonl", "none"),
            ("once.csv", "the same file"), ("m.jsonl.gz", "never compressed"), ("p.conf", "overwrite"),
            ("/dev/null", "to a pipe or a device"), ("logs/m.jsonl", "the folder that"),
        ] {
            let result = try mhpipe.run("run", "p.conf", "-q", "--manifest", path)
            #expect(result.status == 2, "\(path): \(result.errors)")
            #expect(result.errors.contains(reason), "\(path): \(result.errors)")
        }
        try folder.write("", to: "m.jsonl")
        let convert = try mhpipe.run("convert", "logs/0.json", "o.jsonl", "-q", "--manifest", "m.jsonl")
        #expect(convert.status == 2 && convert.errors.contains("'--manifest' 'm.jsonl' is there already"))
    }

    @Test func noSecretIsInIt() throws {
        try folder.write(
            """
            sources: {logs: {type: directory, path: "${LOGS}"}}
            transforms: {t: {type: filter, where: "eventName != '${API_KEY} ${OTHER} ${PLACE}'"}}
            sinks: {o: {type: jsonl, path: o.jsonl}}
            """,
            to: "v.conf"
        )
        let result = try mhpipe.run(
            "run",
            "v.conf",
            "-q",
            "--manifest",
            "m.jsonl",
            "--set",
            "LOGS=logs",
            "--set",
            "API_KEY=hidden1",
            "--set",
            "PLACE=postgres://me:hidden2@host/db",
            environment: ["OTHER": "hidden3"]
        )
        #expect(result.status == 3, "\(result.errors)")
        let text = String(decoding: try folder.read("m.jsonl"), as: UTF8.self)
        #expect(!text.contains("hidden"))
        let variables = try lines("run").first?["variables"]?.elements ?? []
        #expect(variables.map { $0["name"]?.text } == ["API_KEY", "LOGS", "OTHER", "PLACE"])
        #expect(variables.map { $0["value"] } == [.null, .string("logs"), .null, .null])
        #expect(variables.map { $0["from"]?.text } == ["set", "set", "environment", "set"])
    }

    // MARK: - With a state

    /// Runs with a state, and kills it once so many units are written down.
    private func runAndKill(afterUnits units: Int) throws -> Bool {
        try mhpipe.runAndKill(["run", "p.conf", "-q", "--state", "st", "--manifest", "m.jsonl"], at: units * 16)
    }

    @Test func theInputsOfAKilledRunAreInTheManifestOfTheOneThatGoesOn() throws {
        for file in 6..<60 {
            let records = (0..<3).map { Self.event("id-\((file * 3 + $0) / 2)", "Get", day: 1 + file % 20) }
            try folder.write(Trail.file(records), to: "logs/\(file).json")
        }
        try folder.write(
            String(decoding: folder.read("p.conf"), as: UTF8.self)
                .replacing("lake/{eventTime:%Y-%m-%d}.jsonl.gz", with: "once.jsonl"),
            to: "p.conf"
        )
        func run(_ more: String...) throws -> String {
            #expect(try mhpipe.run(arguments: ["run", "p.conf", "-q", "--manifest", "m.jsonl"] + more).status == 3)
            _ = try manifest()
            return try mhpipe.shell(#"grep '"type":"[io].*put"' m.jsonl"#).text
        }
        let whole = try run()
        #expect(try run("--state", "st") == whole)
        var kills = 0
        for units in [1, 3, 10, 40, 60] {
            kills += try runAndKill(afterUnits: units) ? 1 : 0
            #expect(try run("--state", "st") == whole)
            #expect(try end()["inputs"]?.integer == 60)
        }
        #expect(kills > 0)
        // What a run without a manifest has read would be missing.
        let process = try mhpipe.process(["run", "p.conf", "-q", "--state", "st"])
        try process.run()
        while process.isRunning, !FileManager.default.fileExists(atPath: folder.path("st/checkpoint")) { sched_yield() }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guard process.terminationReason == .uncaughtSignal else { return }
        let refused = try mhpipe.run("run", "p.conf", "-q", "--state", "st", "--manifest", "m.jsonl")
        #expect(refused.status == 1 && refused.errors.contains("wrote no manifest"), "\(refused.errors)")
        #expect(try mhpipe.run("run", "p.conf", "-q", "--state", "st").status == 3)
    }
}
