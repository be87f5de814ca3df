import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// Each exit code of `docs/exit-codes.md`, and what is left of the outputs then.
@Suite(.timeLimit(.minutes(30))) struct ExitCodeTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "good.json")
        try folder.write(String(Trail.file([Trail.hubCall]).dropLast(9)), to: "damaged.json")
        try folder.write(Trail.file([Trail.hubCall, "{\"eventVersion\":x}"]), to: "bad.json")
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
        try folder.write("OLD\n", to: "out/o.jsonl")
        let sink = "sinks: {o: {type: jsonl, path: \"${OUT}\"}}\n"
        try folder.write("sources: {s: {type: file, path: \"${IN}\"}}\n" + sink, to: "file.conf")
        try folder.write("sources: {s: {type: directory, path: \"${IN}\"}}\n" + sink, to: "folder.conf")
    }

    struct Case: CustomTestStringConvertible {
        let code: Int32
        let what: String
        let arguments: String
        /// True when the old output has been replaced.
        var replaces = false

        var testDescription: String { "\(code): \(what)" }
    }

    static let cases = [
        Case(code: 0, what: "done", arguments: "run file.conf --set IN=good.json", replaces: true),
        Case(code: 0, what: "nothing to read", arguments: "run folder.conf --set IN=empty"),
        Case(
            code: 0,
            what: "empty outputs are wanted",
            arguments: "run folder.conf --set IN=empty --on-empty ignore",
            replaces: true
        ),
        Case(code: 0, what: "a check without mistakes", arguments: "check file.conf --set IN=good.json"),
        Case(
            code: 1,
            what: "no file, and that is a failure",
            arguments: "run folder.conf --set IN=empty --on-empty fail"
        ),
        Case(code: 1, what: "the only input is not there", arguments: "run file.conf --set IN=nowhere.json"),
        Case(code: 1, what: "the first problem", arguments: "run file.conf --set IN=bad.json --on-error fail"),
        Case(code: 0, what: "no command", arguments: ""),
        Case(code: 2, what: "an empty word for the command", arguments: "''"),
        Case(code: 2, what: "an unknown option", arguments: "run file.conf --set IN=good.json --fast"),
        Case(code: 2, what: "a pipeline that is not there", arguments: "run nowhere.conf"),
        Case(
            code: 2,
            what: "a mistake in the pipeline",
            arguments: "run file.conf --set IN=good.json --set sinks.o.tpye=x"
        ),
        Case(code: 2, what: "a check that finds a mistake", arguments: "check file.conf"),
        Case(code: 2, what: "an output that is there", arguments: "convert good.json out/o.jsonl"),
        Case(code: 3, what: "a damaged file", arguments: "run file.conf --set IN=damaged.json", replaces: true),
        Case(code: 3, what: "a bad record", arguments: "run file.conf --set IN=bad.json", replaces: true),
        Case(
            code: 4,
            what: "no summary",
            arguments: "run file.conf --set IN=good.json --summary /dev/full",
            replaces: true
        ),
        Case(
            code: 4,
            what: "no summary of a run with problems",
            arguments: "run file.conf --set IN=bad.json --summary /dev/full",
            replaces: true
        ),
    ]

    @Test(arguments: cases)
    func theExitCodeSaysHowItEnded(test: Case) throws {
        let result = try mhpipe.shell("OUT=out/o.jsonl \"$mhpipe\" \(test.arguments) 2>&1")
        #expect(result.status == test.code, "\(result.text)")
        #expect(try (folder.read("out/o.jsonl") != Data("OLD\n".utf8)) == test.replaces)
    }

    @Test func everyCodeIsInTheDocument() throws {
        let text = try String(contentsOf: Repository.root.appending(path: "docs/exit-codes.md"), encoding: .utf8)
        for code in Set(Self.cases.map(\.code) + [130]) { #expect(text.contains("| \(code) |")) }
    }

    /// The rename may not survive a power cut, but no other output is kept from its place by that.
    @Test(arguments: [EIO, ENOSPC])
    func aFolderThatCannotBeSyncedIsTold(number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let text = """
            quarantine: out/bad.jsonl
            sources: {s: {type: file, path: good.json}}
            sinks: {o: {type: jsonl, path: out/o.jsonl}, c: {type: csv, path: out/c.csv}, d: {type: sqlite, path: out/d.db}}
            """
        try folder.write(text, to: "p.conf")
        // The files themselves are synced before: that of each output, and that of the quarantine.
        let environment = library.environment(.fsync, number, on: "/out", after: 4)
        let result = try mhpipe.run(
            arguments: ["run", "p.conf", "--summary", "s.json"],
            environment: environment
        )
        #expect(result.status == 4, "\(result.errors)")
        #expect(result.errors.contains("cannot be brought to the disk"), "\(result.errors)")
        #expect(result.errors.contains("every output of this run is in its place"), "\(result.errors)")
        #expect(try folder.read("out/o.jsonl") == Data((Trail.hubCall + "\n").utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).sorted()
        #expect(names == ["bad.jsonl", "c.csv", "d.db", "o.jsonl"])
        #expect(result.errors.contains("1  written to out/o.jsonl"), "\(result.errors)")
        let summary = try String(decoding: folder.read("s.json"), as: UTF8.self)
        #expect(summary.contains("\"exitCode\" : 4") && summary.contains("\"eventsKept\" : 1"), "\(summary)")
    }

    /// A folder may take files although nobody can list it; then there is no more to be had.
    @Test(arguments: [EACCES, EMFILE, EIO])
    func aFolderThatCannotBeOpenedIsToldUnlessNobodyMayReadIt(number: Int32) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        let environment = library.environment(.open, number, on: "out")
        let result = try mhpipe.run(
            arguments: ["run", "file.conf", "-q", "--set", "IN=good.json", "--set", "OUT=out/o.jsonl"],
            environment: environment
        )
        #expect(result.status == (number == EACCES ? 0 : 4), "\(result.errors)")
        #expect(try folder.read("out/o.jsonl") == Data((Trail.hubCall + "\n").utf8))
    }

    /// Files that are there and cannot be opened are no reason to replace a good output by an empty one.
    @Test(arguments: ["warn", "ignore", "fail"])
    func filesThatCannotBeOpened(policy: String) throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write(Trail.file([Trail.hubCall]), to: "closed/a.json")
        try folder.write(Trail.file([Trail.hubCall]), to: "closed/b.json")
        for arguments in [
            ["run", "folder.conf", "--set", "IN=closed"], ["run", "file.conf", "--set", "IN=closed/a.json"],
            ["run", "file.conf", "--set", "IN=closed/a.json", "--workers", "1"],
        ] {
            try folder.write("OLD\n", to: "out/o.jsonl")
            let result = try mhpipe.run(
                arguments: arguments + ["--set", "OUT=out/o.jsonl", "--on-empty", policy, "--summary", "s.json"],
                environment: library.environment(.open, EACCES, on: "closed")
            )
            #expect(result.status == (policy == "fail" ? 1 : 3), "\(result.errors)")
            #expect(result.errors.contains("Permission denied"))
            #expect(try folder.read("out/o.jsonl") == Data((policy == "ignore" ? "" : "OLD\n").utf8))
            if policy == "warn" {
                #expect(result.errors.contains("nothing was written: every output is as it was before"))
                #expect(String(decoding: try folder.read("s.json"), as: UTF8.self).contains("\"nothingToRead\""))
            }
        }
    }

    @Test func oneFileThatCanBeOpenedIsEnough() throws {
        guard let library = try FaultLibrary(in: folder) else { return }
        try folder.write(Trail.file([]), to: "closed/a.json")
        try folder.write(Trail.file([Trail.hubCall]), to: "closed/b.json")
        let result = try mhpipe.run(
            arguments: ["run", "folder.conf", "-q", "--set", "IN=closed", "--set", "OUT=out/o.jsonl"],
            environment: library.environment(.open, EACCES, on: "closed/b.json")
        )
        #expect(result.status == 3, "\(result.errors)")
        #expect(try folder.read("out/o.jsonl") == Data())
    }
}
