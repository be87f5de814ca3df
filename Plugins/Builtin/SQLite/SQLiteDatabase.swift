import CSQLite
import Libc
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

        /// There is no room for what is to be written.
        var isFull: Bool { code == SQLITE_FULL }

        /// The file is no database, or a damaged one.
        var isNoDatabase: Bool { code == SQLITE_NOTADB || code == SQLITE_CORRUPT }
    }

    /// A prepared statement that inserts rows; valid until the database is closed.
    @safe
    struct Insert {
        fileprivate let statement: OpaquePointer
    }

    /// What an `Insert` borrows.
    private final class Statement {
        let handle: CHandle

        init(_ handle: consuming CHandle) {
            self.handle = handle
        }
    }

    // They end before the connection does.
    private var statements: [Statement] = []
    // It ends behind it.
    private var attached: AnyObject?
    private var handle: CHandle?
    private var connection: OpaquePointer? { unsafe handle?.pointer }

    /// Opens a file that exists.
    ///
    /// - Parameter path: Its path.
    /// - Throws: `Failure` when it cannot be opened; what is in it is not looked at.
    init(path: FilePath) throws(Failure) {
        // A path that does not begin with a folder could be taken for a URI or for a database in memory.
        let plain = path.bytes.first == UInt8(ascii: "/") ? path : FilePath(".").appending(path.bytes)
        handle = unsafe Self.handle(of: plain.withSystemPath { unsafe Self.open($0, SQLITE_OPEN_READWRITE) })
        try checkOpening()
    }

    /// Opens a file only to look at it: nothing is locked, written or made beside it, and journals are not looked at.
    ///
    /// - Parameter path: Its path.
    /// - Throws: `Failure` when it cannot be opened.
    init(lookingAt path: FilePath) throws(Failure) {
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        handle = unsafe Self.handle(of: Self.open(Self.uri(path) + "?immutable=1", flags))
        try checkOpening()
    }

    /// Makes a database of its own that goes away with the connection, in memory until it outgrows the page cache, then in
    /// the folder for temporary files.
    init() throws(Failure) {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI
        handle = unsafe Self.handle(of: Self.open("", flags))
        try checkOpening()
    }

    /// Lets a database be read under the schema name `source`; nothing is changed in it.
    func attach(reading path: FilePath) throws(Failure) {
        let place = Self.uri(path) + "?mode=ro"
        try execute("ATTACH '\(place)' AS source")
    }

    /// A path as SQLite reads it in a URI, without anything that has a meaning in one, or in a text.
    private static func uri(_ path: FilePath) -> String {
        let place = path.bytes.map { byte in
            byte == UInt8(ascii: "/") ? "/" : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return "file:" + place.joined()
    }

    /// What could not be opened has a handle too, which says why; nil when there is no memory for one.
    private static func open(_ name: UnsafePointer<CChar>, _ flags: Int32) -> OpaquePointer? {
        var opened: OpaquePointer?
        _ = unsafe sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        return unsafe opened
    }

    private static func handle(of connection: OpaquePointer?) -> CHandle? {
        unsafe CHandle(owning: connection, free: { unsafe sqlite3_close_v2($0) })
    }

    private func checkOpening() throws(Failure) {
        try unsafe check(connection.map { unsafe sqlite3_errcode($0) } ?? SQLITE_NOMEM)
    }

    /// Closes the file; nothing can be done with it after that.
    func close() {
        statements = []
        handle = nil
        attached = nil
    }

    /// Runs statements and drops their rows.
    func execute(_ sql: String) throws(Failure) {
        try unsafe check(sqlite3_exec(connection, sql, nil, nil, nil))
    }

    /// The rows of a query, each cell as text.
    func rows(_ sql: String) throws(Failure) -> [[String]] {
        let owned = try statement(sql)
        let statement = unsafe owned.pointer
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

    /// Hands over the rows of a query: each cell as text with all that is in it, or nil for NULL.
    ///
    /// - Parameters:
    ///   - sql: The query.
    ///   - mostBytes: Where a text is cut, at the end of a character; what was cut ends in `…`.
    ///   - body: Gets one row at a time.
    /// - Throws: What SQLite says.
    func forEachRow(_ sql: String, mostBytes: Int, _ body: ([String?]) -> Void) throws(Failure) {
        let owned = try statement(sql)
        let statement = unsafe owned.pointer
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            let count = unsafe sqlite3_column_count(statement)
            body(
                (0..<count).map { column in
                    guard let text = unsafe sqlite3_column_text(statement, column) else { return nil }
                    let bytes = unsafe UnsafeBufferPointer(
                        start: text,
                        count: Int(sqlite3_column_bytes(statement, column))
                    )
                    return unsafe Self.text(bytes, mostBytes)
                }
            )
        }
    }

    private static func text(_ bytes: UnsafeBufferPointer<UInt8>, _ mostBytes: Int) -> String {
        guard bytes.count > mostBytes else { return unsafe String(decoding: bytes, as: UTF8.self) }
        var end = mostBytes
        while end > 0, unsafe bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return unsafe String(decoding: bytes[..<end], as: UTF8.self) + "…"
    }

    /// The most bytes that a text or a row may have, unless a connection lowers it (sqlite.org/limits.html).
    ///
    /// A build may allow more than is usual, which `SQLiteRowPages` does not: it would come to the page that is no page
    /// (sqlite.org/fileformat2.html#the_lock_byte_page).
    static let mostBytes: Int = {
        let usual = 1_000_000_000
        guard let database = unsafe handle(of: open(":memory:", SQLITE_OPEN_READWRITE)) else { return usual }
        return unsafe min(usual, Int(sqlite3_limit(database.pointer, SQLITE_LIMIT_LENGTH, -1)))
    }()

    /// Lowers the most bytes that a text or a row may have.
    func limit(bytes: Int32) {
        unsafe sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, bytes)
    }

    /// A copy of the database as its file would be.
    func serialized() throws(Failure) -> [UInt8] {
        var count: sqlite3_int64 = 0
        guard let bytes = unsafe sqlite3_serialize(connection, "main", &count, 0) else { throw failure(SQLITE_NOMEM) }
        defer { unsafe sqlite3_free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    /// Lets bytes be an attached database, in place of the one that had its name.
    ///
    /// - Parameters:
    ///   - image: A database as its file would be. SQLite reads it where it is, when a statement names the schema.
    ///   - owner: What keeps the bytes; it is kept as long as they are attached.
    ///   - schema: The name.
    /// - Throws: What SQLite says; some versions refuse when the open transaction has read from the schema.
    func present(
        _ image: UnsafeMutableBufferPointer<UInt8>,
        of owner: AnyObject,
        as schema: String
    ) throws(Failure) {
        let count = sqlite3_int64(image.count)
        let flags = UInt32(SQLITE_DESERIALIZE_READONLY)
        try unsafe check(sqlite3_deserialize(connection, schema, image.baseAddress, count, count, flags))
        attached = owner
    }

    /// Prepares a statement for `step`.
    func prepareInsert(_ sql: String) throws(Failure) -> Insert {
        let owned = Statement(try statement(sql, UInt32(SQLITE_PREPARE_PERSISTENT)))
        statements.append(owned)
        return unsafe Insert(statement: owned.handle.pointer)
    }

    private func statement(_ sql: String, _ flags: UInt32 = 0) throws(Failure) -> CHandle {
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(connection, sql, -1, flags, &statement, nil)
        guard let handle = unsafe CHandle(owning: statement, free: { unsafe sqlite3_finalize($0) }) else {
            throw failure(code)
        }
        return handle
    }

    @inline(__always)
    func bind(_ number: Int64, _ parameter: Int32, of insert: Insert) throws(Failure) {
        try unsafe check(sqlite3_bind_int64(insert.statement, parameter, number))
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
        // Of a database that is attached, SQLite names the hidden file, which says nothing to anybody.
        let own = unsafe code & 0xFF == SQLITE_CANTOPEN ? nil : connection
        let text =
            unsafe own.map { unsafe String(cString: sqlite3_errmsg($0)) }
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

extension SQLiteDatabase {
    /// Does something with a database that is written, whose failures are in the words the user will read.
    ///
    /// - Parameters:
    ///   - name: The database's name as the user gave it.
    ///   - action: What is being done: `creating the table`.
    ///   - body: Does it.
    /// - Returns: What the body gives.
    /// - Throws: `StageError`.
    static func writing<Result>(
        _ name: String,
        _ action: String,
        _ body: () throws(Failure) -> Result
    ) throws(StageError) -> Result {
        do {
            return try body()
        } catch {
            throw error.stageError(name, action)
        }
    }
}
