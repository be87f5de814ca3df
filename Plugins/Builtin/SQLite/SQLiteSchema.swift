/// The statements that make a table of events, its indexes and its views.
struct SQLiteSchema {
    let table: String
    private let columns: [OutputColumn]
    private let indexes: [String]
    private let addedKeys: Set<String>
    private let services: Set<String>?

    /// - Parameters:
    ///   - table: The table's name.
    ///   - columns: Its columns.
    ///   - indexes: The names of those of them that get an index.
    ///   - addedKeys: What the transforms above the sink add; views over that need it.
    ///   - services: The services whose events they keep; nil for all.
    init(
        table: String,
        columns: [OutputColumn],
        indexes: [String],
        addedKeys: Set<String> = [],
        services: Set<String>? = nil
    ) {
        self.table = table
        self.columns = columns
        self.indexes = indexes
        self.addedKeys = addedKeys
        self.services = services
    }

    var createTable: String {
        Self.createTable(table, columns.map { ($0.name, Self.declaredType($0.content)) })
    }

    /// The statement for a table whose columns have these names and declared types.
    static func createTable(_ table: String, _ columns: [(name: String, type: String)]) -> String {
        let definitions = columns.map { quoted($0.name) + ($0.type.isEmpty ? "" : " " + $0.type) }
        return "CREATE TABLE \(quoted(table)) (\(definitions.joined(separator: ", ")))"
    }

    /// Deletes the rows behind so many.
    func deleteRows(behind rows: Int) -> String { "DELETE FROM \(Self.quoted(table)) WHERE rowid > \(rows)" }

    /// Deletes the rows from one number to another.
    func deleteRows(_ first: Int, _ last: Int) -> String {
        "DELETE FROM main.\(Self.quoted(table)) WHERE rowid BETWEEN \(first) AND \(last)"
    }

    /// Appends the rows of the database `part`, with so many added to their numbers.
    func copyRows(behind rows: Int) -> String {
        let names = columnNames.map(Self.quoted).joined(separator: ", ")
        let from = "SELECT rowid + \(rows), \(names) FROM part.\(Self.quoted(table)) ORDER BY rowid"
        return "INSERT INTO main.\(Self.quoted(table)) (rowid, \(names)) \(from)"
    }

    /// Appends the rows of the same table in another schema, in the one form in which SQLite copies them as they are.
    func copyRows(from schema: String) -> String {
        "INSERT INTO main.\(Self.quoted(table)) SELECT * FROM \(schema).\(Self.quoted(table))"
    }

    /// Appends them value by value, of which each becomes what its column makes of it.
    func convertRows(from schema: String) -> String {
        let names = columnNames.map(Self.quoted).joined(separator: ", ")
        let from = "SELECT \(names) FROM \(schema).\(Self.quoted(table)) ORDER BY rowid"
        return "INSERT INTO main.\(Self.quoted(table)) (\(names)) \(from)"
    }

    var columnNames: [String] { columns.map(\.name) }

    /// Lists the columns of the table.
    var tableInfo: String { "PRAGMA main.table_info(\(Self.quoted(table)))" }

    /// Finds the number of the last row.
    var lastRow: String { "SELECT max(rowid) FROM main.\(Self.quoted(table))" }

    /// One for each column that is to have an index, with the column's name.
    ///
    /// A column that most events lack has an index of those that do not.
    var createIndexes: [(column: String, sql: String)] {
        let partial = ["errorCode", "identity_actor", "migration_task"]
        return indexes.map { column in
            let name = Self.quoted("\(table)_\(column)")
            let condition = partial.contains(column) ? " WHERE \(Self.quoted(column)) IS NOT NULL" : ""
            return (
                column,
                "CREATE INDEX IF NOT EXISTS \(name) ON \(Self.quoted(table)) (\(Self.quoted(column)))\(condition)"
            )
        }
    }

    /// The views whose columns the table has, with their names.
    var createViews: [(view: String, sql: String)] { views.create }

    /// True when a view asks until when the trail was read.
    var hasReadEnd: Bool { views.askReadEnd }

    private var views: SQLiteViews {
        SQLiteViews(table: table, columns: Set(columnNames), addedKeys: addedKeys, services: services)
    }

    /// The type that a column is declared with, whose affinity keeps what the field is known to hold as it is.
    ///
    /// A column that nothing is known of has none, so that a text of digits stays a text.
    static func declaredType(_ content: OutputColumn.Content) -> String {
        switch content {
        case .text, .json: "TEXT"
        case .boolean: "INTEGER"
        case .number: "NUMERIC"
        case .anything: ""
        }
    }

    static func quoted(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }
}
