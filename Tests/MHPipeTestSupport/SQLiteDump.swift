import CSQLite

/// What a SQLite database holds, as text.
public enum SQLiteDump {
    /// The file is no sound database.
    struct Failure: Error {
        let message: String
    }

    /// The schema, and the rows of every table, a line each.
    ///
    /// - Parameters:
    ///   - path: The database.
    ///   - leftOut: What the names of tables begin with that are left out; nil for none.
    /// - Returns: The text.
    /// - Throws: When it is no sound database.
    public static func text(of path: String, leavingOut leftOut: String? = nil) throws -> String {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
            throw Failure(message: String(cString: sqlite3_errmsg(database)))
        }
        let check = try rows("PRAGMA integrity_check", of: database)
        guard check == ["ok"] else { throw Failure(message: check.joined(separator: "; ")) }
        let kept = leftOut.map { "tbl_name NOT LIKE '\($0)%'" } ?? "1"
        let tables = try rows(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND \(kept) ORDER BY name",
            of: database
        )
        var lines = try rows(
            "SELECT type, name, sql FROM sqlite_schema WHERE \(kept) ORDER BY type, name",
            of: database
        )
        for table in tables {
            // A table without numbers of rows has its rows in the order of its key.
            let numbered = try? rows("SELECT rowid, * FROM \"\(table)\" ORDER BY rowid", of: database)
            lines += try numbered ?? rows("SELECT * FROM \"\(table)\"", of: database)
        }
        return lines.joined(separator: "\n")
    }

    private static func rows(_ sql: String, of database: OpaquePointer?) throws -> [String] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        var rows: [String] = []
        var status = sqlite3_prepare_v2(database, sql, -1, &statement, nil)
        while status == SQLITE_OK || status == SQLITE_ROW {
            status = sqlite3_step(statement)
            guard status == SQLITE_ROW else { break }
            let cells = (0..<sqlite3_column_count(statement)).map { column in
                sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "NULL"
            }
            rows.append(cells.joined(separator: "|"))
        }
        guard status == SQLITE_DONE else { throw Failure(message: String(cString: sqlite3_errmsg(database))) }
        return rows
    }
}
