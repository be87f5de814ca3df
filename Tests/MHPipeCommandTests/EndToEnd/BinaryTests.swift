import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// What does not need a run: help, checks, mistakes.
@Suite struct BinaryTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
    }

    @Test func showsItsVersion() throws {
        let result = try mhpipe.run("--version")
        #expect(result.text == Version.text)
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test func showsHelp() throws {
        let result = try mhpipe.run("run", "--help")
        #expect(result.text == HelpPage(RunCommand.self).text)
        #expect(result.status == 0)
    }

    @Test func refusesAnUnknownCommand() throws {
        let result = try mhpipe.run("chekc", "a.conf")
        #expect(result.errors.hasPrefix("mhpipe: there is no command 'chekc'; did you mean 'check'?\n"))
        #expect(result.text == "")
        #expect(result.status == 2)
    }

    @Test(arguments: ["check", "run"])
    func saysEverythingThatIsWrongWithAPipeline(command: String) throws {
        try folder.write(
            """
            sources:
              logs:
                type: directory
                pth: logs
            transfroms:
              hub:
                type: migration-hub
            sinks:
              lines:
                type: jsonl
                path: out.jsonl
                inputs: logz

            """,
            to: "my audit.conf"
        )
        let result = try mhpipe.run(command, "my audit.conf")
        #expect(result.errors.contains("  --> my audit.conf:4:5\n"))
        #expect(result.errors.contains("did you mean 'path'?"))
        #expect(result.errors.contains("did you mean 'transforms'?"))
        #expect(result.errors.contains("did you mean 'logs'?"))
        #expect(result.errors.hasSuffix("\nmhpipe: my audit.conf: 4 errors, 1 warning\n"))
        #expect(result.text == "")
        #expect(result.status == 2)
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.jsonl")))
    }

    @Test func saysThatAPipelineIsFine() throws {
        try folder.write("", to: "logs/.keep")
        try folder.write(Self.pipeline, to: "a.conf")
        let result = try mhpipe.run("check", "a.conf")
        #expect(result.errors == "mhpipe: a.conf: ok (1 source, 1 transform, 1 sink)\n")
        #expect(result.text == "")
        #expect(result.status == 0)
    }

    @Test func checksEveryFileAndRemembersTheBadOne() throws {
        try folder.write("", to: "logs/.keep")
        try folder.write(Self.pipeline, to: "good.conf")
        try folder.write("sources: 1\n", to: "bad.conf")
        let result = try mhpipe.run("check", "bad.conf", "gone.conf", "good.conf")
        #expect(result.errors.contains("mhpipe: bad.conf: 2 errors\n"))
        #expect(result.errors.contains("mhpipe: cannot read 'gone.conf': No such file or directory\n"))
        #expect(result.errors.hasSuffix("mhpipe: good.conf: ok (1 source, 1 transform, 1 sink)\n"))
        #expect(result.status == 2)
    }

    @Test func aWarningDoesNotFailACheck() throws {
        try folder.write(Self.pipeline, to: "a.conf")
        let result = try mhpipe.run("check", "a.conf")
        #expect(result.errors.hasPrefix("warning: there is no 'logs' yet\n"))
        #expect(result.errors.contains("\nmhpipe: a.conf: 1 warning\n"))
        #expect(result.errors.hasSuffix("\nmhpipe: a.conf: ok (1 source, 1 transform, 1 sink)\n"))
        #expect(result.status == 0)
    }

    @Test func readsAPipelineFromStandardInput() throws {
        let result = try mhpipe.run("check", "-", input: "sources: 1\n")
        #expect(result.errors.contains("  --> <stdin>:1:10\n"))
        #expect(result.status == 2)
    }

    @Test func printsTheTreeBeforeAnyPluginIsAsked() throws {
        try folder.write("b: [1, yes]\na: {x: \"${X}\", y: }\n", to: "tree.conf")
        let result = try mhpipe.run("check", "--print-tree", "--set", "X=2", "tree.conf")
        let lines = result.text.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(lines.joined(separator: " ") == #"{ "b": [ "1", "yes" ], "a": { "x": "2", "y": null } }"#)
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test func aTreeThatCannotBeReadIsNotPrinted() throws {
        try folder.write("a: [1\n", to: "tree.conf")
        let result = try mhpipe.run("check", "--print-tree", "tree.conf")
        #expect(result.text == "")
        #expect(result.errors.hasSuffix("mhpipe: tree.conf: 1 error\n"))
        #expect(result.status == 2)
    }

    @Test func standardInputIsNotReadTwice() throws {
        let pipeline = """
            sources:
              in:
                type: file
                path: '-'
            sinks:
              out:
                type: jsonl
                path: out.jsonl
            """
        let result = try mhpipe.run("run", "-", input: pipeline)
        #expect(result.errors.hasPrefix("mhpipe: standard input holds the pipeline, so source 'in' cannot read it\n"))
        #expect(result.status == 2)
    }

    @Test func aClosedPipeEndsQuietly() throws {
        let result = try mhpipe.shell(#"{ "$mhpipe" --help; echo $? >&2; } | true"#)
        #expect(result.errors == "0\n")
    }

    private static let pipeline = """
        sources:
          logs:
            type: directory
            path: logs
        transforms:
          who:
            type: identity
        sinks:
          lines:
            type: jsonl
            path: out.jsonl

        """
}
