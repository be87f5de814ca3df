import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite(.timeLimit(.minutes(30))) struct InitTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/a.json")
    }

    @Test(arguments: [
        ["--output", "x.jsonl"], ["--output", "a b.csv", "--excel", "--delimiter", "tab"],
        [
            "--output", "x.db", "--output", "x.csv.gz", "--hub", "--identity", "--call", "--once", "--sort", "--since",
            "2016",
        ],
        ["--output", "x.csv", "--origin", "--migration", "--account", "111122223333,444455556666"],
        ["--output", "x.csv", "--where", "size(eventName) > 3 && eventName != \"it's\"", "--where", "true\n|| false"],
        ["--output", "x.csv", "--columns", "eventTime,userIdentity.arn", "--quarantine", "bad.jsonl"],
    ])
    func whatIsWrittenPassesTheCheckAndRuns(options: [String]) throws {
        let made = try mhpipe.run(arguments: ["init", "my audit.conf", "--input", "logs"] + options)
        #expect(made.status == 0)
        #expect(
            made.errors == """
                mhpipe: my audit.conf: a pipeline that is ready to run
                  mhpipe check 'my audit.conf'
                  mhpipe run 'my audit.conf'

                """
        )
        let text = String(decoding: try folder.read("my audit.conf"), as: UTF8.self)
        #expect(text.hasPrefix("# Made by 'mhpipe init'; change what you like.\n"))
        #expect(text.split(separator: "\n").allSatisfy { !$0.contains("#") || $0.count <= 100 })
        let checked = try mhpipe.run("check", "my audit.conf")
        #expect(checked.status == 0 && !checked.errors.contains("warning"), "\(checked.errors)")
        let run = try mhpipe.run("run", "my audit.conf")
        #expect(run.status == 0 && run.errors.contains("my audit: done"), "\(run.errors)")
    }

    @Test func theRunGivesWhatConvertGives() throws {
        let options = ["--hub", "--identity", "--where", "has(eventName)"]
        #expect(try mhpipe.run(arguments: ["init", "--input", "logs", "--output", "a.csv"] + options).status == 0)
        #expect(try mhpipe.run("run", "pipeline.conf").status == 0)
        #expect(try mhpipe.run(arguments: ["convert", "logs", "b.csv"] + options).status == 0)
        #expect(try folder.read("a.csv") == folder.read("b.csv"))
    }

    @Test func noFileIsReplaced() throws {
        try folder.write("mine", to: "a.conf")
        let run = try mhpipe.run("init", "a.conf", "--input", "logs", "--output", "x.csv")
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("mhpipe: 'a.conf' is there already, and 'init' replaces no file\n"))
        #expect(try folder.read("a.conf") == Data("mine".utf8))
        try folder.write("old", to: "x.csv")
        let made = try mhpipe.run("init", "b.conf", "--input", "logs", "--output", "x.csv")
        #expect(made.errors.hasPrefix("mhpipe: warning: 'x.csv' is there already, and a run replaces it\n"))
    }

    @Test(arguments: [
        ([], "'init' needs what to read and what to write: --input and --output"),
        (["--input", "logs"], "'init' needs what to read and what to write: --input and --output"),
        (["--input", "nowhere", "--output", "x.csv"], "cannot read input 'nowhere': No such file or directory"),
        (["--input", "logs", "--output", "x.txt"], "cannot tell the format of output 'x.txt' by its name"),
        (
            ["--input", "logs", "--output", "a ${X}.csv"],
            "'${X}' in 'a ${X}.csv' was not replaced\n  a shell replaces it in"
        ),
        (
            ["--input", "logs", "--output", "it's $X.db"],
            "'$X' in 'it's $X.db' was not replaced\n  a shell replaces it in"
        ),
        (["--input", "logs", "--output", "~/x.csv"], "'~/x.csv' is not replaced: only shells know what '~' means"),
        (["--input", "logs", "--output", "logs/x.csv"], "output 'logs/x.csv' lies inside input 'logs'"),
        (
            ["--input", "logs", "--output", "x.db", "--excel"],
            "'--excel' is for CSV: name an output with .csv at its end"
        ),
        (
            ["--input", "logs", "--output", "x.db", "--delimiter", "tab"],
            "'--delimiter' is for CSV: name an output with"
        ),
        (["--input", "logs", "--output", "x.csv", "--hub", "--migration"], "'--hub' drops what '--migration' keeps"),
    ])
    func aMistakeWritesNothing(options: [String], message: String) throws {
        let run = try mhpipe.run(arguments: ["init", "a.conf"] + options)
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("mhpipe: \(message)"), "\(run.errors)")
        #expect(!run.errors.contains("mhpipe convert") && !run.errors.contains("'--to"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.conf")))
    }

    @Test func aConditionThatIsWrongIsShownWhereItStands() throws {
        let run = try mhpipe.run("init", "a.conf", "--input", "logs", "--output", "x.csv", "--where", "eventNam == 'x'")
        #expect(run.status == 2 && run.errors.contains("did you mean 'eventName'?"), "\(run.errors)")
        #expect(run.errors.hasSuffix("mhpipe: 'a.conf' would hold a mistake, so it was not written\n"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("a.conf")))
    }

    /// A pipeline that asks for the last week does so in a month, too.
    @Test(arguments: [
        ("7d", "9d", "7d"), ("12h", "60h", "12h"), ("90m", "2970m", "90m"), ("30s", "172830s", "30s"),
        ("2w", "16d", "14d"),
    ])
    func anAgeStaysOneBehindOrigin(since: String, read: String, kept: String) throws {
        let options = ["--input", "logs", "--output", "x.csv", "--since", since, "--until", "1s", "--origin"]
        let run = try mhpipe.run(arguments: ["init", "-"] + options)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("\n    since: \(read)\n    until: 1s\n"), "\(run.text)")
        #expect(run.text.contains("timestamp(eventTime) < now() - duration(\"\(kept)\") ? false : true"), "\(run.text)")
    }

    /// What is kept behind it is what is kept without it.
    @Test(arguments: ["7d", "1w", "2024-05-02", "999999999d", "9000000w"])
    func anAgeBehindOriginKeepsWhatItKeepsWithoutIt(since: String) throws {
        let hours = [1, 47, 160, 169, 300, 2_000_000]
        let records = hours.map { hours in
            let time = Date(timeIntervalSinceNow: -3600 * Double(hours)).formatted(.iso8601)
            return Trail.hubCall.replacing("2024-05-01T00:00:00Z", with: time).dropLast() + #","eventID":"\#(hours)"}"#
        }
        try folder.write(records.joined(separator: "\n"), to: "a.jsonl")
        let ids = try ["--identity", "--origin"].map { option in
            let columns = ["--columns", "eventID", "--since", since]
            let run = try mhpipe.run(arguments: ["convert", "a.jsonl", "-", "--to", "csv", option] + columns)
            #expect(run.status == 0, "\(run.errors)")
            return run.text
        }
        #expect(ids[0] == ids[1] && !ids[0].isEmpty)
        #expect(
            !since.hasSuffix("7d") || ids[0] == "eventID\r\n1\r\n47\r\n160\r\n" || ids[0] == "eventID\n1\n47\n160\n"
        )
    }

    @Test func standardOutputTakesItToo() throws {
        let run = try mhpipe.run("init", "-", "--input", "logs", "--output", "x.csv")
        #expect(run.status == 0 && run.errors == "")
        #expect(run.text.contains("\npipeline: init\n") && run.text.contains("    type: directory\n    path: logs\n"))
    }
}
