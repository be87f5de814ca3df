import MHPipeKit

/// Writes events as rows of a table in a PostgreSQL server.
///
/// Workers encode tuples of the binary COPY format; they go to a table of this session's own, and from there to the
/// table when the run finishes. All of it is one transaction: nothing is seen before the commit, and nothing is left of
/// a run that does not come to it. An event with the id of a row that is there replaces it.
struct PostgreSQLSink: Sink {
    static let name = "postgresql"
    static let summary = "Writes events as rows of a table in a PostgreSQL server, each event once."

    struct Options: PluginOptions {
        var connection = ""
        var table = "cloudtrail_events"
        var columns = TableColumn.defaultPaths
        var record = false
        var create = true

        static let all: [Option<Options>] = [
            .required(
                "connection",
                \.connection,
                "The server, user and database, as a connection string or URI of libpq.",
                example: "postgresql://audit@db.example.com/trail"
            ),
            .optional("table", \.table, "The table, with its schema before a dot if need be.", example: "audit.trail"),
            .optional(
                "columns",
                \.columns,
                "The fields to write; 'eventID', the key, is always written.",
                example: "[eventID, eventTime, eventName, userIdentity.arn, requestParameters]"
            ),
            .optional("record", \.record, "Writes the whole event too, as the column 'record' of type jsonb."),
            .optional("create", \.create, "Makes the table when it is not there."),
        ]
    }

    private let target: String
    private let creates: Bool
    private let table: EventTable
    private let losses: ValueLosses
    /// The columns that the user named.
    private let chosen: [TableColumn]
    private let context: PluginContext

    private var connection: ServerConnection?
    private var isFinished = false

    init(_ options: Options, _ context: PluginContext) throws {
        if let problem = ServerConnection.problem(with: options.connection) {
            throw OptionError(option: "connection", "needs a connection string or URI of libpq: \(problem)")
        }
        let columns = try [TableColumn](options.columns, record: options.record)
        target = options.connection
        creates = options.create
        table = try EventTable(options.table, columns)
        losses = ValueLosses(columns: columns.count)
        chosen = options.columns == Options().columns ? [] : options.columns.map { TableColumn($0) }
        self.context = context
    }

    func makeEncoder() -> CopyTupleEncoder { CopyTupleEncoder(table.columns, losses) }

    mutating func open() throws {
        let connection: ServerConnection
        do {
            connection = try ServerConnection(target)
        } catch {
            throw error.stageError(
                "connecting to PostgreSQL",
                advice: "see that the server is running, and that 'connection' says where; pg_isready and psql help"
            )
        }
        guard connection.serverEncoding == "UTF8" else {
            throw StageError(
                "\(connection.place) has the encoding \(connection.serverEncoding), which cannot hold every event",
                advice: "use a database that was made with ENCODING 'UTF8'"
            )
        }
        do {
            // A run takes as long as its input; the timeouts are for statements of people.
            try connection.run(
                """
                BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;
                SET LOCAL standard_conforming_strings = on; SET LOCAL client_min_messages = error
                """
            )
            if creates { try table.create(connection) }
            try table.check(connection)
            try connection.run(table.createStaging)
            try connection.run(table.copy)
            try CopyTupleEncoder.header.withUnsafeBufferPointer { bytes throws(ServerFailure) in
                try connection.send(bytes)
            }
        } catch let failure as ServerFailure {
            throw failure.stageError("preparing the table '\(table.name)' in \(connection.place)")
        }
        self.connection = connection
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard let connection else { return }
        do {
            try connection.send(bytes)
        } catch {
            throw error.stageError("sending events to \(connection.place)")
        }
    }

    mutating func finish() throws {
        guard let connection, !isFinished else { return }
        do {
            try CopyTupleEncoder.trailer.withUnsafeBufferPointer { bytes throws(ServerFailure) in
                try connection.send(bytes)
            }
            try connection.endCopy()
            try connection.run(table.analyze)
            try connection.run(table.insert)
            // What is checked at the commit is better checked while the other sinks can still give up.
            try connection.run("SET CONSTRAINTS ALL IMMEDIATE")
        } catch {
            throw error.stageError("writing to the table '\(table.name)' in \(connection.place)")
        }
        isFinished = true
        let empty = losses.emptiness(of: chosen, among: table.columns)
        for warning in losses.warnings(table.columns) + empty { context.warn(warning) }
    }

    mutating func commit() throws {
        guard let connection else { return }
        do {
            try connection.run("COMMIT")
        } catch {
            throw StageError(
                "committing to \(connection.place) failed: \(error.message)",
                advice:
                    "look whether the events are in '\(table.name)'; if not, run it again, which makes no event double"
            )
        }
        close()
    }

    mutating func abort() {
        close()
    }

    private mutating func close() {
        connection?.close()
        connection = nil
    }
}
