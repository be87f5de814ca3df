/// A database, as its file would be, that has one table and no rows: what rows are laid behind.
struct SQLiteEmptyTable {
    /// The most bytes that a page may have, so that all but a few rows fit into one.
    private static let largestPage = 65536

    let bytes: [UInt8]
    let pageSize: Int
    /// The bytes of a page that are used.
    let usable: Int
    /// Which page the table begins at, as SQLite counts: the first page is number 1.
    let root: Int

    /// - Parameter createTable: The statement that makes the table.
    /// - Throws: What SQLite says.
    init(_ createTable: String) throws(SQLiteDatabase.Failure) {
        let model = try SQLiteDatabase()
        defer { model.close() }
        // Pages would lie elsewhere in a database that shrinks by itself.
        let pragmas = "PRAGMA page_size=\(Self.largestPage); PRAGMA auto_vacuum=NONE; PRAGMA encoding='UTF-8'"
        try model.execute("\(pragmas); \(createTable)")
        root = Int(try model.rows("SELECT rootpage FROM sqlite_schema").first?.first ?? "") ?? 0
        precondition(root > 1, "a table begins behind the first page")
        bytes = try model.serialized()
        // sqlite.org/fileformat2.html#the_database_header: 65536 is written as 1, and a build may reserve some of each page.
        let written = Int(bytes[16]) << 8 | Int(bytes[17])
        pageSize = written == 1 ? Self.largestPage : written
        usable = pageSize - Int(bytes[20])
    }

    /// The pages that it has.
    var count: Int { bytes.count / pageSize }

    /// How many bytes of a record stand in the page with its row; the rest is in pages of its own
    /// (sqlite.org/fileformat2.html#b_tree_pages, "the amount of payload that spills").
    @inline(__always)
    func local(_ size: Int) -> Int {
        let most = usable - 35
        guard size > most else { return size }
        let least = (usable - 12) * 32 / 255 - 23
        let local = least + (size - least) % (usable - 4)
        return local <= most ? local : least
    }
}
