import MHPipeIO
import MHPipeKit

/// A database that a run has made of a part of the input, and what has to be the same in all parts of a whole.
struct SQLitePart {
    /// Something that the database is made of.
    struct Object: Equatable {
        var type: String
        var name: String
        var sql: String
    }

    let path: FilePath
    /// The table of events.
    let table: String
    /// What makes it up, in the order in which it was made.
    let objects: [Object]
    /// The number of its last row, which is that of its rows.
    let count: Int
    /// Its first row and its last.
    let ends: (first: [String], last: [String])
    /// True when it may look like another part.
    let isKnown: Bool

    /// Looks at a database.
    ///
    /// - Throws: `StageError` when it cannot be read, or is none that one run of mhpipe has made.
    init(_ part: MergedPart) throws(StageError) {
        path = part.path
        isKnown = part.isKnown
        let (isFile, isEmpty): (Bool, Bool)
        do throws(InputFailure) {
            let status = try FileStatus(path)
            (isFile, isEmpty) = (status.kind == .file, status.size == 0)
        } catch {
            throw StageError(error.description, advice: error.advice)
        }
        guard isFile else { throw Self.refusal(path, "it is no file") }
        guard !isEmpty else { throw Self.refusal(path, "it is empty") }
        for suffix in ["-wal", "-journal"] where ((try? FileStatus(path.withSuffix(suffix)))?.size ?? 0) > 0 {
            throw Self.refusal(
                path,
                "'\(path.withSuffix(suffix).text)' beside it holds what is not in it yet",
                advice:
                    "close it in the program that has it open; 'sqlite3 \(path.text) .tables' brings in what was left"
            )
        }
        let found = try Self.reading(path) { database throws(SQLiteDatabase.Failure) in
            let marks = ["application_id", "user_version"].map { "SELECT * FROM pragma_\($0)" }.joined(
                separator: " UNION ALL "
            )
            let rows = try database.rows("SELECT type, name, sql FROM sqlite_schema WHERE sql <> '' ORDER BY rowid")
            return (
                marks: try database.rows(marks).map { $0[0] },
                objects: rows.map { Object(type: $0[0], name: $0[1], sql: $0[2]) }
            )
        }
        objects = found.objects
        guard found.marks.first == "\(SQLiteReplacement.applicationID)" else {
            throw Self.refusal(path, "it is a database that mhpipe did not make")
        }
        guard found.marks.last == "\(SQLiteReplacement.schemaVersion)" else {
            throw Self.refusal(path, "another version of mhpipe has made it", advice: "make it again with this one")
        }
        let tables = found.objects.filter { $0.type == "table" }.map(\.name)
        if tables.contains(where: SQLiteRuns.names.contains) {
            throw Self.refusal(
                path,
                "runs with `mode: append` have filled it, and what it says of them cannot be put together",
                advice: "the parts are databases that one run each has made"
            )
        }
        let events = tables.filter { $0 != SQLiteReadEnd.table }
        guard events.count == 1 else { throw Self.refusal(path, "it holds other tables than those of mhpipe") }
        table = events[0]
        let (name, path) = (events[0], path)
        let (last, rows) = try Self.reading(path) { database throws(SQLiteDatabase.Failure) in
            let last = try database.rows("SELECT max(rowid) FROM \(SQLiteSchema.quoted(name))").first?.first ?? ""
            let count = Int(last) ?? 0
            return (count, [try Self.row(1, of: name, database), try Self.row(count, of: name, database)])
        }
        (count, ends) = (last, (rows[0], rows[1]))
        if let made = part.rows, made != count {
            throw Self.refusal(
                path,
                "it has \(count) \(count == 1 ? "event" : "events"), and the job has put \(made) into it",
                advice: "put it back as the job has left it"
            )
        }
    }

    /// Looks up rows by their numbers.
    func rows(_ numbers: [Int]) throws(StageError) -> [[String]] {
        let table = table
        return try Self.reading(path) { database throws(SQLiteDatabase.Failure) in
            var rows: [[String]] = []
            for number in numbers { rows.append(try Self.row(number, of: table, database)) }
            return rows
        }
    }

    private static func row(
        _ number: Int,
        of table: String,
        _ database: SQLiteDatabase
    ) throws(SQLiteDatabase.Failure) -> [String] {
        try database.rows("SELECT * FROM \(SQLiteSchema.quoted(table)) WHERE rowid = \(number)").first ?? []
    }

    private static func reading<Result>(
        _ path: FilePath,
        _ work: (SQLiteDatabase) throws(SQLiteDatabase.Failure) -> Result
    ) throws(StageError) -> Result {
        do throws(SQLiteDatabase.Failure) {
            let database = try SQLiteDatabase(lookingAt: path)
            defer { database.close() }
            return try work(database)
        } catch {
            throw unreadable(path, error)
        }
    }

    /// Says in what a part differs from the first one; nil where it fits.
    func difference(from first: SQLitePart) -> String? {
        guard objects != first.objects else { return nil }
        if table != first.table {
            return "its table is '\(table)', and that of '\(first.path.text)' is '\(first.table)'"
        }
        let other = "'\(first.path.text)'"
        func isMissing(_ object: Object, in objects: [Object]) -> Bool { !objects.contains { $0.name == object.name } }
        if let object = first.objects.first(where: { isMissing($0, in: objects) }) {
            return "it lacks the \(object.type) '\(object.name)', which \(other) has"
        }
        if let object = objects.first(where: { isMissing($0, in: first.objects) }) {
            return "it has the \(object.type) '\(object.name)', which \(other) lacks"
        }
        for (own, object) in zip(objects, first.objects) where own != object {
            return own.type == "table"
                ? "its columns are others than those of \(other)"
                : "its \(own.type) '\(own.name)' is another one than in \(other)"
        }
        return nil
    }

    static func refusal(_ path: FilePath, _ reason: String, advice: String? = nil) -> StageError {
        StageError("cannot merge '\(path.text)': \(reason)", advice: advice)
    }

    /// Words for what SQLite says of it.
    static func unreadable(_ path: FilePath, _ failure: SQLiteDatabase.Failure) -> StageError {
        if let number = MachineFault.present {
            return StageError(
                "cannot read '\(path.text)': \(SystemFailure.reason(number))",
                advice: MachineFault.advice(number)
            )
        }
        return refusal(
            path,
            failure.isNoDatabase ? "it is no database, or a damaged one" : failure.message,
            advice: failure.isNoDatabase ? "make it again: nothing of it can be relied on" : nil
        )
    }
}
