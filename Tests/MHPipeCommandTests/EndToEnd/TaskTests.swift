import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What an engine that runs mhpipe for its tasks relies on: the contract of `docs/scale.md`.
@Suite(.timeLimit(.minutes(30))) struct TaskTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "good.json")
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "two.json")
        try folder.write(String(Trail.file([Trail.hubCall]).dropLast(9)), to: "damaged.json")
        try folder.write(Trail.file([Trail.hubCall, "{\"eventVersion\":x}"]), to: "bad.json")
        let sink = "sinks: {o: {type: jsonl, path: \"${OUT:-part.jsonl}\"}}\n"
        try folder.write("sources: {s: {type: list, path: \"${LIST:-list}\"}}\n" + sink, to: "p.conf")
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? [] }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    private func run(_ list: String, _ arguments: String...) throws -> Mhpipe.Result {
        try folder.write(list, to: "list")
        return try mhpipe.run(arguments: ["run", "p.conf"] + arguments)
    }

    struct Case: CustomTestStringConvertible {
        let code: Int32
        let own: Int32
        let list: String
        var arguments: [String] = []

        var testDescription: String { "\(list.debugDescription) \(arguments): \(code)" }
    }

    @Test(arguments: [
        Case(code: 0, own: 0, list: "good.json\n"),
        Case(code: 0, own: 0, list: ""),
        Case(code: 65, own: 3, list: "bad.json\n"),
        Case(code: 65, own: 3, list: "damaged.json\ngood.json\n"),
        Case(code: 65, own: 3, list: "nowhere.json\ngood.json\n"),
        Case(code: 65, own: 3, list: "nowhere.json\n"),
        Case(code: 65, own: 3, list: "good.json\t1\n"),
        Case(code: 65, own: 1, list: "bad.json\n", arguments: ["--on-error", "fail"]),
        Case(code: 75, own: 1, list: "good.json\n", arguments: ["--set", "OUT=/dev/full"]),
        Case(code: 2, own: 2, list: "good.json\n", arguments: ["--set", "OUT=/nowhere/at/all"]),
        Case(code: 1, own: 1, list: "good.json\n", arguments: ["--set", "LIST=nolist"]),
        Case(code: 2, own: 2, list: "good.json\n", arguments: ["--fast"]),
    ])
    func `the codes of sysexits tell bad input from a bad machine`(_ given: Case) throws {
        for (code, words) in [(given.own, []), (given.code, ["--exit-codes", "sysexits"])] {
            try folder.write(given.list, to: "list")
            let result = try mhpipe.run(arguments: ["run", "p.conf"] + given.arguments + words)
            #expect(result.status == code, "\(result.errors)")
            #expect(names.allSatisfy { !$0.hasPrefix(".") })
        }
    }

    private struct Summary: Decodable {
        var outcome: String
        var exitCode: Int32
        var files: Int
        var eventsIn: Int
        var eventsQuarantined: Int
    }

    private func summary(_ result: Mhpipe.Result) throws -> Summary {
        let line = try #require(result.errors.split(separator: "\n").last)
        return try JSONDecoder().decode(Summary.self, from: Data(line.utf8))
    }

    @Test func `the summary is the last line of standard error`() throws {
        let result = try run("two.json\nbad.json\n", "--summary-line", "--exit-codes", "sysexits")
        #expect(result.status == 65)
        let summary = try summary(result)
        #expect(summary.outcome == "completed")
        #expect(summary.exitCode == 3)
        #expect((summary.files, summary.eventsIn, summary.eventsQuarantined) == (2, 4, 1))
        #expect(try self.summary(run("two.json\n", "--summary-line", "--quiet")).eventsIn == 2)
        // A run that fails says why, and nothing that could be taken for a summary.
        let failed = try run("bad.json\n", "--summary-line", "--on-error", "fail")
        #expect(failed.status == 1)
        #expect(!failed.errors.contains("\"schema\""))
    }

    @Test func `a part that is there is not made again`() throws {
        #expect(try run("two.json\n", "--skip-existing").status == 0)
        let first = try text("part.jsonl")
        let again = try run("good.json\n", "--skip-existing", "--summary-line", "--summary", "s.json")
        #expect(again.status == 0)
        #expect(try text("part.jsonl") == first)
        #expect(try summary(again).outcome == "skipped")
        #expect(again.errors.contains("'part.jsonl' there already: skipped, nothing was read"))
        #expect(!names.contains("s.json"))
        #expect(try run("good.json\n").status == 0)
        #expect(try text("part.jsonl") != first)
    }

    @Test(arguments: ["-", "{awsRegion}.jsonl", "s3://bucket/part.jsonl", "/dev/null"])
    func `what cannot be told by its name is not skipped`(path: String) throws {
        let result = try run("good.json\n", "--skip-existing", "--set", "OUT=\(path)")
        if path == "/dev/null" {
            #expect(result.status == 0)
            #expect(!result.errors.contains("skipped"))
        } else {
            #expect(result.status == 2)
            #expect(
                result.errors.contains("--skip-existing needs sinks that write one file each, and sink 'o' does not")
            )
        }
    }

    @Test(arguments: [["--attempt", "1"], ["--skip-existing"]])
    func `a state has no attempts`(words: [String]) throws {
        try folder.write("good.json\n", to: "list")
        let result = try mhpipe.run(arguments: ["run", "p.conf", "--state", "st"] + words)
        #expect(result.status == 2)
        #expect(result.errors.contains("are for runs without a state"))
    }

    @Test(arguments: ["", "a/b", "a b", "é", String(repeating: "a", count: 49)])
    func `an attempt is a part of a name`(attempt: String) throws {
        let result = try run("good.json\n", "--attempt=\(attempt)")
        #expect(result.status == 2)
    }

    @Test func `two attempts do not touch each other, and what a dead one has left goes with the next`() throws {
        try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
        try folder.write("good.json\npipe\n", to: "waiting")
        let first = try mhpipe.process(
            ["run", "p.conf", "--set", "LIST=waiting", "--attempt", "0.3.1-x"]
        )
        try first.run()
        // Whoever opens the pipe has begun, and its hidden file is there.
        let end = try FileHandle(forWritingTo: folder.url.appending(path: "pipe"))
        func hidden() -> [String] { names.filter { $0.hasPrefix(".part.jsonl.mhpipe-") } }
        #expect(hidden().count == 1)
        #expect(hidden().allSatisfy { $0.hasSuffix(".0.3.1-x.tmp") })
        let other = names
        // The streams of the helper are files of one name, so this one runs with its own.
        let second = Process()
        second.executableURL = URL(filePath: Mhpipe.path)
        try folder.write("two.json\n", to: "list")
        second.arguments = ["run", "p.conf", "--quiet", "--attempt", "0.3.2"]
        second.currentDirectoryURL = folder.url
        try second.run()
        second.waitUntilExit()
        #expect(second.terminationStatus == 0)
        #expect(hidden() == other.filter { $0.hasPrefix(".part.jsonl.mhpipe-") })
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        try end.close()
        #expect(hidden().count == 1)
        #expect(try run("good.json\n", "--attempt", "0.3.3").status == 0)
        #expect(hidden().isEmpty)
    }
}
