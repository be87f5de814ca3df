import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// `verify` says what is not as a manifest says, and nothing else.
@Suite(.timeLimit(.minutes(30))) struct VerifyTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for file in 0..<4 { try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "logs/\(file).json") }
        try folder.write(
            """
            sources: {logs: {type: directory, path: logs}}
            sinks:
              lake: {type: jsonl, path: "lake/{awsRegion}.jsonl"}
              rows: {type: csv, path: all.csv}
            manifest: m.jsonl
            """,
            to: "p.conf"
        )
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
    }

    private func verify(_ arguments: String...) throws -> Mhpipe.Result {
        try mhpipe.run(arguments: ["verify", "m.jsonl"] + arguments)
    }

    @Test func allAsTheManifestSays() throws {
        for arguments in [[], ["--inputs"], ["--outputs"], ["--inputs", "--outputs"], ["--extra"], ["-q"]] {
            let result = try mhpipe.run(arguments: ["verify", "m.jsonl"] + arguments)
            #expect(result.status == 0 && result.text == "", "\(arguments): \(result.text)\(result.errors)")
        }
        #expect(try verify().errors == "mhpipe: m.jsonl: 7 files as the manifest says\n")
        #expect(try verify("-q").errors == "")
    }

    /// What is done to files, what is said, and whether it is an input.
    @Test(
        arguments: [
            ("rm logs/1.json", ["missing: input logs/1.json"], true),
            ("mv logs none", (0..<4).map { "missing: input logs/\($0).json" }, true),
            (
                "printf x | dd of=logs/2.json bs=1 seek=9 conv=notrunc",
                ["changed: input logs/2.json: as long as it was, with other bytes"], true
            ),
            ("truncate -s 11 logs/2.json", ["truncated: input logs/2.json: 11 of its 391 bytes are there"], true),
            ("echo >> logs/3.json", ["longer: input logs/3.json: 1 byte more; what was there is as it was"], true),
            (
                "printf x | dd of=logs/3.json bs=1 conv=notrunc; echo >> logs/3.json",
                ["longer: input logs/3.json: 1 byte more; and what was there has changed"], true
            ),
            ("rm logs/0.json; mkdir logs/0.json", ["changed: input logs/0.json: it is a folder now"], true),
            ("rm logs/0.json; mkfifo logs/0.json", ["changed: input logs/0.json: it is a named pipe now"], true),
            (
                "rm all.csv lake/us-west-2.jsonl", ["missing: output lake/us-west-2.jsonl", "missing: output all.csv"],
                false
            ),
            (
                "sed -i s/Get/Put/ lake/us-east-1.jsonl",
                ["changed: output lake/us-east-1.jsonl: as long as it was, with other bytes"], false
            ),
        ] as [(String, [String], Bool)]
    )
    func whatIsNot(command: String, lines: [String], isInput: Bool) throws {
        _ = try mhpipe.shell(command)
        let result = try verify()
        #expect(result.status == 5)
        #expect(result.text == lines.map { $0 + "\n" }.joined())
        #expect(result.errors.contains("not as the manifest says"))
        #expect(try verify("--inputs").status == (isInput ? 5 : 0))
        #expect(try verify("--outputs").status == (isInput ? 0 : 5))
    }

    @Test func whatIsThereBesideItIsTold() throws {
        try folder.write("{}", to: "logs/below/new.json")
        try folder.write("{}", to: "lake/old.jsonl")
        #expect(try verify().status == 0)
        let result = try verify("--extra")
        #expect(result.status == 5)
        let here = try mhpipe.shell("pwd").text.dropLast()
        #expect(
            Set(result.text.split(separator: "\n")) == [
                "extra: \(here)/logs/below/new.json", "extra: \(here)/lake/old.jsonl",
            ]
        )
        #expect(try verify("--extra", "--outputs").text == "extra: \(here)/lake/old.jsonl\n")
    }

    /// Paths count from where the run was, wherever `verify` is started, or from a folder that is named.
    @Test func filesThatWereMovedAreFound() throws {
        #expect(try mhpipe.shell(#"mkdir d; cd d; "$mhpipe" verify ../m.jsonl"#).status == 0)
        let moved = try mhpipe.shell(#"mkdir copy; mv logs lake all.csv copy; "$mhpipe" verify m.jsonl"#)
        #expect(moved.status == 5 && moved.errors.contains("--root"))
        #expect(try verify("--root", "copy").status == 0)
        #expect(try verify("--root", "nowhere").status == 2)
        // Absolute paths count from it as well.
        let absolute = try mhpipe.shell(
            #""$mhpipe" convert "$PWD/copy/logs" o.jsonl -q --manifest a.jsonl && mkdir -p "r$PWD/copy" "#
                + #"&& mv copy/logs "r$PWD/copy/" && mv o.jsonl r/ && "$mhpipe" verify a.jsonl --root r"#
        )
        #expect(absolute.status == 0, "\(absolute.text)\(absolute.errors)")
    }

    @Test func aManifestThatIsNotWholeProvesNothing() throws {
        let text = String(decoding: try folder.read("m.jsonl"), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0 + "\n" }
        for (name, damaged) in [
            ("cut", lines.dropLast().joined()), ("cut inside", String(text.dropLast(40))),
            ("changed", text.replacing("logs/1.json", with: "logs/0.json")),
            ("line gone", (lines[..<2] + lines[3...]).joined()),
        ] {
            try folder.write(damaged, to: "m.jsonl")
            let result = try verify()
            #expect(result.status == 5 && result.text == "", "\(name)")
            #expect(result.errors.contains("is not to be relied on"), "\(name): \(result.errors)")
        }
        for (name, other) in [
            ("empty", ""), ("log", Trail.file([Trail.hubCall])),
            ("later", text.replacing(#""schema":1,"mhpipe""#, with: #""schema":2,"mhpipe""#)),
        ] {
            try folder.write(other, to: "m.jsonl")
            #expect(try verify().status == 2, "\(name)")
        }
        #expect(try mhpipe.run("verify", "none.jsonl").status == 2)
        #expect(try mhpipe.run("verify", "logs").status == 2)
    }

    @Test func aRunThatHasPutNothingInItsPlaceHasNoOutputsToVerify() throws {
        try folder.write(String(Trail.file([Trail.hubCall]).dropLast(5)), to: "logs/4.json")
        #expect(try mhpipe.run("run", "p.conf", "-q", "--manifest", "f.jsonl", "--on-error", "fail").status == 1)
        let result = try mhpipe.run("verify", "f.jsonl")
        #expect(
            result.status == 5 && result.errors.contains("has put no output in its place (failed)"),
            "\(result.errors)"
        )
        #expect(try mhpipe.run("verify", "f.jsonl", "--inputs").status == 0)
    }

    @Test func whatCannotBeReadAgainIsCounted() throws {
        _ = try mhpipe.shell(#"cat logs/0.json | "$mhpipe" convert - logs/1.json o.jsonl -q --manifest s.jsonl"#)
        let result = try mhpipe.run("verify", "s.jsonl")
        #expect(result.status == 0)
        #expect(
            result.errors == "mhpipe: s.jsonl: 2 files as the manifest says; 1 cannot be read again, such as pipes\n"
        )
    }
}
