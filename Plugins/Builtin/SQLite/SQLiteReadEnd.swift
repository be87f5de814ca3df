import MHPipeKit

/// Until when a trail was read, by the newest delivery among its files: the time by which a task is late.
///
/// A pipeline keeps some of the events alone, so that the last one in the table may be older by far than the last one that
/// was read. It stands in a table of one row, which is committed with the rows of events.
struct SQLiteReadEnd {
    static let table = "mhpipe_read"

    static let create = "CREATE TABLE IF NOT EXISTS main.\(table) (\"end\" TEXT)"

    /// What cuts off the events of later times.
    private let limit: Timestamp?
    private var end: Timestamp?
    private var isWritten = true

    init(limit: Timestamp?) {
        self.limit = limit
    }

    /// Takes note of a unit that was read.
    mutating func add(_ unit: UnitOutcome) {
        guard let delivered = unit.facts.delivered?.lowerBound else { return }
        let time = limit.map { min($0, delivered) } ?? delivered
        if end.map({ $0 < time }) ?? true { (end, isWritten) = (time, false) }
    }

    /// The statement that writes it down.
    mutating func update() -> String {
        guard let end, !isWritten else { return "" }
        isWritten = true
        return Self.update("SELECT '\(end)' AS new")
    }

    /// The statements that take over what another database of the connection says.
    static func takeOver(from schema: String = "part") -> String {
        "\(create); " + update("SELECT \"end\" AS new FROM \(schema).\(table)")
    }

    /// A later one, of an earlier run or of a run before it was stopped, stays.
    private static func update(_ new: String) -> String {
        """
        INSERT OR REPLACE INTO main.\(table) (rowid, "end") \
        SELECT 1, max(new, coalesce((SELECT "end" FROM main.\(table)), '')) FROM (\(new))
        """
    }
}
