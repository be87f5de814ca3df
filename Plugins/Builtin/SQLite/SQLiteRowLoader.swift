/// Puts encoded rows into a table, in their order.
///
/// They are gathered as the table of a database in memory, which SQLite then copies. Between tables that are declared alike
/// it does so without looking into rows (sqlite.org/lang_insert.html, `INSERT INTO ... SELECT *`), which spares it the work
/// on each value.
struct SQLiteRowLoader {
    /// The schema that the rows are read from.
    static let source = "mhpipe_rows"
    /// Half a megabyte stays in the processor's cache.
    private static let usualBytes = 1 << 19
    /// Where commits between are waited for.
    private static let manyBytes = 1 << 25

    private let database: SQLiteDatabase
    private let table: SQLiteEmptyTable
    private let copy: String?
    private let convert: String
    private let waitsForCommits: Bool
    private var pages: SQLiteRowPages
    private var mostBytes = Self.usualBytes
    private var mustConvert = false
    /// The number of the last row that was taken, whether or not it is in the table by now.
    private(set) var lastRow: Int

    /// - Parameters:
    ///   - database: Must not be in a transaction now, and be in one as soon as rows come.
    ///   - createTable: The statement that has made the table, or will make it.
    ///   - copy: Copies the rows of `source` as they are; nil to convert all of them.
    ///   - convert: Inserts the rows of `source` value by value.
    ///   - lastRow: The number of the table's last row.
    ///   - waitsForCommits: True for a database whose commits have to be on the disk.
    /// - Throws: What SQLite says.
    init(
        _ database: SQLiteDatabase,
        createTable: String,
        copy: String?,
        convert: String,
        behind lastRow: Int = 0,
        waitsForCommits: Bool = false
    ) throws(SQLiteDatabase.Failure) {
        self.database = database
        (self.copy, self.convert, self.lastRow, self.waitsForCommits) = (copy, convert, lastRow, waitsForCommits)
        table = try SQLiteEmptyTable(createTable)
        pages = SQLiteRowPages(table, bytes: Self.usualBytes)
        try database.execute("ATTACH ':memory:' AS \(Self.source)")
    }

    /// Takes every row of what one or more calls of the encoder made.
    mutating func load(_ bytes: UnsafeBufferPointer<UInt8>) throws(SQLiteDatabase.Failure) {
        var rest = UnsafeRawBufferPointer(bytes)
        while unsafe !rest.isEmpty {
            let prefix = unsafe rest.loadUnaligned(as: UInt32.self)
            let end = SQLiteRecord.prefix + Int(prefix & ~SQLiteRecord.toConvert)
            try unsafe add(UnsafeRawBufferPointer(rebasing: rest[SQLiteRecord.prefix..<end]))
            if prefix & SQLiteRecord.toConvert != 0 { mustConvert = true }
            lastRow += 1
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[end...])
        }
    }

    private mutating func add(_ record: UnsafeRawBufferPointer) throws(SQLiteDatabase.Failure) {
        if unsafe pages.add(record) { return }
        try flush()
        if unsafe pages.add(record) { return }
        // SQLite lets go of these when it gets the next ones.
        pages = SQLiteRowPages(table, forRecordOf: record.count)
        _ = unsafe pages.add(record)
    }

    /// Puts all that was taken into the table.
    ///
    /// Commits the open transaction, and begins another, where SQLite lets what it has read from in one be changed only
    /// then, as versions from 3.54 on do.
    mutating func flush() throws(SQLiteDatabase.Failure) {
        guard !pages.isEmpty else { return }
        let image = unsafe pages.whole()
        do throws(SQLiteDatabase.Failure) {
            try unsafe database.present(image, of: pages, as: Self.source)
        } catch {
            try database.execute("COMMIT; BEGIN")
            try unsafe database.present(image, of: pages, as: Self.source)
            if waitsForCommits { mostBytes = Self.manyBytes }
        }
        try database.execute(mustConvert ? convert : copy ?? convert)
        mustConvert = false
        pages.removeAll()
        if pages.bytes != mostBytes { pages = SQLiteRowPages(table, bytes: mostBytes) }
    }
}
