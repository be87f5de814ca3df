import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct CommandLineToolTests {
    @Test(arguments: [["--version"], ["version"], ["-V"]])
    func versionGoesToStandardOutput(arguments: [String]) {
        let run = CommandRun(arguments)
        #expect(run.output == Version.text)
        #expect(run.errors == "")
        #expect(run.exitCode == 0)
    }

    @Test(arguments: [["--help"], ["-h"], ["help"]])
    func overviewGoesToStandardOutput(arguments: [String]) throws {
        let run = CommandRun(arguments)
        #expect(try run.output == CommandList.help(on: []))
        #expect(run.errors == "")
        #expect(run.exitCode == 0)
    }

    @Test func aloneItShowsWhatToTypeNext() {
        let run = CommandRun([])
        #expect(run.output == FirstSteps.text())
        #expect(run.errors == "")
        #expect(run.exitCode == 0)
    }

    /// Each line that is shown has the form that its command takes.
    @Test(arguments: FirstSteps.lines.map(\.line))
    func whatToTypeNextIsUnderstood(line: String) throws {
        let words = line.split(separator: " ").dropFirst().map(String.init)
        let (command, rest) = try CommandList.command(words[...])
        func parse<C: Command>(_ command: C.Type) throws {
            _ = try ArgumentParser(command: C.name, parameters: C.parameters).parse(rest, into: C())
        }
        try parse(command)
    }

    @Test(arguments: CommandList.names)
    func everyCommandHasHelp(name: String) {
        let asked = CommandRun(["help", name])
        #expect(asked.output.contains("Usage: mhpipe \(name)"))
        #expect(asked.exitCode == 0)
        #expect(CommandRun([name, "--help"]).output == asked.output)
        #expect(CommandRun([name, "-h"]).output == asked.output)
        let words = name.split(separator: " ").map(String.init)
        for arguments in [words + ["--help"], ["--help"] + words, ["-h"] + words, ["help"] + words + ["--help"]] {
            #expect(CommandRun(arguments).output == asked.output, "\(arguments)")
        }
    }

    @Test func aGroupOfCommandsHasHelp() {
        let asked = CommandRun(["plugin", "--help"])
        #expect(asked.exitCode == 0)
        #expect(asked.output.contains("Usage: mhpipe plugin COMMAND"))
        for name in CommandList.names where name.hasPrefix("plugin ") { #expect(asked.output.contains("  \(name) ")) }
        for arguments in [["plugin", "-h"], ["help", "plugin"], ["--help", "plugin"]] {
            #expect(CommandRun(arguments).output == asked.output)
        }
        #expect(CommandRun(["plugin", "--help", "new"]).output == CommandRun(["plugin", "new", "--help"]).output)
        #expect(CommandRun(["plugin", "nwe"]).errors.hasSuffix("  'mhpipe plugin --help' shows how it is used\n"))
    }

    @Test(arguments: [
        (
            // A variable of a script that is empty is no question.
            [""],
            "mhpipe: there is no command ''\n  'mhpipe --help' shows how it is used\n"
        ),
        (
            ["help", "aggregate"],
            """
            mhpipe: there is no command 'aggregate'
              'mhpipe plugins NAME' shows what a source, a transform or a sink does
              'mhpipe --help' shows how it is used

            """
        ),
        (["rnu"], "mhpipe: there is no command 'rnu'; did you mean 'run'?\n  'mhpipe --help' shows how it is used\n"),
        (
            ["help", "rnu"],
            "mhpipe: there is no command 'rnu'; did you mean 'run'?\n  'mhpipe --help' shows how it is used\n"
        ),
        (
            ["audit.conf"],
            """
            mhpipe: there is no command 'audit.conf'
              to run a pipeline file, write: mhpipe run audit.conf
              'mhpipe --help' shows how it is used

            """
        ),
        (
            ["--quiet", "run", "a"],
            "mhpipe: a command comes first, then its options, not '--quiet'\n  'mhpipe --help' shows how it is used\n"
        ),
        (
            ["run", "--worker", "3", "a"],
            """
            mhpipe: 'run' has no option '--worker'; did you mean '--workers'?
              'mhpipe run --help' shows how it is used

            """
        ),
        (
            ["run", "a", "--workers", "0"],
            """
            mhpipe: '--workers' needs a whole number from 1 to 1024, not '0'
              'mhpipe run --help' shows how it is used

            """
        ),
        (
            ["run", "a", "--progress", "alwys"],
            """
            mhpipe: '--progress' needs one of auto, always, never, json, not 'alwys'; did you mean 'always'?
              'mhpipe run --help' shows how it is used

            """
        ),
        (
            ["run", "a", "--set", "LOGS"],
            "mhpipe: '--set' needs NAME=VALUE, not 'LOGS'\n  'mhpipe run --help' shows how it is used\n"
        ),
        (["run", "/no/such.conf"], "mhpipe: cannot read '/no/such.conf': No such file or directory\n"),
        (["run", "/"], "mhpipe: cannot read '/': it is a folder\n"),
        (["check", "/no/such.conf"], "mhpipe: cannot read '/no/such.conf': No such file or directory\n"),
        (
            ["plugins", "a", "b"],
            "mhpipe: 'plugins' has no use for 'b'\n  'mhpipe plugins --help' shows how it is used\n"
        ),
    ])
    func aMistakeIsExplainedOnStandardError(arguments: [String], errors: String) {
        let run = CommandRun(arguments)
        #expect(run.errors == errors)
        #expect(run.output == "")
        #expect(run.exitCode == 2)
    }

    @Test func aLogFileIsNoPipeline() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write([0x1F, 0x8B, 8, 0], to: "a.json.gz")
        let run = CommandRun(["run", path])
        #expect(
            run.errors == """
                mhpipe: cannot read '\(path)': it is a gzip file, not a pipeline
                  to convert log files, write: mhpipe convert '\(path)' OUTPUT

                """
        )
        #expect(run.exitCode == 2)
    }

    @Test(arguments: [
        ("{\"Records\": []}", "a log file"),
        ("\n{ \"eventVersion\" : \"1.08\"}\n", "a log file"),
        ("PK\u{3}\u{4}xyz", "a file of another kind (a zip archive; unpack it first: unzip FILE)"),
    ])
    func whatIsNoPipelineIsNamed(text: String, kind: String) throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(text, to: "a.json")
        for command in ["run", "check"] {
            let run = CommandRun([command, path])
            #expect(run.errors.hasPrefix("mhpipe: cannot read '\(path)': it is \(kind), not a pipeline\n"))
            #expect(run.exitCode == 2)
        }
    }

    @Test func aPipelineCanBeJSON() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("{\"sources\": {\"field\": \"eventVersion\"}}", to: "a.json")
        #expect(!CommandRun(["check", path]).errors.contains("not a pipeline"))
    }

    @Test func whatATerminalWouldActOnIsWrittenOut() {
        let run = CommandRun(["run", "/a\u{1B}[2Jb\nc"])
        #expect(run.errors == "mhpipe: cannot read '/a\\u{1B}[2Jb\\nc': No such file or directory\n")
    }

    @Test func theVersionIsTheNewestOfTheChangeLog() throws {
        let log = try String(contentsOf: Repository.root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        let newest = log.split(separator: "\n").first { $0.hasPrefix("## [") && !$0.hasPrefix("## [Unreleased]") }
        #expect(newest?.hasPrefix("## [\(Version.current)]") == true)
    }
}
