import MHPipeKit

/// The events of a report, in a database of its own that goes away with it, whichever way they came: with a run, or out of a
/// database that an earlier run has made.
///
/// It has the columns that the views of `SQLiteViews` ask for, and those views; each event is in it once. So what a report
/// says is what the views of a database say of the same events.
final class ReportDatabase {
    typealias Failure = SQLiteDatabase.Failure

    static let table = "events"

    /// The texts of a row are cut there; what is longer says no more in a table.
    static let mostBytes = 240

    let database: SQLiteDatabase
    private var loader: SQLiteRowLoader
    /// What is known of who called, of how it ended and of migrations: what transforms have added.
    private(set) var addedKeys: Set<String>

    /// - Parameter addedKeys: What the transforms above add.
    /// - Throws: What SQLite says.
    init(addedKeys: Set<String>) throws(Failure) {
        self.addedKeys = addedKeys
        database = try SQLiteDatabase()
        try database.execute(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-32768; PRAGMA page_size=32768"
        )
        let columns = Self.columns.map { ($0.name, SQLiteSchema.declaredType($0.content)) }
        let createTable = SQLiteSchema.createTable(Self.table, columns)
        loader = try SQLiteRowLoader(
            database,
            createTable: createTable,
            copy: nil,
            convert: Self.insert(SQLiteRowLoader.source, Self.table, Set(columns.map(\.0)))
        )
        try database.execute("BEGIN; \(createTable); \(SQLiteReadEnd.create)")
    }

    /// Takes rows of an encoder over `columns`.
    func insert(_ bytes: UnsafeBufferPointer<UInt8>) throws(Failure) {
        try unsafe loader.load(bytes)
    }

    /// Takes the rows of a table in the database that is attached as `source`.
    ///
    /// - Parameters:
    ///   - table: The table's name.
    ///   - names: The names of its columns; what is missing stays NULL.
    ///   - hasReadEnd: True when it says until when its trail was read.
    /// - Throws: What SQLite says.
    func insert(table: String, columns names: Set<String>, hasReadEnd: Bool) throws(Failure) {
        try database.execute(Self.insert("source", table, names))
        if hasReadEnd {
            try database.execute(
                "INSERT INTO \(SQLiteReadEnd.table) SELECT \"end\" FROM source.\(SQLiteReadEnd.table) LIMIT 1"
            )
        }
        addedKeys = []
        for (key, column) in [
            ("identity", "identity_kind"), ("call", "call_outcome"), ("migration", "migration_service"),
        ] {
            let has = "SELECT 1 FROM \(Self.table) WHERE \(column) IS NOT NULL LIMIT 1"
            if try !database.rows(has).isEmpty { addedKeys.insert(key) }
        }
    }

    /// Leaves each event in it once, and makes the views; called when all rows are there.
    func settle() throws(Failure) {
        try loader.flush()
        try database.execute(
            """
            CREATE TABLE report_copies AS SELECT row_ FROM (SELECT rowid AS row_, row_number() OVER \
            (PARTITION BY eventID, recipientAccountId ORDER BY rowid) AS copy_ FROM \(Self.table) \
            WHERE eventID IS NOT NULL) WHERE copy_ > 1;
            CREATE TABLE report_copied AS SELECT recipientAccountId AS account, awsRegion AS region, \
            substr(eventTime, 1, 10) AS day, count(*) AS copies FROM \(Self.table) \
            WHERE rowid IN (SELECT row_ FROM report_copies) GROUP BY 1, 2, 3;
            DELETE FROM \(Self.table) WHERE rowid IN (SELECT row_ FROM report_copies)
            """
        )
        let names = Set(Self.columns.map(\.name))
        for (_, sql) in SQLiteViews(table: Self.table, columns: names, addedKeys: addedKeys).create {
            try database.execute(sql)
        }
    }

    func close() { database.close() }

    // MARK: Columns

    static let columns: [OutputColumn] = paths.map { path in
        OutputColumn(FieldPath(keys: path.split(separator: ".").map(String.init)))
    }

    private static let request = "requestParameters"

    private static let paths =
        [
            "eventTime", "eventName", "eventSource", "awsRegion", "recipientAccountId", "errorCode", "errorMessage",
            "eventID", "integrity",
        ]
        + members("identity", "kind rootOrUser temporaryCredentials byService actor role session account accessKeyId")
        + members("identity", "mfa service keyKind agent origin")
        + members(
            "migration",
            "service action write dryRun stream task application status percent statusDetail resource"
        )
        + members("call", "outcome error write tool toolVersion") + [request]

    private static func members(_ key: String, _ names: String) -> [String] {
        names.split(separator: " ").map { "\(key).\($0)" }
    }

    /// The actions whose requests a report looks into; those of all others would be most of the database.
    private static let readRequests = [
        "NotifyMigrationTaskState", "AssociateDiscoveredResource", "PutResourceAttributes",
        "AssociateConfigurationItemsToApplication", "CreateHomeRegionControl", "StartCutover", "FinalizeCutover",
        "ChangeServerLifeCycleState", "DisconnectFromService", "MarkAsArchived", "TerminateTargetInstances",
        "DeleteSourceServer", "DeleteJob",
    ]

    /// Inserts the rows of a table that has some of the columns.
    private static func insert(_ schema: String, _ from: String, _ names: Set<String>) -> String {
        let actions = readRequests.map { "'\($0)'" }.joined(separator: ", ")
        let values = columns.map { column in
            let value = SQLiteSchema.quoted(column.name)
            guard names.contains(column.name) else { return "NULL" }
            return column.name == request ? "CASE WHEN eventName IN (\(actions)) THEN \(value) END" : value
        }
        let rows = "\(schema).\(SQLiteSchema.quoted(from)) ORDER BY rowid"
        return "INSERT INTO main.\(table) SELECT \(values.joined(separator: ", ")) FROM \(rows)"
    }
}
