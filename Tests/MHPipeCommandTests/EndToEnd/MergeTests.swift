import Foundation
import Libc
import MHPipeTestSupport
import Testing

/// Databases of parts of a trail, put together.
@Suite(.timeLimit(.minutes(30))) struct MergeTests {
    private let folder: TemporaryDirectory
    private let mhpipe: Mhpipe

    init() throws {
        folder = try TemporaryDirectory()
        mhpipe = Mhpipe(folder: folder)
        for part in 0..<3 {
            let records = (0..<part * 7).map { number in
                #"{"eventVersion":"1.08","eventTime":"2026-01-\#(10 + part)T00:00:0\#(number % 10)Z","eventName":"NotifyMigrationTaskState","#
                    + #""eventSource":"mgh.amazonaws.com","awsRegion":"us-west-2","recipientAccountId":"111122223333","eventID":"id-\#(part)-\#(number)"}"#
            }
            try folder.write(Trail.file(records), to: "logs/\(part).json")
        }
        try folder.write(
            """
            sources: {logs: {type: directory, path: "${IN:-logs}"}}
            transforms: {hub: {type: migration_hub}, who: {type: identity}, call: {type: call}}
            sinks: {db: {type: sqlite, path: "${OUT:-whole.db}", indexes: [eventTime, eventName]}}
            """,
            to: "p.conf"
        )
    }

    private func makeParts() throws {
        _ = try mhpipe.shell("mkdir -p parts")
        for part in 0..<3 {
            _ = try mhpipe.shell("mkdir in\(part) && cp logs/\(part).json in\(part)")
            let run = try mhpipe.run(
                "run",
                "p.conf",
                "-q",
                "--set",
                "IN=in\(part)",
                "--set",
                "OUT=parts/part-0000\(part).db"
            )
            #expect(run.status == 0, "\(run.errors)")
        }
    }

    private func dump(_ database: String) throws -> String { try mhpipe.shell("sqlite3 \(database) .dump").text }

    /// The names in the folder that no run and no test has given.
    private var hidden: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path(""))) ?? []).filter {
            $0.contains("mhpipe-")
        }
    }

    @Test func theWholeIsWhatOneRunMakes() throws {
        try makeParts()
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        let merge = try mhpipe.run("merge", "parts", "all.db")
        #expect(
            merge.status == 0 && merge.errors.contains("merged 3 databases to 'all.db': 21 events"),
            "\(merge.errors)"
        )
        #expect(try dump("all.db") == dump("whole.db"))
        #expect(try mhpipe.shell("sqlite3 all.db 'PRAGMA integrity_check'").text == "ok\n")
        // It is a database of mhpipe's, which a later run may replace.
        #expect(try mhpipe.run("run", "p.conf", "-q", "--set", "OUT=all.db").status == 0)
        #expect(hidden == [])
    }

    struct Refusal: CustomTestStringConvertible {
        let command: String
        let words: String
        var status: Int32 = 1

        var testDescription: String { command }
    }

    @Test(arguments: [
        Refusal(command: "merge parts all.db; rm parts/part-00001.db", words: "have no number 1", status: 2),
        Refusal(
            command: "merge parts/part-00001.db parts/../parts/part-00001.db all.db",
            words: "it is the same file as"
        ),
        Refusal(
            command: "merge parts all.db; head -c 9000 parts/part-00002.db > x && mv x parts/part-00002.db",
            words: "damaged"
        ),
        Refusal(command: "merge parts all.db; echo text > parts/part-00002.db", words: "no database"),
        Refusal(command: "merge parts all.db; : > parts/part-00002.db", words: "it is empty"),
        Refusal(command: "merge parts all.db; echo x > parts/part-00002.db-wal", words: "holds what is not in it yet"),
        Refusal(
            command: "merge parts all.db; sqlite3 parts/part-00002.db 'drop index events_eventTime'",
            words: "it lacks the index 'events_eventTime'"
        ),
        Refusal(
            command: "merge parts all.db; sqlite3 parts/part-00002.db 'alter table events add x'",
            words: "columns are others"
        ),
        Refusal(
            command: "merge parts all.db; sqlite3 parts/part-00002.db 'create table more (x)'",
            words: "other tables"
        ),
        Refusal(
            command: "merge parts all.db; sqlite3 parts/part-00002.db 'pragma application_id=1'",
            words: "mhpipe did not make"
        ),
        Refusal(
            command: "merge parts all.db; sqlite3 parts/part-00002.db 'delete from events where rowid=1'",
            words: "not numbered"
        ),
        Refusal(command: "merge parts all.db; touch all.db", words: "is there already", status: 2),
        Refusal(command: "merge --force parts all.db; echo text > all.db", words: "a text file, no database"),
        Refusal(command: "merge parts parts/part-00000.db", words: "is also a PART", status: 2),
        Refusal(command: "merge nowhere.db all.db", words: "cannot read PART 'nowhere.db'", status: 2),
        Refusal(command: "merge logs all.db", words: "holds no database", status: 2),
        Refusal(command: "merge parts -", words: "is no file", status: 2),
        Refusal(command: "merge parts all.db; mkdir _mhpipe", words: "there is no '_SUCCESS'", status: 2),
        Refusal(command: "merge parts nowhere/all.db", words: "nowhere"),
        Refusal(command: "merge parts parts/all.db", words: "would take it for one", status: 2),
        Refusal(command: "merge --force parts ./parts/../parts/all.sqlite", words: "would take it for one", status: 2),
        Refusal(
            command: "merge parts all.db; cp parts/part-00001.db parts/part-00003.db",
            words: "it holds the same bytes as"
        ),
        Refusal(
            command: "merge parts/part-00001.db other.db all.db; cp parts/part-00001.db other.db",
            words: "it holds the same bytes as"
        ),
        Refusal(
            command:
                "merge parts all.db; sqlite3 parts/part-00001.db \"vacuum into 'parts/part-00003.db'\"",
            words: "begins with the events of"
        ),
        Refusal(
            command: "merge parts all.db; : > _manifest.jsonl && mkdir _mhpipe && : > _SUCCESS",
            words: "_manifest.jsonl' names no part in '",
            status: 2
        ),
        // A first part of one event says nothing, and the next one does.
        Refusal(
            command:
                "merge parts all.db; mkdir one && cp one.json one && $mhpipe run p.conf -q --set IN=one --set OUT=parts/part-00000.db"
                + " && $mhpipe merge -q parts x.db && mv x.db parts/part-00003.db",
            words: "it begins with the events of 'parts/part-00000.db'"
        ),
        // Of two, only the last is given.
        Refusal(
            command:
                "merge parts/part-00002.db x.db all.db; $mhpipe merge -q parts/part-00001.db parts/part-00002.db x.db",
            words: "it ends with the events of 'parts/part-00002.db'"
        ),
        // What merge itself has made of the others.
        Refusal(
            command: "merge parts all.db; $mhpipe merge -q parts x.db && mv x.db parts/part-00003.db",
            words: "it begins with the events of 'parts/part-00001.db'"
        ),
    ])
    func whatDoesNotFitIsRefused(refusal: Refusal) throws {
        try makeParts()
        let (command, before) = { ($0[0], $0.count > 1 ? $0[1] : "true") }(
            refusal.command.components(separatedBy: "; ")
        )
        let one =
            #"{"eventVersion":"1.08","eventTime":"2026-01-10T00:00:00Z","eventName":"GetX","eventSource":"mgh.amazonaws.com"}"#
        try folder.write(Trail.file([one]), to: "one.json")
        #expect(try mhpipe.shell(before).status == 0)
        let was = try? folder.read("all.db")
        let merge = try mhpipe.run(arguments: command.components(separatedBy: " "))
        #expect(merge.status == refusal.status, "\(merge.errors)")
        #expect(merge.errors.contains(refusal.words), "\(merge.errors)")
        #expect((try? folder.read("all.db")) == was)
        #expect(hidden == [])
    }

    /// A folder as a job on Spark leaves it.
    private func makeJob(hashed: Bool = true) throws {
        try makeParts()
        _ = try mhpipe.shell("mkdir -p job/_mhpipe && mv parts job/db && touch job/_SUCCESS")
        var lines = ""
        for part in 0..<3 {
            let path = "db/part-0000\(part).db"
            let bytes = try folder.read("job/\(path)").count
            let hash = try mhpipe.shell("sha256sum job/\(path) | cut -c1-64 | tr -d '\n'").text
            let more = hashed ? #", "sha256": "\#(hash)", "rows": \#(part * 7)"# : ""
            lines += #"{"exitCode": 0, "parts": [{"path": "\#(path)", "bytes": \#(bytes)\#(more)}]}"# + "\n"
        }
        try folder.write(lines, to: "job/_manifest.jsonl")
    }

    /// The last part is not missed by its number, and rows at the end of one not by theirs.
    @Test(arguments: [
        Refusal(command: "rm job/db/part-00002.db", words: "has made 'part-00002.db', which is not in 'job/db'"),
        Refusal(command: "rm job/_manifest.jsonl", words: "there is no '_manifest.jsonl'"),
        Refusal(command: "rm job/_SUCCESS", words: "there is no '_SUCCESS'"),
        Refusal(command: "echo x >> job/_manifest.jsonl", words: "is damaged"),
        Refusal(
            command: "cp job/db/part-00001.db job/db/part-00003.db",
            words: "'job/db/part-00003.db' is none of the parts"
        ),
        Refusal(
            command: "sqlite3 job/db/part-00002.db 'delete from events where rowid=14'",
            words: "'job/db/part-00002.db' is not as the job"
        ),
        Refusal(command: "cp job/db/part-00001.db job/db/part-00002.db", words: "is not as the job"),
    ])
    func aJobIsHeldAgainstItsManifest(refusal: Refusal) throws {
        try makeJob()
        #expect(try mhpipe.shell(refusal.command).status == 0)
        let merge = try mhpipe.run("merge", "job/db", "all.db")
        #expect(merge.status == 2 && merge.errors.contains(refusal.words), "\(merge.errors)")
        #expect((try? folder.read("all.db")) == nil)
    }

    @Test(arguments: [true, false]) func aJobIsMerged(hashed: Bool) throws {
        try makeJob(hashed: hashed)
        #expect(try mhpipe.run("run", "p.conf", "-q").status == 0)
        #expect(try mhpipe.run("merge", "-q", "job/db", "all.db").status == 0)
        #expect(try dump("all.db") == dump("whole.db"))
        // A part that is named is held against it too, and others need not be there.
        #expect(try mhpipe.run("merge", "-q", "job/db/part-00001.db", "one.db").status == 0)
        #expect(try mhpipe.shell("head -c 9000 job/db/part-00001.db > x && mv x job/db/part-00001.db").status == 0)
        let merge = try mhpipe.run("merge", "-q", "job/db/part-00001.db", "two.db")
        #expect(merge.status == 2 && merge.errors.contains("is not as the job"), "\(merge.errors)")
    }

    @Test func rowsAreCountedWhereAJobSaysHowMany() throws {
        try makeJob()
        #expect(try mhpipe.shell("sed -i 's/\"rows\": 14/\"rows\": 15/' job/_manifest.jsonl").status == 0)
        let merge = try mhpipe.run("merge", "job/db", "all.db")
        #expect(merge.status == 1, "\(merge.errors)")
        #expect(merge.errors.contains("it has 14 events, and the job has put 15"), "\(merge.errors)")
    }

    /// Tasks over files without such events, and the same file under two names.
    @Test func partsThatAreAlikeByRightAreMerged() throws {
        try makeParts()
        #expect(try mhpipe.shell("cp parts/part-00000.db parts/part-00003.db").status == 0)
        #expect(try mhpipe.run("merge", "-q", "parts", "all.db").status == 0)
        #expect(try mhpipe.shell("sqlite3 all.db 'select count(*) from events'").text == "21\n")
        try makeJobOfTwins()
        #expect(try mhpipe.run("merge", "-q", "twins/db", "two.db").status == 0)
        #expect(try mhpipe.shell("sqlite3 two.db 'select count(*) from events'").text == "28\n")
    }

    private func makeJobOfTwins() throws {
        _ = try mhpipe.shell("mkdir -p twins/_mhpipe twins/db && touch twins/_SUCCESS")
        var lines = ""
        for part in 0..<2 {
            let path = "db/part-0000\(part).db"
            _ = try mhpipe.shell("cp parts/part-00002.db twins/\(path)")
            let bytes = try folder.read("twins/\(path)").count
            let hash = try mhpipe.shell("sha256sum twins/\(path) | cut -c1-64 | tr -d '\n'").text
            lines += #"{"parts": [{"path": "\#(path)", "bytes": \#(bytes), "sha256": "\#(hash)", "rows": 14}]}"# + "\n"
        }
        try folder.write(lines, to: "twins/_manifest.jsonl")
    }

    @Test func aDatabaseOfMhpipeIsReplacedWhereThatIsAskedFor() throws {
        try makeParts()
        #expect(try mhpipe.run("merge", "-q", "parts/part-00001.db", "all.db").status == 0)
        let merge = try mhpipe.run("merge", "--force", "-q", "parts", "all.db")
        #expect(merge.status == 0 && merge.errors.isEmpty, "\(merge.errors)")
        #expect(try mhpipe.shell("sqlite3 all.db 'select count(*) from events'").text == "21\n")
    }

    @Test func databasesOfRunsThatAppendAreRefused() throws {
        #expect(try mhpipe.shell("(echo 'state: st'; echo 'mode: append'; cat p.conf) > nights.conf").status == 0)
        #expect(try mhpipe.run("run", "nights.conf", "-q").status == 0)
        let merge = try mhpipe.run("merge", "whole.db", "all.db")
        #expect(merge.status == 1 && merge.errors.contains("`mode: append`"), "\(merge.errors)")
    }
}
