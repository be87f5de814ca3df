import Foundation
import MHPipeTestSupport
import Testing

/// The manifest of a run that appends tells of what this run has appended, whatever earlier and later ones have.
@Suite(.timeLimit(.minutes(30))) struct ManifestAppendTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    private static let files = ["all.jsonl", "all.jsonl.gz", "all.jsonl.zst", "all.csv", "bad.jsonl"]
    private static let database = "  rows: {type: sqlite, path: all.db}\n"

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try writePipeline()
    }

    private func writePipeline(_ more: String = "") throws {
        try folder.write(
            """
            state: st
            mode: append
            checkpoint_every: 0s
            quarantine: bad.jsonl
            sources: {logs: {type: directory, path: logs}}
            sinks:
              plain: {type: jsonl, path: all.jsonl}
              packed: {type: jsonl, path: all.jsonl.gz}
              framed: {type: jsonl, path: all.jsonl.zst}
              table: {type: csv, path: all.csv}

            """ + more,
            to: "p.conf"
        )
    }

    /// A night with a file that is whole and one that is damaged, so that the quarantine grows as well.
    private func night(_ number: Int, _ more: String...) throws -> Int32 {
        let text = Trail.file([Trail.hubCall, Trail.otherCall])
        try folder.write(text, to: "logs/\(number)-a.json")
        try folder.write(String(text.dropLast(9)), to: "logs/\(number)-b.json")
        return try mhpipe.run(arguments: ["run", "p.conf", "-q", "--manifest", "m\(number).jsonl"] + more).status
    }

    /// The lines of outputs by their paths, each checked against the schema.
    private func outputs(_ night: Int) throws -> [String: JSONTree] {
        let schema = try JSONSchema(Repository.root.appending(path: "docs/schema/manifest-1.schema.json"))
        var outputs: [String: JSONTree] = [:]
        for line in try folder.read("m\(night).jsonl").split(separator: UInt8(ascii: "\n")) {
            let tree = try JSONDecoder().decode(JSONTree.self, from: Data(line))
            #expect(schema.mistakes(tree) == [])
            if tree["type"]?.text == "output", let path = tree["path"]?.text { outputs[path] = tree }
        }
        return outputs
    }

    private func verify(_ night: Int, _ more: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["verify", "m\(night).jsonl"] + more)
    }

    private func size(_ name: String) throws -> Int { try folder.read(name).count }

    @Test func eachNightTellsOfItsPart() throws {
        var ends: [String: Int] = [:]
        for number in 1...3 {
            #expect(try night(number) == 3)
            let outputs = try outputs(number)
            for name in Self.files {
                let line = try #require(outputs[name])
                let (offset, bytes) = (try #require(line["offset"]?.integer), try #require(line["bytes"]?.integer))
                #expect(offset == ends[name, default: 0], "\(name)")
                #expect(bytes > 0, "\(name)")
                ends[name] = offset + bytes
                #expect(try size(name) == offset + bytes, "\(name)")
                let hash = try mhpipe.shell("tail -c +\(offset + 1) \(name) | sha256sum").text.prefix(64)
                #expect(line["sha256"]?.text == String(hash), "\(name)")
                if name != "bad.jsonl" { #expect(line["rows"]?.integer == 3, "\(name)") }
            }
        }
        for number in 1...3 {
            let result = try verify(number)
            #expect(result.status == 0 && result.text == "", "\(number): \(result.text)\(result.errors)")
        }
    }

    /// What an earlier run has written is not read: it is a hole of a terabyte here.
    @Test func theCostGoesByWhatIsNew() throws {
        #expect(try night(1) == 3)
        #expect(try mhpipe.shell("truncate -s 1T all.jsonl").status == 0)
        #expect(try night(2, "--restart") == 3)
        let line = try #require(try outputs(2)["all.jsonl"])
        #expect(line["offset"]?.integer == 1 << 40)
        #expect(try verify(2).status == 0)
    }

    /// What is done to a file of three nights, and what `verify` says of each night.
    @Test(
        arguments: [
            ("dd of=all.csv bs=1 seek=9 conv=notrunc", [true, false, false], "changed: output all.csv: bytes 0 to "),
            ("dd of=all.jsonl bs=1 seek=END1 conv=notrunc", [false, true, false], "changed: output all.jsonl: bytes "),
            ("truncate -s END2 all.jsonl.gz", [false, false, true], "truncated: output all.jsonl.gz: "),
            ("rm bad.jsonl", [true, true, true], "missing: output bad.jsonl"),
            ("cat - >> all.jsonl", [false, false, false], ""),
        ] as [(String, [Bool], String)]
    )
    func whatIsNotAsItWas(command: String, differs: [Bool], words: String) throws {
        var command = command
        for number in 1...3 {
            #expect(try night(number) == 3)
            let name = command.contains("gz") ? "all.jsonl.gz" : "all.jsonl"
            command = command.replacing("END\(number)", with: "\(try size(name))")
        }
        #expect(try mhpipe.shell("printf x | \(command)").status == 0)
        for number in 1...3 {
            let result = try verify(number)
            #expect(result.status == (differs[number - 1] ? 5 : 0), "\(number): \(result.text)\(result.errors)")
            #expect(differs[number - 1] ? result.text.hasPrefix(words) : result.text == "", "\(result.text)")
            #expect(try verify(number, "--inputs").status == 0)
        }
    }

    /// A database is changed wherever SQLite likes, so its hash is of the whole, and holds until the next night.
    @Test func aDatabaseHasTheHashOfTheWhole() throws {
        try writePipeline(Self.database)
        for number in 1...2 {
            #expect(try night(number) == 3)
            let line = try #require(try outputs(number)["all.db"])
            #expect(line["offset"] == nil)
            #expect(try line["bytes"]?.integer == size("all.db"))
            #expect(line["rows"]?.integer == 3)
        }
        #expect(try verify(2).status == 0)
        let result = try verify(1)
        #expect(result.status == 5)
        #expect(result.text.split(separator: "\n").allSatisfy { $0.contains("output all.db") }, "\(result.text)")
    }

    /// A run that is not one of those that append has whole outputs.
    @Test func withoutAppendingOutputsAreWholes() throws {
        let text = String(decoding: try folder.read("p.conf"), as: UTF8.self)
        try folder.write(text.replacing("mode: append\n", with: ""), to: "p.conf")
        for number in 1...2 {
            #expect(try night(number) == 3)
            #expect(try outputs(number).values.allSatisfy { $0["offset"] == nil })
        }
        #expect(try verify(2).status == 0)
        #expect(try verify(1).status == 5)
    }

    @Test func aNightWithNothingNewIsNoDifference() throws {
        #expect(try night(1) == 3)
        #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "m2.jsonl").status == 0)
        #expect(try outputs(2).isEmpty)
        let result = try verify(2)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try verify(1).status == 0)
    }

    /// There was nothing to write; of files that cannot be opened that cannot be said.
    @Test(
        arguments: [("mkdir logs", 0, 0), ("mkdir logs && ln -s nowhere logs/a.json", 3, 5)] as [(String, Int32, Int32)]
    )
    func aNightWithoutFilesIsNoDifference(input: String, exitCode: Int32, verified: Int32) throws {
        try folder.write(
            "sources: {logs: {type: directory, path: logs}}\nsinks: {plain: {type: jsonl, path: all.jsonl}}\n",
            to: "p.conf"
        )
        #expect(try mhpipe.shell(input).status == 0)
        #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "m1.jsonl").status == exitCode)
        let empty = try verify(1)
        #expect(empty.status == verified, "\(empty.errors)")
    }

    /// What fails behind the manifest is in it all the same.
    @Test(arguments: ["/dev/full", "s.json", "-"]) func theExitCodeOfASummaryThatFailsIsInTheManifest(path: String)
        throws
    {
        try FileManager.default.createSymbolicLink(atPath: folder.path("s.json"), withDestinationPath: "/dev/full")
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/a.json")
        let result = try mhpipe.shell(#""$mhpipe" run p.conf -q --manifest m1.jsonl --summary \#(path) > /dev/full"#)
        #expect(result.status == 4)
        let last = try #require(try folder.read("m1.jsonl").split(separator: UInt8(ascii: "\n")).last)
        let end = try JSONDecoder().decode(JSONTree.self, from: Data(last))
        #expect(end["exitCode"]?.integer == 4 && end["summary"]?["exitCode"]?.integer == 4)
        #expect(try verify(1).status == 0)
    }
}
