import Foundation
import Libc
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// Which files are read, and what is said of the others.
@Suite struct FilesTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
    }

    private static let gzip = Trail.hubCallInGzip

    private func run(_ arguments: String...) throws -> (files: [String: Int], result: Mhpipe.Result) {
        try run(arguments)
    }

    private func run(_ arguments: [String]) throws -> (files: [String: Int], result: Mhpipe.Result) {
        let force = arguments.first == "convert" ? ["--force"] : []
        let result = try mhpipe.run(arguments: arguments + ["--summary", "s.json"] + force)
        let object = try JSONSerialization.jsonObject(with: folder.read("s.json")) as? [String: Any]
        return ((object ?? [:]).compactMapValues { $0 as? Int }, result)
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
    }

    private func pipeline(_ sources: String) throws {
        try folder.write("sources:\n\(sources)\nsinks:\n  out: {type: jsonl, path: out.jsonl}\n", to: "p.conf")
    }

    // MARK: - Names

    @Test(arguments: [
        "a.json", "b.ndjson", "c.jsonl", "C.JSON", "D.JsonL", "E.NDJSON", ".ndjson", ".json", "a b.json", "..json",
        "a.b.c.json",
        "x.json.json", "line\nend.json", "é.json", "日本.ndjson", "-.json", "'.json", "\u{7}.json",
    ])
    func `names of logs are read, whatever their case`(name: String) throws {
        try folder.write(Trail.hubCall, to: "logs/" + name)
        try folder.write(Self.gzip, to: "logs/" + name + ".gz")
        try folder.write(Self.gzip, to: "logs/deep/er/" + name + ".GZ")
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.status == 0)
        #expect(result.text.split(separator: "\n").count == 3)
        #expect(files["filesSeen"] == 3 && files["files"] == 3 && files["otherFiles"] == 0)
    }

    @Test(arguments: [
        "a.json.bak", "a.jsonx", "json", "a.json~", "a.json.gz.tmp", "a.gzip", "a.json.bz2", "ndjson.gz", "a-json",
        "gz", "a.gz",
    ])
    func `other files that look like logs are named`(name: String) throws {
        try folder.write(Trail.hubCall, to: "logs/a.json")
        try folder.write(Trail.hubCall, to: "logs/x/" + name)
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.status == 0)
        #expect(result.text.split(separator: "\n").count == 1)
        #expect(result.errors.contains("'input': 1 other file not read (x/\(name)): `include` chooses"))
        #expect(files["filesSeen"] == 2 && files["files"] == 1 && files["otherFiles"] == 1)
    }

    @Test(arguments: [
        ("notes", false), ("", false), ("[]", false), ("{}", false), ("<a>", false), ("[1]", false),
        ("{\"a\":1}", true),
        (" \n{ \n \"a\":1}", true), ("[ {\"a\":1}]", true), ("\u{FEFF}{\"a\":1}", true), ("\u{1F}\u{8B}", false),
    ])
    func `only what begins like gzip or JSON is named`(text: String, isNamed: Bool) throws {
        try folder.write(Trail.hubCall, to: "logs/a.json")
        try folder.write(text, to: "logs/other")
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.errors.contains("other file not read") == isNamed)
        #expect(files["filesSeen"] == 2 && files["otherFiles"] == 1)
    }

    @Test func `a mixed folder is accounted for`() throws {
        try folder.write(Trail.file([Trail.hubCall]), to: "mixed/a.json")
        try folder.write(Trail.hubCall + "\n", to: "mixed/b.ndjson")
        try folder.write(Self.gzip, to: "mixed/C.JSON.GZ")
        try folder.write(Self.gzip, to: "mixed/000000.gz")
        try folder.write(Self.gzip, to: "mixed/ct-stream-1-2025-03-07-00-37-01-0a1b")
        let (files, result) = try run("convert", "mixed", "-")
        #expect(result.status == 0)
        #expect(result.text.split(separator: "\n").count == 3)
        #expect(
            result.errors.contains(
                "2 other files not read (000000.gz, ct-stream-1-2025-03-07-00-37-01-0a1b): `include` chooses"
            )
        )
        #expect(result.errors.contains("2  other files, not named like logs, not read\n"))
        #expect(result.errors.contains("5  files seen in all\n"))
        #expect(files["filesSeen"] == 5 && files["files"] == 3 && files["otherFiles"] == 2)
    }

    @Test func `damaged zstd is told by its content`() throws {
        try folder.write([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0], to: "logs/a.json.zst")
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.status == 3)
        #expect(result.errors.contains("zstd"))
        #expect(files["files"] == 1 && files["filesDamaged"] == 1)
    }

    @Test func `what the pipeline's own patterns leave out is counted apart, and not looked at`() throws {
        for name in ["a.json", "b.json", "old/c.json", "d", "Digest/e.json"] {
            try folder.write(Trail.hubCall, to: "logs/" + name)
        }
        try pipeline("  in: {type: directory, path: logs, include: ['a.*', 'old/*'], exclude: [Digest/]}")
        var (files, result) = try run("run", "p.conf")
        #expect(
            files["filesSeen"] == 4 && files["files"] == 2 && files["filesLeftOut"] == 2 && files["otherFiles"] == 0
        )
        #expect(!result.errors.contains("warning"))
        #expect(result.errors.contains("2  left out by 'include' and 'exclude'\n"))
        try pipeline("  in: {type: directory, path: logs, exclude: [a.json, old/]}")
        (files, result) = try run("run", "p.conf")
        #expect(
            files["filesSeen"] == 4 && files["files"] == 2 && files["filesLeftOut"] == 1 && files["otherFiles"] == 1
        )
        #expect(result.errors.contains("1 other file not read (d)"))
    }

    @Test func `patterns that match nothing are named`() throws {
        for name in ["a.json", "x.txt", "y.txt", "z.log.gz", "none"] {
            try folder.write(Trail.hubCall, to: "logs/" + name)
        }
        try pipeline("  in: {type: directory, path: logs, include: ['*.json', '2024/**', '*.csv']}")
        #expect(
            try run("run", "p.conf").result.errors.contains("no file in 'logs' matches 2024/**, *.csv, of 'include'")
        )
        try pipeline("  in: {type: directory, path: logs, include: ['*.csv']}")
        #expect(
            try run("run", "p.conf").result.errors.contains(
                "nothing to read: no file in 'logs' matches *.csv; 5 other files seen there, by their endings: "
                    + ".txt (2), no ending (1), .json (1), .log.gz (1)"
            )
        )
        try folder.write("x", to: "notes/a.TXT")
        #expect(
            try run("convert", "notes", "-").result.errors.contains(
                "no file in 'notes' ends in .json, .jsonl or .ndjson, each also with .gz or .zst; 1 other file seen there, "
                    + "by their endings: .txt (1)"
            )
        )
        try FileManager.default.createDirectory(atPath: folder.path("empty"), withIntermediateDirectories: true)
        #expect(try run("convert", "empty", "-").result.errors.contains("there is no file in 'empty'"))
    }

    // MARK: - What is no file

    @Test func `what is no file is skipped and reported`() throws {
        try folder.write(Trail.hubCall, to: "logs/a.json")
        try #require(mkfifo(folder.path("logs/pipe.json"), 0o600) == 0)
        try #require(mkfifo(folder.path("logs/other"), 0o600) == 0)
        try link("logs/gone.json", to: "nowhere")
        try link("logs/gone.txt", to: "nowhere")
        try link("logs/self.ndjson", to: "self.ndjson")
        try link("logs/null.jsonl", to: "/dev/null")
        try link("logs/through.json", to: "a.json/x")
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.status == 3)
        #expect(result.text.split(separator: "\n").count == 1)
        #expect(files["filesSeen"] == 8 && files["files"] == 1 && files["unreadable"] == 5 && files["otherFiles"] == 2)
        #expect(result.errors.contains("logs/pipe.json: it is a named pipe, not a file"))
        #expect(result.errors.contains("logs/null.jsonl: it is a device, not a file"))
        #expect(result.errors.contains("'input': 'other' is a named pipe, not a file, and is skipped"))
    }

    @Test func `a file that cannot be opened when its turn comes is unreadable`() throws {
        try folder.write(Trail.hubCall, to: "a.json")
        // A socket can be asked about, and not be opened.
        let socket = socket(AF_UNIX, Int32(1), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = folder.path("s")
        try #require(name.utf8.count < 100)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
        }
        try #require(isBound == 0)
        let (files, result) = try run("convert", "a.json", "s", "-")
        #expect(result.status == 3)
        #expect(
            files["filesSeen"] == 2 && files["files"] == 1 && files["unreadable"] == 1 && files["filesDamaged"] == 0
        )
    }

    @Test(.timeLimit(.minutes(30))) func `a deep tree is read as far as paths reach`() throws {
        var path = "logs"
        while folder.path(path).utf8.count < 3000 { path += "/" + String(repeating: "d", count: 100) }
        try folder.write(Trail.hubCall, to: path + "/a.json")
        let (files, result) = try run("convert", "logs", "-")
        #expect(result.status == 0)
        #expect(files["filesSeen"] == 1 && files["files"] == 1)
    }

    // MARK: - Files with several paths

    /// What leads to `logs/a.json` and `logs/b/c.json` more than once, and how many files are read, and how many again.
    @Test(arguments: [
        (["logs", "logs/b"], 3, 1), (["logs/b", "logs"], 3, 1), (["logs", "logs"], 4, 2),
        (["logs", "logs/a.json"], 3, 1),
        (["logs/a.json", "logs"], 3, 1), (["logs", "link.json"], 3, 1), (["logs", "hard.json"], 3, 1),
        (["logs/a.json", "logs/../logs/a.json"], 2, 1), (["logs/a.json", "hard.json", "link.json"], 3, 2),
        (["logs", "folder"], 4, 2), (["logs", "logs/", "./logs"], 6, 4), (["logs/a.json", "logs/a.json"], 2, 1),
        (["logs/a.json", "other.json"], 2, 0), (["logs", "other"], 3, 0),
    ])
    func `a file with several paths is read as often, and that is told`(inputs: [String], read: Int, again: Int) throws
    {
        for name in ["logs/a.json", "logs/b/c.json", "other/x.json", "other.json"] {
            try folder.write(Trail.hubCall, to: name)
        }
        try link("link.json", to: "logs/a.json")
        try link("folder", to: "logs")
        try #require(hardLink(folder.path("logs/a.json"), folder.path("hard.json")) == 0)
        let (files, result) = try run(["convert"] + inputs + ["-"])
        #expect(result.status == 0)
        #expect(files["files"] == read && files["filesRepeated"] == again)
        let isTold = ["as often", "count twice"].contains { result.errors.contains($0) }
        #expect(isTold == (again > 0), "\(result.errors)")
        #expect(result.errors.contains("\(again)  of them files that were read before\n") == (again > 0))
    }

    @Test func `links within one folder are told`() throws {
        try folder.write(Trail.hubCall, to: "logs/a.json")
        try link("logs/latest.json", to: "a.json")
        let (files, result) = try run("convert", "logs", "-")
        #expect(files["filesRepeated"] == 1)
        #expect(
            result.errors.contains(
                "'input': 'logs/latest.json' is read already by way of 'logs/a.json', and its events count twice"
            )
        )
    }
}

/// `link`, which the suite has a method of.
private func hardLink(_ old: String, _ new: String) -> Int32 { link(old, new) }
