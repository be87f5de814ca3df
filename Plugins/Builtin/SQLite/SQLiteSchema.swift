/// The statements that make a table of events, its indexes and its views.
struct SQLiteSchema {
    private let table: String
    private let columns: [OutputColumn]
    private let names: Set<String>
    private let indexes: [String]

    /// - Parameters:
    ///   - table: The table's name.
    ///   - columns: Its columns.
    ///   - indexes: The names of those of them that get an index.
    init(table: String, columns: [OutputColumn], indexes: [String]) {
        self.table = table
        self.columns = columns
        self.indexes = indexes
        names = Set(columns.map(\.name))
    }

    var createTable: String {
        Self.createTable(table, columns.map { ($0.name, Self.declaredType($0.content)) })
    }

    /// The statement for a table whose columns have these names and declared types.
    static func createTable(_ table: String, _ columns: [(name: String, type: String)]) -> String {
        let definitions = columns.map { quoted($0.name) + ($0.type.isEmpty ? "" : " " + $0.type) }
        return "CREATE TABLE \(quoted(table)) (\(definitions.joined(separator: ", ")))"
    }

    /// Inserts so many rows at once.
    func insert(rows: Int) -> String {
        let row = "(\(Array(repeating: "?", count: columns.count).joined(separator: ",")))"
        return "INSERT INTO \(Self.quoted(table)) VALUES \(Array(repeating: row, count: rows).joined(separator: ","))"
    }

    /// One for each column that is to have an index, with the column's name.
    ///
    /// A column that most events lack has an index of those that do not.
    var createIndexes: [(column: String, sql: String)] {
        let partial = ["errorCode", "identity_actor", "migration_task"]
        return indexes.map { column in
            let name = Self.quoted("\(table)_\(column)")
            let condition = partial.contains(column) ? " WHERE \(Self.quoted(column)) IS NOT NULL" : ""
            return (column, "CREATE INDEX \(name) ON \(Self.quoted(table)) (\(Self.quoted(column)))\(condition)")
        }
    }

    /// The names of all views that there can be.
    static let viewNames: Set<String> = ["failed_calls", "migration_calls", "task_timeline", "who_called"]

    /// The views whose columns the table has, with their names.
    var createViews: [(view: String, sql: String)] {
        let from = Self.quoted(table)
        let views: [(view: String, needs: [String], query: String)] = [
            (
                "failed_calls", ["errorCode"],
                "SELECT * FROM \(from) WHERE errorCode IS NOT NULL"
            ),
            (
                "migration_calls", ["migration_action"],
                "SELECT * FROM \(from) WHERE migration_action IS NOT NULL"
            ),
            (
                "task_timeline",
                ["eventTime", "migration_stream", "migration_task", "migration_action", "migration_status"],
                """
                SELECT migration_stream, migration_task, eventTime, migration_action, migration_status\
                \(optional("migration_percent"))\(optional("migration_statusDetail"))\(optional("identity_actor"))\
                \(optional("errorCode")) FROM \(from) WHERE migration_task IS NOT NULL \
                ORDER BY migration_stream, migration_task, eventTime
                """
            ),
            (
                "who_called",
                ["identity_actor", "identity_kind", "eventSource", "eventName", "errorCode", "eventTime"],
                """
                SELECT identity_actor, identity_kind, eventSource, eventName, count(*) AS calls, \
                count(errorCode) AS failed, min(eventTime) AS first, max(eventTime) AS last FROM \(from) \
                WHERE identity_kind IS NOT NULL GROUP BY identity_actor, identity_kind, eventSource, eventName
                """
            ),
        ]
        return views.filter { $0.view != table.lowercased() && $0.needs.allSatisfy(names.contains) }
            .map { ($0.view, "CREATE VIEW \($0.view) AS \($0.query)") }
    }

    private func optional(_ column: String) -> String {
        names.contains(column) ? ", \(column)" : ""
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
