/// Inserts encoded rows.
///
/// One statement inserts eight rows, since what SQLite does once a statement is a third of the work; another one
/// inserts what is left over.
struct SQLiteRowInserter {
    /// A statement, and what is bound to it.
    private struct Statement {
        let insert: SQLiteDatabase.Insert
        /// For each parameter, whether NULL is bound to it, as it is at first.
        var isNull: [Bool]

        init(_ insert: SQLiteDatabase.Insert, parameters: Int) {
            self.insert = insert
            isNull = Array(repeating: true, count: parameters)
        }
    }

    private let database: SQLiteDatabase
    private let columnCount: Int
    private var one: Statement
    private var many: Statement

    private static let mostRows = 8

    /// Prepares the statements.
    ///
    /// - Parameters:
    ///   - database: Must stay open while this is used.
    ///   - columnCount: The number of the table's columns.
    ///   - sql: The statement that inserts so many rows; the table must be there.
    /// - Throws: What SQLite says.
    init(
        _ database: SQLiteDatabase,
        columnCount: Int,
        sql: (_ rows: Int) -> String
    ) throws(SQLiteDatabase.Failure) {
        let rows = max(1, min(Self.mostRows, database.mostParameters / columnCount))
        self.database = database
        self.columnCount = columnCount
        one = Statement(try database.prepareInsert(sql(1)), parameters: columnCount)
        many = Statement(try database.prepareInsert(sql(rows)), parameters: rows * columnCount)
    }

    /// Inserts every row of what one or more calls of the encoder made.
    mutating func insert(_ bytes: UnsafeBufferPointer<UInt8>) throws(SQLiteDatabase.Failure) {
        let raw = UnsafeRawBufferPointer(bytes)
        let rest = try unsafe Self.insert(raw, into: database, &many)
        // What is bound points into these bytes, so it cannot wait for those that come later.
        _ = try unsafe Self.insert(UnsafeRawBufferPointer(rebasing: raw[rest...]), into: database, &one)
    }

    /// Inserts as many rows as fill the statement once or several times; gives the offset of the first that is left.
    private static func insert(
        _ raw: UnsafeRawBufferPointer,
        into database: SQLiteDatabase,
        _ statement: inout Statement
    ) throws(SQLiteDatabase.Failure) -> Int {
        let insert = statement.insert
        let count = statement.isNull.count
        var done = 0
        var next = 0
        var cell = 0
        while next < raw.count {
            let parameter = Int32(truncatingIfNeeded: cell + 1)
            switch unsafe SQLiteRow.Tag(rawValue: raw[next]) {
            case .nulls:
                let end = unsafe cell + Int(raw[next + 1])
                next += 2
                while cell < end {
                    if !statement.isNull[cell] {
                        try database.bindNull(Int32(truncatingIfNeeded: cell + 1), of: insert)
                        statement.isNull[cell] = true
                    }
                    cell += 1
                }
            case .text:
                let length = unsafe Int(raw.loadUnaligned(fromByteOffset: next + 1, as: UInt32.self))
                let text = unsafe UnsafeRawBufferPointer(rebasing: raw[next + 5..<next + 5 + length])
                try unsafe database.bind(text, parameter, of: insert)
                statement.isNull[cell] = false
                next += 5 + length
                cell += 1
            case .integer:
                try unsafe database.bind(
                    raw.loadUnaligned(fromByteOffset: next + 1, as: Int64.self),
                    parameter,
                    of: insert
                )
                statement.isNull[cell] = false
                next += 9
                cell += 1
            case .real:
                let bits = unsafe raw.loadUnaligned(fromByteOffset: next + 1, as: UInt64.self)
                try database.bind(Double(bitPattern: bits), parameter, of: insert)
                statement.isNull[cell] = false
                next += 9
                cell += 1
            case nil:
                preconditionFailure(unsafe "a row holds the tag \(raw[next])")
            }
            if cell == count {
                try database.step(insert)
                cell = 0
                done = next
            }
        }
        return done
    }
}
