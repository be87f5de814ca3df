import Foundation
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// `mhpipe convert` as a process.
@Suite struct ConvertTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        try folder.write(Trail.file([Trail.hubCall, Trail.otherCall]), to: "a b.json")
        try folder.write(Trail.file([Trail.otherCall]), to: "logs/c.json")
        try folder.write(Trail.file([Trail.hubCall]), to: "logs/deep/d.json")
    }

    @Test func writesRecordsAsTheyAreInTheOrderOfTheInputs() throws {
        let result = try mhpipe.run("convert", "logs", "a b.json", "-", "out file.jsonl", input: Trail.hubCall)
        #expect(result.status == 0)
        #expect(result.text == "")
        let records = [Trail.otherCall, Trail.hubCall, Trail.hubCall, Trail.otherCall, Trail.hubCall]
        #expect(try folder.read("out file.jsonl") == Data(records.map { $0 + "\n" }.joined().utf8))
        #expect(result.errors.hasSuffix("\n  5  kept\n  5  written to out file.jsonl\n"))
    }

    @Test func standardOutputGetsJSONLines() throws {
        let result = try mhpipe.run("convert", "a b.json", "-", "-q")
        #expect(result.text == Trail.hubCall + "\n" + Trail.otherCall + "\n")
        #expect(result.errors == "")
        #expect(result.status == 0)
    }

    @Test func keepsMigrationHubAndAddsIdentity() throws {
        let result = try mhpipe.run("convert", "a b.json", "-", "-q", "--hub", "--identity")
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 1)
        let event = try JSONSerialization.jsonObject(with: Data((lines.first ?? "").utf8)) as? [String: Any]
        #expect((event?["migration"] as? [String: Any])?["service"] as? String == "migrationhub")
        #expect((event?["identity"] as? [String: Any])?["actor"] as? String == "ana")
    }

    @Test func keepsWhatMeetsACondition() throws {
        let condition = #"userIdentity.type == "Root" || identity.actor == "ana" && eventName.startsWith("Get")"#
        let result = try mhpipe.run("convert", "a b.json", "-", "--identity", "--where", condition)
        #expect(result.text.hasPrefix(Trail.otherCall.dropLast()) && result.text.split(separator: "\n").count == 1)
        #expect(result.errors.contains("\n  1  filtered by where\n"))
        #expect(result.status == 0)
    }

    @Test(arguments: [
        ([], #"call.outcome == "failure""#, "--call adds 'call'"),
        ([], #"identity.kind == "root""#, "--identity adds 'identity'"),
        ([], #"migration.task == "a""#, "--hub or --migration adds 'migration'"),
        (["--identity"], #"identity.origin == "x""#, "--origin adds 'identity.origin'"),
    ])
    func namesTheFlagThatAddsAField(flags: [String], condition: String, note: String) throws {
        let run = try mhpipe.run(arguments: ["convert", "a b.json", "-", "-q", "--where", condition] + flags)
        #expect(run.errors.contains(note), "\(run.errors)")
    }

    @Test func showsAMistakeOfAConditionAtItsPlace() throws {
        let result = try mhpipe.run("convert", "a b.json", "-", "--where", "has(errorCode) &&\n eventname == 'x'")
        #expect(result.status == 2)
        #expect(
            result.errors == """
                error: no CloudTrail record has a field 'eventname'
                  --> --where:2:2
                   |
                 2 |  eventname == 'x'
                   |  ^^^^^^^^^ did you mean 'eventName'?

                """
        )
    }

    @Test func writesCompressedLines() throws {
        let result = try mhpipe.shell(#""$mhpipe" convert -q 'a b.json' out.jsonl.gz && gzip -dc out.jsonl.gz"#)
        #expect(result.text == Trail.hubCall + "\n" + Trail.otherCall + "\n")
    }

    @Test func writesColumnsAsCSV() throws {
        let result = try mhpipe.run("convert", "a b.json", "out.csv", "--columns", "eventName,userIdentity.type")
        #expect(result.status == 0)
        let expected = "eventName,userIdentity_type\r\nNotifyMigrationTaskState,IAMUser\r\nGetObject,Root\r\n"
        #expect(String(decoding: try folder.read("out.csv"), as: UTF8.self) == expected)
    }

    @Test func writesColumnsAsJSONLines() throws {
        let result = try mhpipe.run("convert", "a b.json", "-", "-q", "--columns", "eventName,eventID")
        #expect(
            result.text == """
                {"eventName":"NotifyMigrationTaskState","eventID":null}
                {"eventName":"GetObject","eventID":null}

                """
        )
    }

    @Test(arguments: ["csv", "jsonl", "sqlite"])
    func theDefaultColumnsAreNamedByOneWord(format: String) throws {
        let columns = "userIdentity.type,default,identity.origin,eventName"
        let output = format == "sqlite" ? "o.db" : "-"
        let run = try mhpipe.run("convert", "a b.json", output, "-q", "--to", format, "--call", "--columns", columns)
        #expect(run.status == 0)
        var names = run.text.prefix { $0 != "\r\n" && $0 != "\n" }.split(separator: ",").map(String.init)
        if format == "sqlite" {
            guard let sqlite = ExternalProgram("sqlite3") else { return }
            let rows = try sqlite.run([folder.path("o.db"), "SELECT name FROM pragma_table_info('events')"])
            names = String(decoding: rows.output, as: UTF8.self).split(separator: "\n").map(String.init)
        }
        if format == "jsonl" {
            #expect(run.text.hasPrefix(#"{"userIdentity_type":"IAMUser","eventTime":"2024"#))
            #expect(run.text.contains(#","call_issuedKey":null,"identity_origin":null,"eventName":"Noti"#))
        } else {
            #expect(names.prefix(3) == ["userIdentity_type", "eventTime", "eventSource"])
            #expect(names.suffix(3) == ["call_issuedKey", "identity_origin", "eventName"])
        }
    }

    @Test func leavesCopiesOutAndSorts() throws {
        let later = Trail.otherCall.replacing("00:00:01Z\"", with: "00:00:01Z\",\"eventID\":\"b\"")
        try folder.write(Trail.file([later, Trail.hubCall, later]), to: "c.json")
        let run = try mhpipe.run("convert", "c.json", "-", "-q", "--once", "--sort")
        #expect(run.text == Trail.hubCall + "\n" + later + "\n")
    }

    @Test func keepsOthersBesideMigrations() throws {
        let run = try mhpipe.run("convert", "a b.json", "-", "-q", "--migration")
        let lines = run.text.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].contains(#","migration":{"service":"migrationhub""#))
        #expect(lines.last == Trail.otherCall[...])
    }

    @Test(arguments: [["--origin"], ["--identity", "--origin", "--hub"]])
    func addsTheOrigin(flags: [String]) throws {
        let run = try mhpipe.run(arguments: ["convert", "a b.json", "-", "-q", "--to", "csv"] + flags)
        let header = run.text.prefix { $0 != "\r\n" }
        #expect(header.hasSuffix("additionalEventData,identity_origin,identity_chain,identity_certainty"))
        #expect(run.status == 0)
    }

    @Test func writesForExcel() throws {
        let run = try mhpipe.run("convert", "a b.json", "o.csv", "-q", "--excel", "--columns", "eventName")
        #expect(run.status == 0)
        #expect(try folder.read("o.csv").prefix(3) == Data([0xEF, 0xBB, 0xBF]))
    }

    @Test func writesCSVToStandardOutputWhenTold() throws {
        let result = try mhpipe.run("convert", "a b.json", "-", "--to", "csv", "--columns", "eventName", "-q")
        #expect(result.text == "eventName\r\nNotifyMigrationTaskState\r\nGetObject\r\n")
    }

    @Test func writesATable() throws {
        guard let sqlite = ExternalProgram("sqlite3") else { return }
        #expect(try mhpipe.run("convert", "a b.json", "out.db").status == 0)
        let rows = try sqlite.run([folder.path("out.db"), "SELECT count(*) FROM events"])
        #expect(String(decoding: rows.output, as: UTF8.self) == "2\n")
    }

    @Test func saysWhatIsWrongInTheWordsOfTheCommandLine() throws {
        let cases: [(arguments: [String], message: String)] = [
            (["a b.json"], "'convert' needs INPUT... OUTPUT, not only 'a b.json'"),
            (["gone.json", "out.csv"], "cannot read INPUT 'gone.json': No such file or directory"),
            (["logs", "logs/out.jsonl"], "OUTPUT 'logs/out.jsonl' lies inside INPUT 'logs'"),
            (["a b.json", "logs"], "OUTPUT 'logs' is a folder"),
            (["logs/c.json", "a b.json"], "cannot tell the format of OUTPUT 'a b.json' by its name"),
            (["a b.json", "a b.json", "--to", "jsonl"], "OUTPUT 'a b.json' is also an INPUT"),
            (["-", "-", "out.csv"], "INPUT '-' is given more than once, but standard input can be read only once"),
            (
                ["logs", "o.db", "--excel"],
                "'--excel' is for CSV: name OUTPUT with .csv at its end, or give '--to csv'"
            ),
            (["logs", "o.db", "--hub", "--migration"], "'--hub' drops what '--migration' keeps: give one of them"),
            (
                ["logs", "o.csv", "--to", "cvs"],
                "'--to' needs one of jsonl, csv, sqlite, not 'cvs'; did you mean 'csv'?"
            ),
        ]
        for (arguments, message) in cases {
            let process = try mhpipe.process(["convert"] + arguments)
            try process.run()
            process.waitUntilExit()
            let errors = String(decoding: try folder.read("stderr"), as: UTF8.self)
            #expect(errors.split(separator: "\n").first == "mhpipe: \(message)")
            #expect(process.terminationStatus == 2)
        }
        #expect(try folder.read("a b.json") == Data(Trail.file([Trail.hubCall, Trail.otherCall]).utf8))
    }

    @Test func mistakesOfTheCheckReadLikeMessages() throws {
        let result = try mhpipe.run("convert", "a b.json", "out.jsonl", "--quarantine", "logs/../out.jsonl")
        #expect(result.errors.hasPrefix("mhpipe: the quarantine writes the same file as sink 'output'"))
        #expect(result.status == 2)
    }

    @Test func closedStreamsNeverMixMessagesIntoTheOutput() throws {
        let result = try mhpipe.shell(#""$mhpipe" convert 'a b.json' gone.json out.jsonl <&- >&- 2>&-; echo $?"#)
        #expect(result.text == "2\n")
        let other = try mhpipe.shell(#""$mhpipe" convert 'a b.json' out.jsonl <&- >&- 2>&-; echo $?"#)
        #expect(other.text == "0\n")
        #expect(try folder.read("out.jsonl") == Data((Trail.hubCall + "\n" + Trail.otherCall + "\n").utf8))
    }

    @Test func closedStandardOutputTakesNoEvents() throws {
        let result = try mhpipe.shell(#""$mhpipe" convert 'a b.json' - >&-"#)
        #expect(result.errors.hasPrefix("mhpipe: cannot write standard output: it is not open for writing\n"))
        #expect(result.status == 1)
    }

    @Test func aReaderThatGoesAwayEndsItQuietly() throws {
        let records = Array(repeating: Trail.hubCall, count: 20_000)
        try folder.write(Trail.file(records), to: "big.json")
        let result = try mhpipe.shell(
            #"{ "$mhpipe" convert big.json -; echo "exit $?" >&2; } | head -n 1"#
        )
        #expect(result.text == Trail.hubCall + "\n")
        #expect(result.errors == "exit 0\n")
    }
}
