import Foundation
import MHPipeTestSupport
import Testing

/// What `convert` replaces, and what it does not.
@Suite struct ReplacementTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe
    private static let line = Data((Trail.hubCall + "\n").utf8)

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "in.json")
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: target)
    }

    @Test(arguments: ["out.jsonl", "link.jsonl", "link to link.jsonl"], ["the last run's", ""])
    func aFileIsReplacedOnlyWhenToldSo(name: String, old: String) throws {
        try folder.write(old, to: "out.jsonl")
        try link("link.jsonl", to: "out.jsonl")
        try link("link to link.jsonl", to: folder.path("link.jsonl"))
        let refused = try mhpipe.run("convert", "in.json", name)
        #expect(refused.status == 2)
        #expect(
            refused.errors == """
                mhpipe: OUTPUT '\(name)' is there already
                  '--force' replaces it; or choose another name

                """
        )
        #expect(try folder.read("out.jsonl") == Data(old.utf8))
        let forced = try mhpipe.run("convert", "--force", "-q", "in.json", name)
        #expect(forced.status == 0, "\(forced.errors)")
        #expect(try folder.read("out.jsonl") == Self.line)
    }

    @Test func whatIsNotThereNeedsNoForce() throws {
        try link("link.jsonl", to: "target.jsonl")
        #expect(try mhpipe.run("convert", "in.json", "new.jsonl").status == 0)
        #expect(try mhpipe.run("convert", "in.json", "link.jsonl").status == 0)
        #expect(try folder.read("target.jsonl") == Self.line)
        #expect(try folder.read("new.jsonl") == Self.line)
    }

    @Test func streamsPipesAndDevicesNeedNoForce() throws {
        let commands = [
            #""$mhpipe" convert -q in.json - >out.jsonl"#,
            #""$mhpipe" convert -q in.json /dev/stdout --to jsonl >out.jsonl"#,
            #""$mhpipe" convert -q in.json /dev/fd/3 --to jsonl 3>out.jsonl"#,
            #"mkfifo pipe.jsonl; cat pipe.jsonl >out.jsonl & "$mhpipe" convert -q in.json pipe.jsonl; s=$?; wait; exit $s"#,
            #""$mhpipe" convert -q in.json /dev/null --to csv && cp out.jsonl again && mv again out.jsonl"#,
        ]
        for command in commands {
            let result = try mhpipe.shell(command)
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(try folder.read("out.jsonl") == Self.line, "\(command)")
        }
    }

    @Test func aFolderIsNeverReplaced() throws {
        try folder.write("mine", to: "out.jsonl/file")
        for arguments in [["convert"], ["convert", "--force"]] {
            #expect(try mhpipe.run(arguments: arguments + ["in.json", "out.jsonl"]).status == 2)
        }
        #expect(try folder.read("out.jsonl/file") == Data("mine".utf8))
    }

    @Test func anInputIsNotReplacedWithForceEither() throws {
        try FileManager.default.linkItem(atPath: folder.path("in.json"), toPath: folder.path("hard.jsonl"))
        try link("soft.jsonl", to: "in.json")
        for output in ["in.json", "./in.json", "hard.jsonl", "soft.jsonl"] {
            let result = try mhpipe.run("convert", "--force", "--to", "jsonl", "in.json", output)
            #expect(result.status == 2)
            #expect(result.errors.hasPrefix("mhpipe: OUTPUT '\(output)' is also an INPUT\n"))
        }
        let piped = try mhpipe.shell(#""$mhpipe" convert --force --to jsonl - hard.jsonl <in.json"#)
        #expect(piped.status == 2)
        #expect(piped.errors.hasPrefix("mhpipe: sink 'output' would overwrite the file of standard input"))
        #expect(try folder.read("in.json") == Data(Trail.file([Trail.hubCall]).utf8))
    }

    @Test(arguments: ["--quarantine", "--summary"])
    func whatOptionsNameIsHeldToTheSame(option: String) throws {
        let name = option == "--summary" ? "there.json" : "there.jsonl"
        try folder.write("mine", to: name)
        let refused = try mhpipe.run("convert", "in.json", "out.jsonl", option, name)
        #expect(refused.errors.hasPrefix("mhpipe: '\(option)' '\(name)' is there already\n"))
        #expect(refused.status == 2)
        #expect(try folder.read(name) == Data("mine".utf8))
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
        #expect(try mhpipe.run("convert", "in.json", "out.jsonl", option, name, "--force").status == 0)
        #expect(try folder.read(name) != Data("mine".utf8))
    }

    /// A pipeline file says where it writes, night after night.
    @Test func aPipelineReplacesWhatItWroteBefore() throws {
        let text = "sources: {s: {type: file, path: in.json}}\nsinks: {o: {type: jsonl, path: out.jsonl}}"
        try folder.write(text, to: "p.conf")
        try folder.write("the last run's", to: "out.jsonl")
        #expect(try mhpipe.run("run", "p.conf").status == 0)
        #expect(try folder.read("out.jsonl") == Self.line)
    }

    @Test func anotherDatabaseStays() throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        let path = folder.path("colleague.db")
        _ = try sqlite.run([path, "CREATE TABLE notes(a); INSERT INTO notes VALUES (1)"])
        let before = try folder.read("colleague.db")
        try folder.write(
            "sources: {s: {type: file, path: in.json}}\nsinks: {o: {type: sqlite, path: colleague.db}}",
            to: "p.conf"
        )
        let message = "'path' names 'colleague.db', which is a SQLite database that mhpipe did not make (table 'notes')"
        for arguments in [["run", "p.conf"], ["check", "p.conf"], ["convert", "in.json", "colleague.db"]] {
            let result = try mhpipe.run(arguments: arguments)
            #expect(result.status == 2)
            #expect(result.errors.contains(message), "\(result.errors)")
        }
        #expect(try mhpipe.run("convert", "--force", "in.json", "colleague.db").status == 2)
        #expect(try folder.read("colleague.db") == before)
        let replaced = try mhpipe.run("run", "p.conf", "-q", "--set", "sinks.o.replace=true")
        #expect(replaced.status == 0, "\(replaced.errors)")
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        #expect(try mhpipe.run("convert", "in.json", "colleague.db").status == 2)
        #expect(try mhpipe.run("convert", "--force", "in.json", "colleague.db").status == 0)
    }
}
