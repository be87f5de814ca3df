import Foundation
import MHPipeTestSupport
import Testing

/// The file of `--summary` is written like any output, and its failure is told apart from one of the run.
@Suite struct SummaryFileTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "in.json")
        try folder.write(Trail.file([Trail.hubCall, "{\"eventVersion\":x}"]), to: "bad.json")
        let text = "sources: {s: {type: file, path: \"${IN}\"}}\nsinks: {o: {type: jsonl, path: out.jsonl}}"
        try folder.write(text, to: "p.conf")
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path(""))) ?? []).filter { $0.hasPrefix(".") }
    }

    @Test(
        .enabled(if: access("/dev/full", F_OK) == 0, "there is no /dev/full here"),
        arguments: ["in.json", "bad.json"]
    )
    func aFullDiskSaysThatTheOutputsAreThere(input: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path("s.json"), withDestinationPath: "/dev/full")
        for path in ["/dev/full", "s.json"] {
            let result = try mhpipe.run("run", "p.conf", "-q", "--set", "IN=\(input)", "--summary", path)
            #expect(result.status == 4)
            #expect(result.errors.contains("mhpipe: cannot write '\(path)': No space left on device\n"))
            #expect(result.errors.hasSuffix("  the outputs are in their places; only the summary is missing\n"))
            #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n").utf8))
        }
        let piped = try mhpipe.shell(#""$mhpipe" run p.conf -q --set IN=in.json --summary - >/dev/full"#)
        #expect(piped.status == 4)
        #expect(piped.errors.contains("only the summary is missing\n"))
    }

    /// The limit on the size of files stands for a disk that is full; the outputs go to a pipe, which has none.
    @Test func theOldSummaryStaysWhenTheNewOneCannotBeWritten() throws {
        try folder.write("the last run's", to: "s.json")
        let command =
            #"(trap '' XFSZ; ulimit -f 0; "$mhpipe" run p.conf -q --set IN=in.json --set sinks.o.path=- --summary s.json 2>&1;"#
            + #" echo "exit $?") | cat"#
        let result = try mhpipe.shell(command)
        #expect(result.text.hasSuffix("only the summary is missing\nexit 4\n"), "\(result.text)")
        #expect(result.text.hasPrefix(Trail.hubCall + "\nmhpipe: cannot write 's.json': File too large\n"))
        #expect(try folder.read("s.json") == Data("the last run's".utf8))
        #expect(names == [])
    }

    @Test func aRunThatFailsLeavesTheOldSummary() throws {
        try folder.write("the last run's", to: "s.json")
        let result = try mhpipe.run(
            "run",
            "p.conf",
            "--on-error",
            "fail",
            "--set",
            "IN=bad.json",
            "--summary",
            "s.json"
        )
        #expect(result.status == 1)
        #expect(try folder.read("s.json") == Data("the last run's".utf8))
        #expect(names == [])
    }

    @Test func aLinkIsWrittenThroughAndTheModeIsKept() throws {
        try folder.write("old", to: "real.json")
        chmod(folder.path("real.json"), 0o640)
        try FileManager.default.createSymbolicLink(atPath: folder.path("s.json"), withDestinationPath: "real.json")
        #expect(try mhpipe.run("run", "p.conf", "-q", "--set", "IN=in.json", "--summary", "s.json").status == 0)
        let text = String(decoding: try folder.read("real.json"), as: UTF8.self)
        #expect(text.hasPrefix("{") && text.hasSuffix("}\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("real.json"))[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(names == [])
    }
}
