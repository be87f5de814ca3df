import MHPipeKit

/// A database that an earlier run has made, as the input of a report.
struct SQLiteReportSource {
    let path: FilePath

    /// Copies its events.
    ///
    /// - Throws: `StageError` when it cannot be read, or is none of mhpipe's.
    func copy(into report: ReportDatabase) throws(StageError) {
        let database = report.database
        do throws(SQLiteDatabase.Failure) {
            try database.execute("COMMIT")
            try database.attach(reading: path)
            let mark = try database.rows("PRAGMA source.application_id").first?.first ?? ""
            let version = try database.rows("PRAGMA source.user_version").first?.first ?? ""
            guard mark == "\(SQLiteReplacement.applicationID)" else { throw Refusal.stranger.failure }
            guard version == "\(SQLiteReplacement.schemaVersion)" else { throw Refusal.version.failure }
            let tables = try database.rows("SELECT name FROM source.sqlite_schema WHERE type = 'table'")
                .compactMap(\.first).filter { !$0.hasPrefix("mhpipe_") && !$0.hasPrefix("sqlite_") }
            let columns = try tables.map { (table) throws(SQLiteDatabase.Failure) in
                (table, Set(try database.rows("PRAGMA source.table_info(\(SQLiteSchema.quoted(table)))").map { $0[1] }))
            }.filter { $0.1.contains("eventTime") && $0.1.contains("eventName") }
            guard columns.count == 1, let found = columns.first else { throw Refusal.table.failure }
            let hasEnd = try !database.rows(
                "SELECT 1 FROM source.sqlite_schema WHERE type = 'table' AND name = '\(SQLiteReadEnd.table)'"
            ).isEmpty
            try database.execute("BEGIN")
            try report.insert(table: found.0, columns: found.1, hasReadEnd: hasEnd)
        } catch {
            let refusal = Refusal.allCases.first { $0.rawValue == error.message }
            throw StageError(
                "cannot make a report of '\(path.text)': \(error.message)",
                advice: refusal.map(\.advice)
                    ?? "a database that 'mhpipe convert TRAIL all.db --migration --identity --call' makes is expected"
            )
        }
    }

    private enum Refusal: String, CaseIterable {
        case stranger = "it is a SQLite database that mhpipe did not make"
        case version = "it was made by another version of mhpipe, whose tables differ"
        case table = "it has no table of events, or several"

        var failure: SQLiteDatabase.Failure { SQLiteDatabase.Failure(code: 1, message: rawValue) }

        var advice: String {
            switch self {
            case .stranger, .version: "make one of the trail: \(ReportWords.command)"
            case .table: "one table with the columns eventTime and eventName is expected"
            }
        }
    }
}
