import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

@Suite struct SQLiteSinkTests {
    private let folder: TemporaryDirectory
    private let records = [
        #"{"eventTime":"t2","eventName":"NotifyMigrationTaskState","eventSource":"mgh","errorCode":"Denied"}"#,
        #"{"eventTime":"t1","eventName":"ListBuckets","eventSource":"s3"}"#,
    ]

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test func indexesAndViewsAreThereWithTheirColumns() throws {
        try write(
            batch: batchWithAddedValues(),
            ["indexes": .list(["eventTime", "userIdentity.arn", "identity.actor"])]
        )
        let schema = try query("select type, name from sqlite_schema where type != 'table' order by type, name")
        #expect(
            schema == [
                "index|events_eventTime", "index|events_identity_actor", "index|events_userIdentity_arn",
                "view|application_states", "view|coverage", "view|cutover_steps", "view|cutovers", "view|denied_calls",
                "view|dry_runs", "view|failed_calls", "view|gaps", "view|home_region_calls", "view|migration_calls",
                "view|stale_tasks", "view|task_timeline", "view|who_called",
            ]
        )
        #expect(try query("select eventTime from failed_calls") == ["t2"])
        #expect(try query("select eventName from migration_calls") == ["NotifyMigrationTaskState"])
        // What was refused is no update.
        #expect(try query("select * from task_timeline") == [])
        #expect(
            try query("select * from who_called order by 1") == [
                "None|ann|iam_user|mgh|NotifyMigrationTaskState|1|1|t2|t2"
            ]
        )
        #expect(
            try query("select identity_mfa, typeof(identity_mfa), typeof(migration_percent) from events") == [
                "1|integer|integer", "None|null|null",
            ]
        )
    }

    @Test func onlyWhatTheColumnsAllow() throws {
        try write(
            batch: EventBatch(records: records),
            ["columns": .list(["eventName", "x"]), "table": "odd \"name\"", "indexes": .list(["eventName"])]
        )
        #expect(
            try query("select type, name from sqlite_schema order by 1, 2") == [
                #"index|odd "name"_eventName"#, #"table|odd "name""#,
            ]
        )
    }

    @Test func withoutTheOptionThereAreNoIndexes() throws {
        try write(batch: batchWithAddedValues(), [:])
        #expect(try query("select count(*) from sqlite_schema where type = 'index'") == ["0"])
    }

    /// Eight rows go in at once, and what is left of a buffer one by one.
    @Test(arguments: [1, 7, 8, 9, 16, 23]) func everyRowIsInsertedInItsPlace(count: Int) throws {
        // What a row lacks another has, so that nothing of an earlier row may stay bound.
        let records = (0..<count).map { row in
            let code = row % 3 == 0 ? #","errorCode":"E\#(row)""# : ""
            let flag = row % 2 == 0 ? #","readOnly":true,"awsRegion":"r\#(row)""# : ""
            return #"{"eventName":"n\#(row)"\#(code)\#(flag)}"#
        }
        let batches = [EventBatch(records: records), EventBatch(records: records)]
        let sink = try SinkHarness.make(
            SQLiteSink.self,
            [
                ("path", .text(folder.path("out.db"))),
                ("columns", .list(["errorCode", "eventName", "readOnly", "awsRegion"])),
            ]
        )
        try SinkHarness.run(sink, batches.map { [$0] })
        let expected = (0..<count).map { row in
            let code = row % 3 == 0 ? "E\(row)" : "None"
            return "\(code)|n\(row)|" + (row % 2 == 0 ? "1|r\(row)" : "None|None")
        }
        #expect(try query("select * from events order by rowid") == expected + expected)
    }

    @Test func aTableOfAsManyColumnsAsThereCanBe() throws {
        let columns = (0..<2000).map { "c\($0)" }
        try write(
            batch: EventBatch(records: (0..<9).map { #"{"c1999":\#($0)}"# }),
            ["columns": .list(columns)]
        )
        #expect(try query("select c1999 from events order by rowid") == (0..<9).map(String.init))
    }

    /// The one event is rejected, whichever of its values make it too large, and those around it are written.
    @Test(
        arguments: [
            #"{"eventName":"\#(String(repeating: "x", count: 500))"}"#,
            #"{"eventName":"\#(String(repeating: "\\n", count: 500))"}"#,
            #"{"requestParameters":"\#(String(repeating: "x", count: 500))"}"#,
            #"{"requestParameters":{"a":[\#(String(repeating: "1,", count: 250))1]}}"#,
            #"{"eventName":"\#(String(repeating: "x", count: 250))","x":"\#(String(repeating: "y", count: 250))"}"#,
        ]
    )
    func anEventThatSQLiteCannotHoldIsRejected(large: String) throws {
        let columns = ["eventName", "requestParameters", "x"].map { OutputColumn(FieldPath(keys: [$0])) }
        var encoder = SQLiteRowEncoder(columns, mostBytes: 500)
        let batch = EventBatch(records: [#"{"eventName":"one"}"#, large, #"{"eventName":"two","x":1}"#, large])
        let output = OutputBuffer()
        encoder.encode(batch, into: output)
        #expect(batch.selection == [0, 2])
        #expect(batch.rejections.map(\.row) == [1, 3])
        #expect(batch.rejections.allSatisfy { $0.reason.hasPrefix("needs a row of 5") })
        var sink = try SinkHarness.make(
            SQLiteSink.self,
            [("path", .text(folder.path("out.db"))), ("columns", .list(["eventName", "requestParameters", "x"]))]
        )
        try sink.open()
        try sink.write(output.bytes)
        try sink.finish()
        try sink.commit()
        #expect(try query("select eventName, x from events") == ["one|None", "two|1"])
    }

    /// What the encoder lets through, SQLite takes: the largest row by a byte.
    @Test func theLimitIsThatOfSQLite() throws {
        #expect(SQLiteDatabase.mostBytes >= 1_000_000)
        let path = FilePath(try folder.write("", to: "limit.db"))
        let database = try SQLiteDatabase(path: path)
        database.limit(bytes: 500)
        let columns = ["a", "b", "c"].map { OutputColumn(FieldPath(keys: [$0])) }
        let schema = SQLiteSchema(table: "t", columns: columns, indexes: [])
        var loader = try SQLiteRowLoader(
            database,
            createTable: schema.createTable,
            copy: nil,
            convert: schema.convertRows(from: SQLiteRowLoader.source)
        )
        try database.execute("BEGIN; \(schema.createTable)")
        var encoder = SQLiteRowEncoder(columns, mostBytes: 500)
        var accepted = 0
        for length in 440..<520 {
            let batch = EventBatch(records: [#"{"a":"\#(String(repeating: "x", count: length))","b":1.5,"c":"y"}"#])
            let output = OutputBuffer()
            encoder.encode(batch, into: output)
            try loader.load(output.bytes)
            accepted += batch.count
        }
        try loader.flush()
        #expect(try database.rows("SELECT count(*), max(length(a)) FROM t") == [["\(accepted)", "\(439 + accepted)"]])
        #expect((20..<60).contains(accepted))
    }

    @Test func aTableWithTheNameOfAView() throws {
        try write(batch: EventBatch(records: records), ["table": "Failed_Calls"])
        #expect(try query("select count(*) from failed_calls") == ["2"])
    }

    @Test func theDatabaseIsAsAnyOther() throws {
        try write(batch: EventBatch(records: records), [:])
        #expect(try query("pragma journal_mode") == ["delete"])
        #expect(try query("pragma integrity_check") == ["ok"])
        #expect(folder.names == ["out.db"])
    }

    @Test(
        arguments: [
            (["path": "-"], "'path' needs a file, since a database cannot be sent to standard output"),
            (["path": "x", "table": ""], "'table' needs a name that is not empty and does not begin with sqlite_"),
            (
                ["path": "x", "table": "SQLite_x"],
                "'table' needs a name that is not empty and does not begin with sqlite_"
            ),
        ] as [([String: String], String)]
    )
    func refusesOptionsThatCannotBe(options: [String: String], message: String) {
        let error = #expect(throws: OptionError.self) {
            try SinkHarness.make(SQLiteSink.self, options.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
        }
        #expect(error?.description == message)
    }

    @Test(
        arguments: [
            (["eventTime", "mfa"], "'indexes' names 'mfa', which is not one of the columns"),
            (["eventTime", "eventTime"], "'indexes' names 'eventTime' twice"),
        ]
    )
    func refusesIndexesThatCannotBe(indexes: [String], message: String) {
        let error = #expect(throws: OptionError.self) {
            try SinkHarness.make(SQLiteSink.self, ["path": "x", "indexes": .list(indexes)])
        }
        #expect(error?.description == message)
    }

    @Test func refusesColumnsThatDifferByCaseOnly() {
        let error = #expect(throws: OptionError.self) {
            try SinkHarness.make(SQLiteSink.self, ["path": "x", "columns": .list(["eventID", "eventId"])])
        }
        #expect(error?.description.contains("'eventID' and 'eventId', which would be the same column") == true)
    }

    @Test func aDeviceIsNoPlaceForADatabase() throws {
        var sink = try SinkHarness.make(SQLiteSink.self, ["path": "/dev/null"])
        let error = #expect(throws: StageError.self) { try sink.open() }
        #expect(error?.message == "cannot write '/dev/null': a database needs a regular file")
    }

    private func batchWithAddedValues() -> EventBatch {
        let batch = EventBatch(records: records)
        let identity = batch.addColumn("identity", members: ["kind", "actor", "mfa"])
        identity.set(.string("iam_user"), row: 0, member: 0)
        identity.set(.string("ann"), row: 0, member: 1)
        identity.set(.bool(true), row: 0, member: 2)
        let migration = batch.addColumn("migration", members: ["action", "stream", "task", "status", "percent"])
        for (member, text) in ["Notify", "s", "T-1", "COMPLETED"].enumerated() {
            migration.set(.string(text), row: 0, member: member)
        }
        migration.set(.int(100), row: 0, member: 4)
        return batch
    }

    private func write(batch: EventBatch, _ options: KeyValuePairs<String, WrittenOption>) throws {
        let all = [("path", WrittenOption.text(folder.path("out.db")))] + options.map { ($0.key, $0.value) }
        try SinkHarness.run(SinkHarness.make(SQLiteSink.self, all, addedKeys: ["identity", "migration"]), [[batch]])
    }

    private func python(_ script: String) throws {
        guard let python = ExternalProgram("python3") else { return }
        #expect(try python.run(["-c", script, folder.path("out.db")]).errors == "")
    }

    /// The rows of a query, as Python reads them; fails where there is no Python.
    private func query(_ sql: String) throws -> [String] {
        let script = """
            import sqlite3, sys
            for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print('|'.join(str(v) for v in row))
            """
        let python = try #require(ExternalProgram("python3"), "these tests read databases with Python")
        let result = try python.run(["-c", script, folder.path("out.db"), sql])
        #expect(result.errors == "")
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
