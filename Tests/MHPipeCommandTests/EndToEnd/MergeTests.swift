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
    ])
    func whatDoesNotFitIsRefused(refusal: Refusal) throws {
        try makeParts()
        let (command, before) = { ($0[0], $0.count > 1 ? $0[1] : "true") }(
            refusal.command.components(separatedBy: "; ")
        )
        #expect(try mhpipe.shell(before).status == 0)
        let was = try? folder.read("all.db")
        let merge = try mhpipe.run(arguments: command.components(separatedBy: " "))
        #expect(merge.status == refusal.status, "\(merge.errors)")
        #expect(merge.errors.contains(refusal.words), "\(merge.errors)")
        #expect((try? folder.read("all.db")) == was)
        #expect(hidden == [])
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
