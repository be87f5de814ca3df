import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What is left beside the old database does not harm the new one, nor the old one where it stays.
@Suite struct SQLiteJournalTests {
    private let folder: TemporaryDirectory
    private let records = [#"{"eventName":"one"}"#, #"{"eventName":"two"}"#]

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func write(_ options: KeyValuePairs<String, WrittenOption> = [:]) throws {
        let all = [("path", WrittenOption.text(folder.path("out.db")))] + options.map { ($0.key, $0.value) }
        try SinkHarness.run(SinkHarness.make(SQLiteSink.self, all), [[EventBatch(records: records)]])
    }

    /// Works on the database in a process that ends without closing it, as one that was killed does.
    private func killed(_ lines: String) throws {
        let script = """
            import os, sqlite3, sys
            database = sqlite3.connect(sys.argv[1], isolation_level=None)
            database.execute('pragma synchronous=off')
            \(lines)
            os._exit(0)
            """
        let python = try #require(ExternalProgram("python3"), "these tests use databases with Python")
        #expect(try python.run(["-c", script, folder.path("out.db")]).errors == "")
    }

    private func names() throws -> [[String]] {
        let database = try SQLiteDatabase(path: FilePath(folder.path("out.db")))
        defer { database.close() }
        #expect(try database.rows("PRAGMA integrity_check") == [["ok"]])
        return try database.rows("SELECT eventName FROM events ORDER BY rowid")
    }

    @Test func anOldDatabaseWithAWriteAheadLogIsReplaced() throws {
        try write()
        try killed(
            """
            database.execute('pragma journal_mode=wal')
            for n in range(2000): database.execute('insert into events (eventName) values (?)', ('old' * 100,))
            """
        )
        #expect(folder.names == ["out.db", "out.db-shm", "out.db-wal"])
        try write()
        #expect(folder.names == ["out.db"])
        #expect(try names() == [["one"], ["two"]])
    }

    @Test func aFailedRunKeepsWhatTheLogOfTheOldDatabaseHolds() throws {
        try write()
        try killed(
            """
            database.execute('pragma journal_mode=wal')
            database.execute("insert into events (eventName) values ('three')")
            """
        )
        var sink = try SinkHarness.make(SQLiteSink.self, ["path": .text(folder.path("out.db"))])
        try sink.open()
        sink.abort()
        #expect(try names() == [["one"], ["two"], ["three"]])
    }

    @Test func aTableThatIsInTheLogOnlyIsSeen() throws {
        try write()
        try killed("database.execute('pragma journal_mode=wal'); database.execute('create table notes (x)')")
        var sink = try SinkHarness.make(SQLiteSink.self, ["path": .text(folder.path("out.db"))])
        let error = #expect(throws: StageError.self) { try sink.open() }
        #expect(error?.message.contains("it holds other tables as well (tables 'events', 'notes')") == true)
        let database = try SQLiteDatabase(path: FilePath(folder.path("out.db")))
        #expect(try database.rows("SELECT * FROM notes") == [])
    }

    @Test func anInterruptedTransactionOfTheOldDatabaseIsNotAppliedToTheNewOne() throws {
        try write()
        try killed(
            """
            for n in range(3000): database.execute('insert into events (eventName) values (?)', ('old' * 300,))
            database.execute('pragma cache_size=2')
            database.execute('begin')
            database.execute("update events set eventName = 'new' || eventName")
            """
        )
        #expect(folder.names == ["out.db", "out.db-journal"])
        try write()
        #expect(folder.names == ["out.db"])
        #expect(try names() == [["one"], ["two"]])
    }

    @Test func journalsWithoutADatabaseAreCleared() throws {
        try folder.write("stale", to: "out.db-wal")
        try folder.write("stale", to: "out.db-journal")
        try write()
        #expect(folder.names == ["out.db"])
        #expect(try names() == [["one"], ["two"]])
    }

    @Test func journalsBesideAFileThatIsNoDatabaseAreCleared() throws {
        try folder.write(String(repeating: "this is no database ", count: 100), to: "out.db")
        try folder.write("stale", to: "out.db-wal")
        try write(["replace": "true"])
        #expect(folder.names == ["out.db"])
        #expect(try names() == [["one"], ["two"]])
    }

    @Test func aDatabaseThatIsInUseIsNotReplaced() throws {
        try write()
        let path = folder.path("out.db")
        let user = try SQLiteDatabase(path: FilePath(path))
        try user.execute("PRAGMA journal_mode=WAL; INSERT INTO events (eventName) VALUES ('three')")
        var sink = try SinkHarness.make(SQLiteSink.self, ["path": .text(path)])
        let error = #expect(throws: StageError.self) { try sink.open() }
        #expect(error?.message == "cannot replace '\(path)': another program has the database open")
        #expect(error?.advice == "close it there and run again, or write to another name")
        user.close()
        #expect(try names() == [["one"], ["two"], ["three"]])
    }
}
