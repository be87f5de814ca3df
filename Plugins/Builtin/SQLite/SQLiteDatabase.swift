import CSQLite
import MHPipeIO
import MHPipeKit

/// A connection to one SQLite database file, and the only place where SQLite is called.
///
/// Used on one queue at a time. Errors carry SQLite's own words, the name that the user knows the database by, and
/// what was being done.
@safe
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
    @safe
    struct Insert {
        fileprivate let statement: OpaquePointer
    }

    private var connection: OpaquePointer?
    private var inserts: [Insert] = []

    /// Opens a file that exists.
    ///
    /// - Parameter path: Its path.
    /// - Throws: `Failure` when it cannot be opened; what is in it is not looked at.
    init(path: FilePath) throws(Failure) {
        // A path that does not begin with a folder could be taken for a URI or for a database in memory.
        let plain = path.bytes.first == UInt8(ascii: "/") ? path : FilePath(".").appending(path.bytes)
        try unsafe check(
            plain.withSystemPath {
                unsafe sqlite3_open_v2($0, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
            }
        )
    }

    /// Opens a file only to look at it: nothing is locked, written or made beside it, and journals are not looked at.
    ///
    /// - Parameter path: Its path.
    /// - Throws: `Failure` when it cannot be opened.
    init(lookingAt path: FilePath) throws(Failure) {
        let place = path.bytes.map { byte in
            byte == UInt8(ascii: "/") ? "/" : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        try unsafe check(sqlite3_open_v2("file:\(place.joined())?immutable=1", &connection, flags, nil))
    }

    deinit {
        close()
    }

    /// Closes the file; nothing can be done with it after that.
    func close() {
        for insert in inserts { unsafe sqlite3_finalize(insert.statement) }
        inserts = []
        unsafe sqlite3_close_v2(connection)
        unsafe connection = nil
    }

    /// Runs statements and drops their rows.
    func execute(_ sql: String) throws(Failure) {
        try unsafe check(sqlite3_exec(connection, sql, nil, nil, nil))
    }

    /// The rows of a query, each cell as text.
    func rows(_ sql: String) throws(Failure) -> [[String]] {
        var statement: OpaquePointer?
        try unsafe check(sqlite3_prepare_v2(connection, sql, -1, &statement, nil))
        defer { unsafe sqlite3_finalize(statement) }
        var rows: [[String]] = []
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw failure(code) }
            unsafe rows.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    unsafe sqlite3_column_text(statement, column).map { unsafe String(cString: $0) } ?? ""
                }
            )
        }
    }

    /// The most bytes that a text or a row may have, unless a connection lowers it (sqlite.org/limits.html).
    static let mostBytes: Int = {
        var connection: OpaquePointer?
        defer { unsafe sqlite3_close_v2(connection) }
        let code = unsafe sqlite3_open_v2(":memory:", &connection, SQLITE_OPEN_READWRITE, nil)
        return unsafe code == SQLITE_OK ? Int(sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, -1)) : 1_000_000_000
    }()

    /// Lowers the most bytes that a text or a row may have.
    func limit(bytes: Int32) {
        unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, bytes)
    }

    /// The most parameters that a statement may have (sqlite.org/limits.html).
    var mostParameters: Int {
        unsafe Int(sqlite3_limit(connection, SQLITE_LIMIT_VARIABLE_NUMBER, -1))
    }

    /// Prepares a statement for `step`.
    func prepareInsert(_ sql: String) throws(Failure) -> Insert {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement = unsafe statement else { throw failure(code) }
        let insert = unsafe Insert(statement: statement)
        inserts.append(insert)
        return insert
    }

    /// Binds NULL.
    @inline(__always)
    func bindNull(_ parameter: Int32, of insert: Insert) throws(Failure) {
        try unsafe check(sqlite3_bind_null(insert.statement, parameter))
    }

    /// Binds a text, NUL bytes and all, which must stay where it is until after `step`.
    @inline(__always)
    func bind(_ text: UnsafeRawBufferPointer, _ parameter: Int32, of insert: Insert) throws(Failure) {
        let start = unsafe text.baseAddress?.assumingMemoryBound(to: CChar.self)
        try unsafe check(
            sqlite3_bind_text64(insert.statement, parameter, start, UInt64(text.count), nil, UInt8(SQLITE_UTF8))
        )
    }

    /// Binds a whole number.
    @inline(__always)
    func bind(_ number: Int64, _ parameter: Int32, of insert: Insert) throws(Failure) {
        try unsafe check(sqlite3_bind_int64(insert.statement, parameter, number))
    }

    /// Binds a number with a fraction.
    @inline(__always)
    func bind(_ number: Double, _ parameter: Int32, of insert: Insert) throws(Failure) {
        try unsafe check(sqlite3_bind_double(insert.statement, parameter, number))
    }

    /// Binds texts to the first parameters, and runs a statement.
    func step(_ insert: Insert, _ texts: [[UInt8]]) throws(Failure) {
        for (number, text) in texts.enumerated() {
            // SQLite makes a copy of the text (SQLITE_TRANSIENT), which must not be NULL where there is nothing in it.
            let code = unsafe (text + [0]).withUnsafeBufferPointer { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) {
                    unsafe sqlite3_bind_text64(
                        insert.statement,
                        Int32(number + 1),
                        $0.baseAddress,
                        UInt64(text.count),
                        unsafeBitCast(-1, to: sqlite3_destructor_type.self),
                        UInt8(SQLITE_UTF8)
                    )
                }
            }
            try check(code)
        }
        try step(insert)
    }

    /// The number of the row that was inserted last; 0 for none.
    var lastInsertedRow: Int64 { unsafe sqlite3_last_insert_rowid(connection) }

    /// Runs a statement; what is bound stays bound.
    @inline(__always)
    func step(_ insert: Insert) throws(Failure) {
        let code = unsafe sqlite3_step(insert.statement)
        let reset = unsafe sqlite3_reset(insert.statement)
        guard code == SQLITE_DONE else { return try check(reset == SQLITE_OK ? code : reset) }
    }

    @inline(__always)
    private func check(_ code: Int32) throws(Failure) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> Failure {
        let text =
            unsafe connection.map { unsafe String(cString: sqlite3_errmsg($0)) }
            ?? String(cString: sqlite3_errstr(code))
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
