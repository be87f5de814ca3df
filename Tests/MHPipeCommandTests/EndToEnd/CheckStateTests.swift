import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// `check` finds what a run with a state, a watch or a manifest would trip over.
@Suite(.timeLimit(.minutes(30))) struct CheckStateTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/a.json")
        try folder.write("kept", to: "old.jsonl")
        try folder.write("", to: "folder/x")
        try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    }

    struct Case: CustomTestStringConvertible {
        /// A line each, separated by commas.
        let keys: String
        var source = "type: directory, path: logs"
        var sink = "type: jsonl, path: out.jsonl"
        let message: String

        var testDescription: String { message }
    }

    static let mistakes = [
        Case(keys: "state: no/such", message: "cannot write 'no/such': the folder 'no' does not exist"),
        Case(keys: "state: old.jsonl", message: "'old.jsonl' is a file, and the state is kept in a folder"),
        Case(keys: "state: old.jsonl/st", message: "'old.jsonl' is not a folder"),
        Case(keys: "state: /dev/null", message: "'/dev/null' is a file, and the state is kept in a folder"),
        Case(keys: "state: '-'", message: "the state cannot go to standard output"),
        Case(keys: "state: ~/st", message: "only shells know what '~' means"),
        Case(keys: "state: $HOME/st", message: "'$HOME' in '$HOME/st' is not replaced"),
        Case(keys: "state: s3://bucket/st", message: "'s3://bucket/st' is a URL"),
        Case(keys: "state: out.jsonl", message: "the state writes the same file as sink 'a'"),
        Case(keys: "state: logs/st", message: "the state writes into the folder that source 's' reads"),
        Case(keys: "state: st", source: "type: file, path: pipe", message: "'pipe' cannot be read a second time"),
        Case(keys: "state: st", sink: "type: jsonl, path: pipe", message: "such as 'pipe', cannot be taken back"),
        Case(keys: "state: st", sink: "type: csv, path: /dev/null", message: "such as '/dev/null', cannot be taken"),
        Case(keys: "state: st, quarantine: '-'", message: "such as '-', cannot be taken back"),
        Case(
            keys: "state: st, mode: append",
            sink: "type: jsonl, path: old.jsonl",
            message: "'old.jsonl' is there already, and no run whose state is in 'st' has written it"
        ),
        Case(
            keys: "state: st, mode: append, quarantine: old.jsonl",
            message: "'old.jsonl' is there already, and no run"
        ),
        Case(keys: "manifest: /dev/null", message: "the manifest cannot go to a pipe or a device: '/dev/null'"),
        Case(keys: "manifest: pipe", message: "the manifest cannot go to a pipe or a device: 'pipe'"),
        Case(keys: "manifest: folder", message: "cannot write 'folder': it is a folder"),
        Case(keys: "metrics_file: folder", message: "cannot write 'folder': it is a folder"),
    ]

    private func write(_ example: Case) throws {
        let lines = example.keys.replacing(", ", with: "\n")
        let stages = "sources: {s: {\(example.source)}}\nsinks: {a: {\(example.sink)}}\n"
        try folder.write("\(lines)\n\(stages)", to: "p.conf")
    }

    private func names() throws -> [String] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path(""))
        return names.filter { !["stdin", "stdout", "stderr"].contains($0) }.sorted()
    }

    @Test(arguments: mistakes) func isAMistake(_ example: Case) throws {
        try write(example)
        let before = try names()
        for command in ["check", "run"] {
            let result = try mhpipe.run(command, "p.conf")
            #expect(result.status == 2, "\(result.errors)")
            #expect(result.errors.contains(example.message), "\(result.errors)")
            #expect(result.errors.contains("\n  --> p.conf:"), "\(result.errors)")
        }
        #expect(try names() == before)
    }

    /// The check may be made elsewhere than at the place of the run.
    @Test func aFolderThatIsWatchedMayComeLater() throws {
        try write(
            Case(keys: "state: st, mode: append", source: "type: directory, path: gone, watch: true", message: "")
        )
        let check = try mhpipe.run("check", "p.conf")
        #expect(check.status == 0)
        #expect(check.errors.contains("there is no 'gone' yet, and a watch begins only where its folder is\n"))
        #expect(try mhpipe.run("run", "p.conf").status == 1)
    }

    static let sound = [
        Case(keys: "state: st", message: "a folder that is made"),
        Case(keys: "state: folder", message: "a folder that is there"),
        Case(keys: "state: folder/", message: "with a slash"),
        Case(keys: "state: st, mode: append, quarantine: bad.jsonl", message: "outputs that are not there"),
        Case(keys: "state: st, mode: append", sink: "type: csv, path: out.csv.gz", message: "a compressed one"),
        Case(keys: "state: st, mode: append", sink: "type: sqlite, path: out.db", message: "a database"),
    ]

    @Test(arguments: sound) func runsTwice(_ example: Case) throws {
        try write(example)
        for _ in 1...2 {
            #expect(try mhpipe.run("check", "p.conf").errors == "mhpipe: p.conf: ok (1 source, 0 transforms, 1 sink)\n")
            let run = try mhpipe.run("run", "p.conf", "-q")
            #expect(run.status == 0 && run.errors == "", "\(run.errors)")
        }
    }
}
