import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// What a run that is killed leaves is removed by the next one that writes the same outputs; what a live run writes stays.
///
/// ```
/// test                          mhpipe
/// opens the pipe for writing -> opens it for reading: its hidden files are there
/// starts another run
/// kills it, or closes the pipe
/// ```
@Suite(.timeLimit(.minutes(30))) struct KilledRunTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private let process: Process
    private let pipe: FileHandle

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        #expect(mkfifo(folder.path("trail"), 0o600) == 0)
        try folder.write(Trail.file([Trail.otherCall]), to: "next.json")
        let pipeline = """
            quarantine: out/bad.jsonl
            sources: {s: {type: file, path: "${IN}"}}
            sinks: {a: {type: jsonl, path: out/a.jsonl}, d: {type: sqlite, path: out/a.db}}
            """
        try folder.write(pipeline, to: "p.conf")
        try folder.write("", to: "out/a")
        process = try mhpipe.process(["run", "p.conf", "-q", "--set", "IN=trail", "--summary", "out/s.json"])
        try process.run()
        pipe = try FileHandle(forWritingTo: folder.url.appending(path: "trail"))
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path("out"))) ?? []).sorted()
    }

    private var hidden: [String] { names.filter { $0.hasPrefix(".") } }

    /// A second run, whose streams go nowhere: the first one's are files of the folder.
    private func runNext(_ more: String = "--summary out/s.json") throws -> Int32 {
        let other = Process()
        other.executableURL = URL(filePath: "/bin/sh")
        other.arguments = ["-c", #"exec "\#(Mhpipe.path)" run p.conf -q --set IN=next.json \#(more) >/dev/null 2>&1"#]
        other.currentDirectoryURL = folder.url
        try other.run()
        other.waitUntilExit()
        return other.terminationStatus
    }

    @Test func whatAKilledRunLeftIsRemoved() throws {
        #expect(hidden.count == 4)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try pipe.close()
        let left = hidden
        #expect(left.count == 4)
        // A run of another output leaves all of it.
        #expect(
            try runNext("--set sinks.a.path=out/b.jsonl --set sinks.d.path=out/b.db --quarantine out/q.jsonl") == 0
        )
        #expect(hidden == left)
        #expect(try runNext() == 0)
        #expect(names == ["a", "a.db", "a.jsonl", "b.db", "b.jsonl", "bad.jsonl", "q.jsonl", "s.json"])
    }

    @Test func whatALiveRunWritesStays() throws {
        let left = hidden
        #expect(left.count == 4)
        #expect(try runNext() == 0)
        #expect(hidden == left)
        #expect(try runNext() == 0)
        #expect(hidden == left)
        try pipe.write(contentsOf: Data(Trail.file([Trail.hubCall]).utf8))
        try pipe.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try folder.read("out/a.jsonl") == Data((Trail.hubCall + "\n").utf8))
        #expect(names == ["a", "a.db", "a.jsonl", "bad.jsonl", "s.json"])
    }
}
