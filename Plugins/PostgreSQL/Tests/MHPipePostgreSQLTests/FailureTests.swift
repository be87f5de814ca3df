import Foundation
import MHPipeKit
import Testing

@testable import MHPipePostgreSQL

/// What goes wrong is said in words, with what to do.
@Suite struct FailureTests {
    private func openError(_ connection: String, table: String = "t") throws -> StageError? {
        var options = PostgreSQLSink.Options()
        options.connection = connection
        options.table = table
        var sink = try PostgreSQLSink(options, PluginContext(stage: "test"))
        return #expect(throws: StageError.self) { try sink.open() }
    }

    @Test func namesTheServerThatIsNotThere() throws {
        let error = try openError("host=/nonexistent dbname=trail")
        #expect(error?.message.hasPrefix("connecting to PostgreSQL failed: connection to server on socket") == true)
        #expect(error?.message.contains("/nonexistent") == true)
        #expect(error?.advice?.contains("see that the server is running") == true)
    }

    @Test func tellsAWrongPasswordFromNone() throws {
        guard let server = TestServer.shared else { return }
        try server.connect().run("DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 'right'")
        let connection = "host=\(server.folder) dbname=postgres user=locked passfile=/nonexistent"
        let none = try openError(connection)
        #expect(none?.advice?.hasPrefix("give the password in PGPASSWORD") == true)
        let wrong = try openError(connection + " password=secret")
        #expect(wrong?.message.contains("password authentication failed for user \"locked\"") == true)
        #expect(wrong?.advice?.hasPrefix("see that the user and the password") == true)
        #expect(wrong?.description.contains("secret") == false)
        let refused = try openError(connection + " password=right", table: "locked.t")
        #expect(refused?.message.hasSuffix("schema \"locked\" does not exist") == true)
        #expect(refused?.advice?.hasPrefix("make the schema") == true)
        let denied = try openError(connection + " password=right", table: "public.denied")
        #expect(denied?.message.hasSuffix("permission denied for schema public") == true)
        #expect(denied?.advice?.hasPrefix("have the owner GRANT") == true)
    }

    @Test(
        arguments: [
            ("event_id text UNIQUE", "has no column 'event_time'", "ADD \"event_time\" timestamp with time zone"),
            ("event_id text, event_time timestamptz", "has no unique index on event_id", "ADD UNIQUE (event_id)"),
            ("event_id text UNIQUE, event_time text", "'event_time' of the table", "change its type"),
            ("event_id text UNIQUE, event_time timestamptz, x int NOT NULL", "'x' of the table", "SET DEFAULT"),
            ("event_id text UNIQUE, event_time timestamptz GENERATED ALWAYS AS (NULL) STORED", "is generated", ""),
        ]
    )
    func namesWhatAnotherTableLacks(definition: String, message: String, advice: String) throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server, create: definition)
        let run = try SinkRun(server, table.name, columns: ["eventID", "eventTime"])
        let error = #expect(throws: StageError.self) { try run.sink.open() }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(advice.isEmpty || error?.advice?.contains(advice) == true, "\(error?.advice ?? "")")
    }

    @Test func seesBeforeTheRunThatItMayNotWrite() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server, create: "event_id text UNIQUE")
        try table.connection.run(
            "CREATE ROLE \(table.name)_r LOGIN; GRANT SELECT, INSERT ON \(table.name) TO \(table.name)_r"
        )
        var options = PostgreSQLSink.Options()
        options.connection = "host=\(server.folder) dbname=postgres user=\(table.name)_r"
        options.table = table.name
        options.columns = [FieldPath("eventID")]
        var sink = try PostgreSQLSink(options, PluginContext(stage: "test"))
        let error = #expect(throws: StageError.self) { try sink.open() }
        #expect(error?.message == "the user '\(table.name)_r' may not write to the table '\(table.name)'")
        try table.connection.run("GRANT UPDATE ON \(table.name) TO \(table.name)_r")
        try sink.open()
        try sink.finish()
        try sink.commit()
        try table.connection.run("DROP OWNED BY \(table.name)_r; DROP ROLE \(table.name)_r")
    }

    @Test func takesATableWithMoreColumns() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(
            server,
            create: "note text DEFAULT 'n' NOT NULL, event_name text, event_id text PRIMARY KEY"
        )
        try SinkRun(server, table.name, columns: ["eventName"], create: false).all([#"{"eventID":"a","eventName":"A"}"#]
        )
        #expect(try table.rows("event_id, event_name, note") == [["a", "A", "n"]])
    }

    @Test func makesNoTableUnlessItMay() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let run = try SinkRun(server, table.name, create: false)
        let error = #expect(throws: StageError.self) { try run.sink.open() }
        #expect(error?.message.hasPrefix("there is no table '\(table.name)' in database 'postgres' at '/tmp/") == true)
    }

    @Test func saysSoWhenTwoRunsMakeTheTable() async throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server)
        let first = try SinkRun(server, table.name)
        try first.sink.open()
        let name = table.name
        let second = Task.detached {
            let second = try SinkRun(server, name)
            return #expect(throws: StageError.self) { try second.sink.open() }
        }
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)' AND wait_event_type = 'Lock'"
        while try table.connection.run(waiting) == [["0"]] { await Task.yield() }
        try first.commit()
        let error = try await second.value
        #expect(error?.message == "another session made the table '\(name)' in the meantime")
    }

    @Test func aLostConnectionLeavesNothing() throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server, create: "event_id text UNIQUE")
        let run = try SinkRun(server, table.name, columns: ["eventID"])
        try run.sink.open()
        try run.write([#"{"eventID":"a"}"#])
        let ended = try table.connection.run(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '\(table.name)'"
        )
        #expect(ended == [["t"]])
        let error = #expect(throws: StageError.self) {
            try run.write((0..<20_000).map { #"{"eventID":"\#($0)"}"# })
            try run.sink.finish()
        }
        run.sink.abort()
        // The server's last words do not always get through.
        let reasons = [
            "terminating connection due to administrator command", "server closed the connection unexpectedly",
        ]
        #expect(reasons.contains { error?.message.hasSuffix(" failed: \($0)") == true }, "\(error?.message ?? "")")
        #expect(error?.advice == "the connection is lost, and nothing of this run was kept; run it again")
        #expect(try table.count() == 0)
    }

    @Test(
        arguments: [
            ("53100", "could not extend file: No space left on device", "the server has no room left"),
            ("42501", "permission denied", "have the owner GRANT"),
            ("40P01", "deadlock detected", "another session was in the way"),
        ]
    )
    func saysWhatToDoWhenTheServerFails(code: String, message: String, advice: String) throws {
        guard let server = TestServer.shared else { return }
        let table = try TestTable(server, create: "event_id text UNIQUE")
        try table.connection.run(
            """
            CREATE FUNCTION \(table.name)_f() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN RAISE EXCEPTION USING ERRCODE = ''\(code)'', MESSAGE = ''\(message)''; END';
            CREATE TRIGGER fails BEFORE INSERT ON \(table.name) FOR EACH ROW EXECUTE FUNCTION \(table.name)_f()
            """
        )
        let run = try SinkRun(server, table.name, columns: ["eventID"])
        try run.sink.open()
        try run.write([#"{"eventID":"a"}"#])
        let error = #expect(throws: StageError.self) { try run.sink.finish() }
        run.sink.abort()
        #expect(error?.message.hasSuffix("failed: \(message)") == true)
        #expect(error?.advice?.hasPrefix(advice) == true)
        #expect(try table.count() == 0)
    }

    @Test func whatIsCheckedAtTheCommitFailsBeforeIt() throws {
        guard let server = TestServer.shared else { return }
        let other = try TestTable(server, create: "name text PRIMARY KEY")
        let table = try TestTable(
            server,
            create: "event_id text UNIQUE, event_name text REFERENCES \(other.name) DEFERRABLE INITIALLY DEFERRED"
        )
        let run = try SinkRun(server, table.name, columns: ["eventName"])
        try run.sink.open()
        try run.write([#"{"eventID":"a","eventName":"A"}"#])
        let error = #expect(throws: StageError.self) { try run.sink.finish() }
        run.sink.abort()
        #expect(error?.message.contains("Key (event_name)=(A) is not present in table") == true)
        #expect(error?.advice?.hasPrefix("the table has a constraint") == true)
        try table.connection.run("DROP TABLE \(table.name)")
    }
}
