import CSQLite
import MHPipeKit

/// A connection to one SQLite database file, and the only place where SQLite is called.
///
/// Used on one queue at a time. Errors carry SQLite's own words, the name that the user knows the database by, and
/// what was being done.
final class SQLiteDatabase {
    /// SQLite's answer to what could not be done.
    struct Failure: Error {
        /// The primary result code (sqlite.org/rescode.html).
        var code: Int32
        var message: String

        /// Another connection holds a lock.
        var isBusy: Bool { code == SQLITE_BUSY || code == SQLITE_LOCKED }

        /// The file is no database, or a damaged one.
        var isNoDatabase: Bool { code == SQLITE_NOTADB || code == SQLITE_CORRUPT }
    }

    /// A prepared statement that inserts rows; valid until the database is closed.
    struct Insert {
        fileprivate let statement: OpaquePointer
    }

    private var connection: OpaquePointer?
    private var inserts: [Insert] = []

    /// Opens a file that exists.
    ///
    /// - Parameter path: Its path; not a URI.
    /// - Throws: `Failure` when it cannot be opened; what is in it is not looked at.
    init(path: String) throws(Failure) {
        // A path that does not begin with a folder could be taken for a URI or for a database in memory.
        let plainPath = path.hasPrefix("/") ? path : "./" + path
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
        try check(sqlite3_open_v2(plainPath, &connection, flags, nil))
    }

    deinit {
        close()
    }

    /// Closes the file; nothing can be done with it after that.
    func close() {
        for insert in inserts { sqlite3_finalize(insert.statement) }
        inserts = []
        sqlite3_close_v2(connection)
        connection = nil
    }

    /// Runs statements and drops their rows.
    func execute(_ sql: String) throws(Failure) {
        try check(sqlite3_exec(connection, sql, nil, nil, nil))
    }

    /// The most parameters that a statement may have (sqlite.org/limits.html).
    var mostParameters: Int {
        Int(sqlite3_limit(connection, SQLITE_LIMIT_VARIABLE_NUMBER, -1))
    }

    /// Prepares a statement for `step`.
    func prepareInsert(_ sql: String) throws(Failure) -> Insert {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code) }
        let insert = Insert(statement: statement)
        inserts.append(insert)
        return insert
    }

    /// Binds NULL.
    @inline(__always)
    func bindNull(_ parameter: Int32, of insert: Insert) throws(Failure) {
        try check(sqlite3_bind_null(insert.statement, parameter))
    }

    /// Binds a text, NUL bytes and all, which must stay where it is until after `step`.
    @inline(__always)
    func bind(_ text: UnsafeRawBufferPointer, _ parameter: Int32, of insert: Insert) throws(Failure) {
        let start = text.baseAddress?.assumingMemoryBound(to: CChar.self)
        try check(
            sqlite3_bind_text64(insert.statement, parameter, start, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
        )
    }

    /// Binds a whole number.
    @inline(__always)
    func bind(_ number: Int64, _ parameter: Int32, of insert: Insert) throws(Failure) {
        try check(sqlite3_bind_int64(insert.statement, parameter, number))
    }

    /// Binds a number with a fraction.
    @inline(__always)
    func bind(_ number: Double, _ parameter: Int32, of insert: Insert) throws(Failure) {
        try check(sqlite3_bind_double(insert.statement, parameter, number))
    }

    /// Runs a statement; what is bound stays bound.
    @inline(__always)
    func step(_ insert: Insert) throws(Failure) {
        let code = sqlite3_step(insert.statement)
        let reset = sqlite3_reset(insert.statement)
        guard code == SQLITE_DONE else { return try check(reset == SQLITE_OK ? code : reset) }
    }

    @inline(__always)
    private func check(_ code: Int32) throws(Failure) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> Failure {
        let text = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        return Failure(code: code & 0xFF, message: text)
    }
}

extension SQLiteDatabase.Failure {
    /// The failure in the words the user will read.
    ///
    /// - Parameters:
    ///   - name: The database's name as the user gave it.
    ///   - action: What was being done: `creating the table`.
    /// - Returns: The error that a sink throws.
    func stageError(_ name: String, _ action: String) -> StageError {
        StageError(
            "cannot write '\(name)': \(message), while \(action)",
            advice: code == SQLITE_FULL
                ? "free some space there and in the folder for temporary files, where SQLite sorts, or write elsewhere"
                : nil
        )
    }
}
