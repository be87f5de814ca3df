import MHPipeKit
import MHPipeIO

/// A table of a database that is there already, and all that belongs to it.
struct SQLiteTable {
    let name: String
    /// The statement that made it.
    private let sql: String
    private let columns: [(name: String, type: String)]
    /// False when the database has something that no version of mhpipe made: a trigger, another view.
    private let isAmongOurs: Bool

    /// The tables of a database, without those of SQLite's own.
    static func all(of path: FilePath) throws(SQLiteDatabase.Failure) -> [SQLiteTable] {
        let database = try SQLiteDatabase(lookingAt: path)
        defer { database.close() }
        let objects = try database.rows("SELECT type, name, sql FROM sqlite_master")
            .filter { !$0[1].lowercased().hasPrefix("sqlite_") }
        let isAmongOurs = objects.allSatisfy { object in
            switch object[0] {
            case "table", "index": true
            case "view": SQLiteViews.namesOfEarlierVersion.contains(object[1])
            default: false
            }
        }
        var tables: [SQLiteTable] = []
        for object in objects where object[0] == "table" {
            let columns = try database.rows("PRAGMA table_info(\(SQLiteSchema.quoted(object[1])))")
            tables.append(
                SQLiteTable(
                    name: object[1],
                    sql: object[2],
                    columns: columns.map { (name: $0[1], type: $0[2]) },
                    isAmongOurs: isAmongOurs
                )
            )
        }
        return tables
    }

    /// True when it is what mhpipe made before it marked its databases: the very statement, with the types that fields
    /// have, and at least one field of CloudTrail's.
    var isOfEarlierVersion: Bool {
        var isCloudTrail = false
        for column in columns {
            let known = Self.types[column.name]
            if known != nil { isCloudTrail = true }
            if column.type != known ?? "" { return false }
        }
        return isAmongOurs && isCloudTrail && sql == SQLiteSchema.createTable(name, columns)
    }

    private static let types = Dictionary(
        uniqueKeysWithValues: OutputColumn.all.map { ($0.name, SQLiteSchema.declaredType($0.content)) }
    )
}
