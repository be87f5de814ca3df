import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What may stand in the place of a database, and what becomes of it.
@Suite struct SQLiteReplacementTests {
    struct Standing: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// What is said of it; nil when it is replaced.
        var obstacle: String?
        var make: @Sendable (TemporaryDirectory) throws -> Void

        init(_ name: String, _ obstacle: String? = nil, _ make: @escaping @Sendable (TemporaryDirectory) throws -> Void)
        {
            (testDescription, self.obstacle, self.make) = (name, obstacle, make)
        }

        /// A database that statements make.
        static func database(_ name: String, _ sql: String, _ obstacle: String) -> Standing {
            Standing(name, obstacle) { folder in
                try folder.write("", to: "out.db")
                try change(folder, sql)
            }
        }

        /// A database of the sink's own, changed by statements.
        static func ours(
            _ name: String,
            _ sql: String = "",
            _ obstacle: String? = nil,
            options: [(String, WrittenOption)] = []
        ) -> Standing {
            Standing(name, obstacle) { folder in
                try run(folder, options)
                try change(folder, sql)
            }
        }

        private static func change(_ folder: TemporaryDirectory, _ sql: String) throws {
            let database = try SQLiteDatabase(path: FilePath(folder.path("out.db")))
            defer { database.close() }
            try database.execute(sql)
        }
    }

    /// What makes one of mhpipe 0.1.0 of a database: no marks, and none of the views that came later.
    private static let before =
        "PRAGMA application_id=0; PRAGMA user_version=0"
        + [
            "application_states", "coverage", "denied_calls", "dry_runs", "gaps", "home_region_calls", "stale_tasks",
        ].map { "; DROP VIEW IF EXISTS \($0)" }.joined()
    private static let foreign = "a SQLite database that mhpipe did not make"

    static let standing: [Standing] = [
        Standing("nothing") { _ in },
        Standing("an empty file") { try $0.write("", to: "out.db") },
        .ours("ours"),
        .ours("ours with another table", options: [("table", "trail"), ("columns", .list(["x"]))]),
        .ours(
            "ours with an index, a view and statistics",
            "CREATE INDEX i ON events (eventName); CREATE VIEW v AS SELECT 1; ANALYZE"
        ),
        .ours("ours in WAL mode", "PRAGMA journal_mode=WAL"),
        .ours("ours without its table", "PRAGMA foreign_keys=OFF; DROP VIEW failed_calls; DROP TABLE events"),
        Standing("ours, damaged") { folder in
            try run(folder)
            let whole = try folder.read("out.db")
            try folder.write(whole.prefix(100) + Data(repeating: 0xAA, count: whole.count - 100), to: "out.db")
        },
        .ours(
            "ours with a user's table",
            "CREATE TABLE notes (a)",
            "a database that mhpipe made, but it holds other tables as well (tables 'events', 'notes')"
        ),
        .ours("an earlier version's", before),
        .ours(
            "an earlier version's with another table and columns",
            before,
            options: [
                ("table", "odd \"name"),
                ("columns", .list(["eventName", "requestParameters.bucketName", "identity.mfa"])),
                ("indexes", .list(["eventName"])),
            ]
        ),
        .ours("an earlier version's in WAL mode", before + "; PRAGMA journal_mode=WAL"),
        .ours(
            "an earlier version's and a table",
            before + "; CREATE TABLE notes (a)",
            foreign + " (tables 'events', 'notes')"
        ),
        .ours("an earlier version's and a view", before + "; CREATE VIEW v AS SELECT 1", foreign + " (table 'events')"),
        .ours(
            "an earlier version's and a trigger",
            before + "; CREATE TRIGGER t AFTER INSERT ON events BEGIN SELECT 1; END",
            foreign + " (table 'events')"
        ),
        .ours(
            "an earlier version's and a column",
            before + "; ALTER TABLE events ADD COLUMN note TEXT",
            foreign + " (table 'events')"
        ),
        .ours("ours with another's mark", "PRAGMA application_id=1196444487", foreign + " (table 'events')"),
        .database("a colleague's", "CREATE TABLE notes(a); INSERT INTO notes VALUES(1)", foreign + " (table 'notes')"),
        .database(
            "a colleague's in WAL mode",
            "PRAGMA journal_mode=WAL; CREATE TABLE notes(a)",
            foreign + " (table 'notes')"
        ),
        .database(
            "a large one",
            "CREATE TABLE a(x); CREATE TABLE b(x); CREATE TABLE c(x); CREATE TABLE d(x); CREATE TABLE e(x)",
            foreign + " (tables 'a', 'b', 'c' and 2 more)"
        ),
        .database("one that looks alike", "CREATE TABLE events(eventName TEXT)", foreign + " (table 'events')"),
        .database(
            "one with another type",
            #"CREATE TABLE "events" ("eventName" INTEGER)"#,
            foreign + " (table 'events')"
        ),
        .database("one of the shape of ours", #"CREATE TABLE "notes" ("a", "b")"#, foreign + " (table 'notes')"),
        .database("one with a version", "PRAGMA user_version=1", foreign + " (without tables)"),
        .database("one with a mark and nothing else", "PRAGMA application_id=7", foreign + " (without tables)"),
        Standing("a text file", "a text file, no database") { try $0.write("Dear diary,\n", to: "out.db") },
        Standing("a text of UTF-8", "a text file, no database") {
            try $0.write(String(repeating: "ä€", count: 99), to: "out.db")
        },
        Standing("a zip file", "a zip file, no database") { try $0.write("PK\u{3}\u{4}", to: "out.db") },
        Standing("a gzip file", "a gzip file, no database") { try $0.write([0x1F, 0x8B, 8, 0], to: "out.db") },
        Standing("zeros", "a file that is no database") {
            try $0.write([UInt8](repeating: 0, count: 4096), to: "out.db")
        },
        Standing("a database that is cut off", foreign) { try $0.write("SQLite format 3\0", to: "out.db") },
        Standing("an empty file with a journal", "an empty file with a journal of unfinished work beside it") {
            try $0.write("", to: "out.db")
            try $0.write("unfinished", to: "out.db-journal")
        },
        Standing(
            "an earlier version's with a log",
            "a database of an earlier mhpipe with a journal of unfinished work beside it"
        ) {
            try run($0)
            let database = try SQLiteDatabase(path: FilePath($0.path("out.db")))
            try database.execute(before)
            database.close()
            try $0.write("unfinished", to: "out.db-wal")
        },
    ]

    private static func run(_ folder: TemporaryDirectory, _ options: [(String, WrittenOption)] = []) throws {
        let all = [("path", WrittenOption.text(folder.path("out.db")))] + options
        try SinkHarness.run(SinkHarness.make(SQLiteSink.self, all), [[EventBatch(records: [#"{"eventName":"old"}"#])]])
    }

    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private func contents() throws -> [String: Data] {
        let names = folder.names.filter { !$0.hasPrefix("link") }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try folder.read($0)) })
    }

    private func write(to name: String, replace: String) throws {
        let options = [("path", WrittenOption.text(folder.path(name))), ("replace", .text(replace))]
        try SinkHarness.run(
            SinkHarness.make(SQLiteSink.self, options),
            [[EventBatch(records: [#"{"eventName":"new"}"#])]]
        )
    }

    private func expectNew() throws {
        let database = try SQLiteDatabase(path: FilePath(folder.path("out.db")))
        defer { database.close() }
        #expect(try database.rows("SELECT eventName FROM events") == [["new"]])
        #expect(try database.rows("PRAGMA application_id") == [["1835561065"]])
        #expect(try database.rows("PRAGMA user_version") == [["2"]])
    }

    @Test(arguments: standing, ["out.db", "link", "link to link", "hard link"])
    func onlyWhatMhpipeMadeIsReplaced(standing: Standing, name: String) throws {
        try standing.make(folder)
        if name == "hard link" {
            guard folder.names.contains("out.db") else { return }
            try FileManager.default.linkItem(atPath: folder.path("out.db"), toPath: folder.path(name))
        } else if name != "out.db" {
            try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: "out.db")
            try FileManager.default.createSymbolicLink(atPath: folder.path("link to link"), withDestinationPath: "link")
        }
        let isFollowed = name != "hard link"
        // A journal is named after the database, which a hard link is not told from.
        guard isFollowed || standing.obstacle?.contains("journal") != true else { return }
        let before = try contents()
        let isHere = folder.names.contains("out.db")
        let path = folder.path(name)
        let check = { () throws in
            let options = [ConfigEntry(key: "path", value: ConfigNode(.text(path)))]
            var mistakes: [Diagnostic] = []
            let label = StageLabel(kind: "sink", plugin: "sqlite")
            let decoded = OptionDecoder.decode(SQLiteSink.Options.self, options, stage: label, diagnostics: &mistakes)
            _ = try SQLiteSink(try #require(decoded), PluginContext(stage: "test", isCheck: true))
        }
        guard let obstacle = standing.obstacle else {
            try check()
            #expect(isHere ? try contents()["out.db"] == before["out.db"] : true, "the check changes nothing")
            try write(to: name, replace: "false")
            if isFollowed { try expectNew() }
            return
        }
        let mistake = #expect(throws: OptionError.self) { try check() }
        #expect(mistake?.description == "'path' names '\(path)', which is \(obstacle)")
        #expect(mistake?.label?.contains("`replace: true`") == true)
        let error = #expect(throws: StageError.self) { try write(to: name, replace: "false") }
        #expect(error?.message == "cannot replace '\(path)': it is \(obstacle)")
        #expect(try contents() == before, "all is as it was")
        guard name != "hard link", standing.obstacle?.contains("journal") != true else { return }
        try write(to: name, replace: "true")
        try expectNew()
        #expect(folder.names.filter { $0.hasPrefix("out.db") } == ["out.db"])
    }

    @Test func aFileThatCameDuringTheRunStays() throws {
        var sink = try SinkHarness.make(SQLiteSink.self, ["path": .text(folder.path("out.db"))])
        try sink.open()
        try folder.write("somebody else's", to: "out.db")
        let error = #expect(throws: StageError.self) { try sink.finish() }
        #expect(error?.message == "cannot replace '\(folder.path("out.db"))': it is a text file, no database")
        sink.abort()
        #expect(folder.names == ["out.db"])
        #expect(try folder.text("out.db") == "somebody else's")
    }

    @Test func aFolderIsNoDatabase() throws {
        try FileManager.default.createDirectory(atPath: folder.path("out.db"), withIntermediateDirectories: false)
        for replace in ["false", "true"] {
            let error = #expect(throws: StageError.self) { try write(to: "out.db", replace: replace) }
            #expect(error?.message == "cannot write '\(folder.path("out.db"))': it is a folder")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "root may read and write anywhere"), arguments: [0o444, 0o200] as [mode_t])
    func aFileThatMayNotBeUsedStays(mode: mode_t) throws {
        try Self.run(folder)
        chmod(folder.path("out.db"), mode)
        #expect(throws: StageError.self) { try write(to: "out.db", replace: "false") }
        chmod(folder.path("out.db"), 0o644)
        let database = try SQLiteDatabase(path: FilePath(folder.path("out.db")))
        #expect(try database.rows("SELECT eventName FROM events") == [["old"]])
    }
}
