import MHPipeReport

/// Asks the database of a report, and makes tables of the answers.
struct ReportQuery {
    typealias Failure = SQLiteDatabase.Failure
    typealias Row = [String?]

    let source: ReportDatabase

    private var database: SQLiteDatabase { source.database }

    /// True when transforms have added this key to events.
    func has(_ key: String) -> Bool { source.addedKeys.contains(key) }

    func rows(_ sql: String) throws(Failure) -> [Row] {
        var rows: [Row] = []
        try forEach(sql) { rows.append($0) }
        return rows
    }

    func forEach(_ sql: String, _ body: (Row) -> Void) throws(Failure) {
        try database.forEachRow(sql, mostBytes: ReportDatabase.mostBytes, body)
    }

    /// The number that a query gives; 0 for none.
    func number(_ sql: String) throws(Failure) -> Int {
        try rows(sql).first.flatMap { $0.first ?? nil }.flatMap { Int($0) } ?? 0
    }

    /// Keeps what a query gives under a name, so that it is worked out once, and counts its rows.
    @discardableResult
    func keep(_ name: String, _ sql: String) throws(Failure) -> Int {
        try database.execute("CREATE TABLE \(name) AS \(sql)")
        return try number("SELECT count(*) FROM \(name)")
    }

    /// Counts the events of each hour in `report_hour`, from which all that goes by time is worked out.
    func keepHours() throws(Failure) {
        let failed = has("call") ? "call_outcome = 'failure'" : "errorCode IS NOT NULL"
        try keep(
            "report_hour",
            """
            SELECT recipientAccountId AS account, awsRegion AS region, substr(eventTime, 1, 13) AS hour, \
            count(*) AS events, sum(coalesce(\(failed), 0)) AS failed, min(eventTime) AS first, max(eventTime) AS last \
            FROM events GROUP BY 1, 2, 3
            """
        )
    }

    /// Fills a table with the first rows that a query gives.
    ///
    /// - Parameters:
    ///   - table: The table without its rows.
    ///   - sql: The query, in the order that decides which rows are shown.
    ///   - most: How many are shown.
    ///   - cells: What stands in a row.
    /// - Returns: The table with rows, and how many there are in all.
    /// - Throws: What SQLite says.
    func fill(
        _ table: FactTable,
        _ sql: String,
        most: Int,
        _ cells: (Row) -> [FactTable.Cell]
    ) throws(Failure) -> FactTable {
        var table = table
        let name = "report_" + table.id.replacing("-", with: "_")
        table.total = try keep(name, sql)
        table.rows = try rows("SELECT * FROM \(name) ORDER BY rowid LIMIT \(most)").map(cells)
        return table
    }
}

extension FactTable.Cell {
    static func text(_ value: String?) -> Self { value.map { .text($0) } ?? .none }
    static func code(_ value: String?) -> Self { value.map { .code($0) } ?? .none }
    static func time(_ value: String?) -> Self { value.map { .time($0) } ?? .none }

    static func number(_ value: String?) -> Self {
        guard let value else { return .none }
        return Int(value).map { .number($0) } ?? .text(value)
    }

    /// A number with one digit behind its point.
    static func decimal(_ value: String?) -> Self { value.map { .decimal($0) } ?? .none }

    static func percent(_ value: String?) -> Self {
        guard let value else { return .none }
        guard let number = Double(value), number.isFinite, abs(number) < 1_000_000 else { return .text(value) }
        return .percent(Int(number.rounded()))
    }

    /// What is known of a second factor: nil where nothing is.
    static func factor(_ value: String?) -> Self {
        switch value {
        case "1": .state(.good, "yes")
        case "0": .state(.warning, "no")
        default: .state(.quiet, "not recorded")
        }
    }
}
