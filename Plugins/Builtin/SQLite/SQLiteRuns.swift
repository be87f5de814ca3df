import MHPipeKit

/// The tables of a database that grows from run to run: which runs there were, and which rows came of which unit.
///
/// `mhpipe_runs` says of each run which row was the last behind it, and so shows whether a run was appended already, and
/// whether others have added or renumbered rows. `mhpipe_units` has a row for each unit: the run that read it, its number
/// in the run, and the first and the last of its rows, 1 and 0 when there are none, NULL when nobody can tell. No column
/// is added to the table of events.
struct SQLiteRuns {
    static let names: Set = ["mhpipe_runs", "mhpipe_units"]

    /// The statements that make the tables in a schema of the connection, where they are not there yet.
    static func create(in schema: String = "main") -> String {
        """
        CREATE TABLE IF NOT EXISTS \(schema).mhpipe_runs (run INTEGER PRIMARY KEY, units INTEGER, "rows" INTEGER);
        CREATE TABLE IF NOT EXISTS \(schema).mhpipe_units (source TEXT, name TEXT, version TEXT, run INTEGER, number INTEGER, \
        "first" INTEGER, "last" INTEGER, PRIMARY KEY (source, name)) WITHOUT ROWID
        """
    }

    /// Takes note of a unit; one that comes a second time in the run has rows at two places.
    private static let insertUnit = """
        INSERT INTO mhpipe_units VALUES (?, ?, ?, ?, ?, ?, ?) \
        ON CONFLICT DO UPDATE SET "first" = NULL, "last" = NULL, version = excluded.version
        """

    private let database: SQLiteDatabase
    private let insert: SQLiteDatabase.Insert
    let run: Int
    private(set) var units: Int
    private var lastRow: Int64

    /// Goes on behind so many units and rows of a run.
    init(_ database: SQLiteDatabase, run: Int, units: Int, rows: Int) throws(SQLiteDatabase.Failure) {
        self.database = database
        (self.run, self.units, lastRow) = (run, units, Int64(rows))
        insert = try database.prepareInsert(Self.insertUnit)
    }

    /// Takes note of a unit whose rows are all those behind the unit before, up to the row of a number.
    mutating func add(_ unit: UnitOutcome, to row: Int) throws(SQLiteDatabase.Failure) {
        let row = Int64(row)
        units += 1
        let numbers = [Int64(run), Int64(units)] + (row > lastRow ? [lastRow + 1, row] : [1, 0])
        for (place, number) in numbers.enumerated() { try database.bind(number, Int32(4 + place), of: insert) }
        lastRow = row
        let texts = [Array(unit.source.utf8), unit.id.name, Array((unit.id.version ?? "").utf8)]
        try database.step(insert, texts)
    }

    /// Forgets the units behind so many.
    static func deleteUnits(behind count: Int) -> String { "DELETE FROM mhpipe_units WHERE number > \(count)" }

    /// Takes note of a run that is done.
    static func insertRun(_ run: Int, units: Int, rows: Int, in schema: String = "main") -> String {
        "INSERT INTO \(schema).mhpipe_runs VALUES (\(run), \(units), \(rows))"
    }

    /// True for a database that has the tables.
    static func areIn(_ database: SQLiteDatabase) throws(SQLiteDatabase.Failure) -> Bool {
        try !database.rows("SELECT 1 FROM main.sqlite_schema WHERE name = 'mhpipe_runs'").isEmpty
    }

    /// The last run, and the last row behind it; nil where no run was written down.
    static func last(in database: SQLiteDatabase) throws(SQLiteDatabase.Failure) -> SQLiteMark.Base? {
        guard try areIn(database) else { return nil }
        let row = try database.rows("SELECT run, \"rows\" FROM main.mhpipe_runs ORDER BY run DESC LIMIT 1").first
        return row.map { SQLiteMark.Base(runs: Int($0[0]) ?? 0, rows: Int($0[1]) ?? 0) }
    }
}
