import MHPipeKit

/// The table that events go to, and the one in which they wait for the commit.
struct EventTable {
    let name: String
    let columns: [TableColumn]
    private let quotedName: String

    /// Where a session's own tables are, which are gone when its transaction ends.
    private static let staging = "pg_temp.mhpipe_staging"
    private static let order = "mhpipe_row"

    init(_ name: String, _ columns: [TableColumn]) throws(OptionError) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else {
            throw OptionError(option: "table", "needs a name, or a schema and a name with a dot between, not '\(name)'")
        }
        for part in parts {
            if let problem = SQLName.problem(part) {
                throw OptionError(option: "table", "needs another name: '\(part)' \(problem)")
            }
        }
        self.name = name
        self.columns = columns
        quotedName = parts.map(SQLName.quoted).joined(separator: ".")
    }

    private var list: String { columns.map(\.quotedName).joined(separator: ", ") }
    private var key: String { TableColumn.eventID.quotedName }

    /// Makes the table when there is none of the name; who may only write to it needs no right to make one.
    func create(_ connection: ServerConnection) throws {
        let found = try connection.run("SELECT to_regclass(\(SQLName.literal(quotedName)))")
        guard found.first?.first == .some(nil) else { return }
        let definitions = columns.map { "\($0.quotedName) \($0.kind.rawValue)\($0 == .eventID ? " UNIQUE" : "")" }
        do {
            try connection.run("CREATE TABLE IF NOT EXISTS \(quotedName) (\(definitions.joined(separator: ", ")))")
        } catch {
            guard error.code == "23505" || error.code == "42P07" else { throw error }
            // The server waits until the other transaction ends, and then finds the name taken.
            throw StageError("another session made the table '\(name)' in the meantime", advice: "run it again")
        }
    }

    /// Rows are numbered as they come, so that of two with one key the later one can be told.
    var createStaging: String {
        let definitions = columns.map { "\($0.quotedName) \($0.kind.rawValue)" }
        return """
            CREATE TEMP TABLE mhpipe_staging (\(definitions.joined(separator: ", ")), \
            \(Self.order) bigint GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP
            """
    }

    var copy: String { "COPY \(Self.staging) (\(list)) FROM STDIN (FORMAT binary)" }

    /// The planner knows nothing of a table that was filled a moment ago.
    var analyze: String { "ANALYZE \(Self.staging) (\(key), \(Self.order))" }

    /// Takes the last of the events with one id, and all events that have none.
    var insert: String {
        let others = columns.filter { $0 != .eventID }.map { "\($0.quotedName) = excluded.\($0.quotedName)" }
        let conflict = others.isEmpty ? "NOTHING" : "UPDATE SET \(others.joined(separator: ", "))"
        return """
            INSERT INTO \(quotedName) (\(list)) SELECT \(list) FROM \(Self.staging) JOIN (
                SELECT max(\(Self.order)) AS \(Self.order) FROM \(Self.staging)
                GROUP BY \(key), CASE WHEN \(key) IS NULL THEN \(Self.order) END
            ) AS latest USING (\(Self.order)) ON CONFLICT (\(key)) DO \(conflict)
            """
    }

    /// Sees that the table is there and takes what will be sent.
    func check(_ connection: ServerConnection) throws {
        let found = try connection.run(
            """
            SELECT oid, relkind IN ('r', 'p'), has_any_column_privilege(oid, 'INSERT') AND
                has_any_column_privilege(oid, 'SELECT') AND has_any_column_privilege(oid, 'UPDATE'), current_user
            FROM pg_class WHERE oid = to_regclass(\(SQLName.literal(quotedName)))
            """
        )
        guard let table = found.first, let oid = table[0] else {
            throw StageError(
                "there is no table '\(name)' in \(connection.place)",
                advice: "set create: true, or make it"
            )
        }
        guard table[1] == "t" else {
            throw StageError(
                "'\(name)' in \(connection.place) is no table",
                advice: "name a table, or one that is not there"
            )
        }
        guard table[2] == "t" else {
            throw StageError(
                "the user '\(table[3] ?? "")' may not write to the table '\(name)'",
                advice: "have its owner GRANT SELECT, INSERT, UPDATE ON \(quotedName) to that user"
            )
        }
        try checkColumns(oid, connection)
        let keys = try connection.run(
            """
            SELECT 1 FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
            WHERE indrelid = \(oid) AND indisunique AND indisvalid AND indimmediate AND indnkeyatts = 1
            AND indpred IS NULL AND attname = \(SQLName.literal(TableColumn.eventID.name))
            """
        )
        if keys.isEmpty {
            throw StageError(
                "the table '\(name)' has no unique index on \(TableColumn.eventID.name) alone, by which events are known again",
                advice: "add one: ALTER TABLE \(quotedName) ADD UNIQUE (\(TableColumn.eventID.name))"
            )
        }
    }

    private func checkColumns(_ oid: String, _ connection: ServerConnection) throws {
        let rows = try connection.run(
            """
            SELECT attname, format_type(atttypid, atttypmod),
                attnotnull AND NOT atthasdef AND attidentity = '', attgenerated <> ''
            FROM pg_attribute WHERE attrelid = \(oid) AND attnum > 0 AND NOT attisdropped
            """
        )
        let types = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] ?? "", $0[1] ?? "") })
        let missing = columns.filter { types[$0.name] == nil }
        if !missing.isEmpty {
            let names = missing.map { "'\($0.name)'" }.joined(separator: ", ")
            let added = missing.map { "ADD \($0.quotedName) \($0.kind.rawValue)" }.joined(separator: ", ")
            throw StageError(
                "the table '\(name)' has no column \(names)",
                advice: "add what is missing, or name other columns: ALTER TABLE \(quotedName) \(added)"
            )
        }
        for column in columns {
            guard let type = types[column.name], type != column.kind.rawValue else { continue }
            throw StageError(
                "the column '\(column.name)' of the table '\(name)' is \(type), where '\(column.text)' needs "
                    + column.kind.rawValue,
                advice: "change its type, leave the field out of 'columns', or write to another table"
            )
        }
        let known = Set(columns.map(\.name))
        for row in rows {
            guard let column = row[0] else { continue }
            if known.contains(column), row[3] == "t" {
                throw StageError("the column '\(column)' of the table '\(name)' is generated, and cannot be written")
            }
            if !known.contains(column), row[2] == "t" {
                throw StageError(
                    "the column '\(column)' of the table '\(name)' takes no NULL, and no field is written to it",
                    advice:
                        "give it a default: ALTER TABLE \(quotedName) ALTER \(SQLName.quoted(column)) SET DEFAULT ..."
                )
            }
        }
    }
}
