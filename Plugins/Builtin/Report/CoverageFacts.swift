import MHPipeKit
import MHPipeReport

/// What the trail covers, where it has gaps, and what of it could not be read.
struct CoverageFacts {
    typealias Failure = SQLiteDatabase.Failure

    private static let mostRegions = 120
    private static let mostGaps = 100
    /// The files that are named at most.
    static let mostFiles = 60

    let query: ReportQuery
    let period: ReportPeriod
    let reading: ReportReading
    private(set) var findings: [ReportFacts.Finding] = []

    init(_ query: ReportQuery, _ period: ReportPeriod, _ reading: ReportReading) {
        (self.query, self.period, self.reading) = (query, period, reading)
    }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        let copies = try query.number("SELECT count(*) FROM report_copies")
        let regions = try regions()
        let gaps = try gaps()
        if reading.damaged + reading.unreadable > 0 {
            let text =
                "\(Wording.count(reading.damaged, "file")) damaged and \(Wording.grouped(reading.unreadable)) not readable"
            findings.append(ReportFacts.Finding(.bad, text, section: "coverage"))
        }
        let parts: [ReportFacts.Part] = [
            .remark(
                """
                \(reading.words) \(Wording.count(copies, "event")) came more than once and \(copies == 1 ? "is" : "are") \
                counted once in all other sections.
                """
            ),
            .table(regions), .table(gaps), .table(reading.table),
        ]
        return ReportFacts.Section(
            id: "coverage",
            title: "Coverage",
            lead: """
                What was read, and where nothing was. A quiet hour is no proof of a missing file: only the digest files of \
                CloudTrail prove that the trail is whole.
                """,
            parts: parts
        )
    }

    private func regions() throws(Failure) -> FactTable {
        let steps = period.steps
        let (from, to) = period.ends
        try query.keep(
            "report_day",
            """
            SELECT e.account, e.region, e.day, e.events, coalesce(c.copies, 0) AS copies, e.first, e.last FROM \
            (SELECT account, region, substr(hour, 1, 10) AS day, sum(events) AS events, min(first) AS first, \
            max(last) AS last FROM report_hour GROUP BY 1, 2, 3) AS e \
            LEFT JOIN report_copied AS c ON c.account IS e.account AND c.region IS e.region AND c.day IS e.day
            """
        )
        var table = FactTable(
            id: "regions",
            caption: "Events by account and Region"
                + (steps.days > 1 ? ", a field for \(steps.days) days" : ", a field a day"),
            columns: [
                "Account", "Region", FactTable.Column("Days", .drawing(from: from, to: to)),
                FactTable.Column("Days with events", .number), FactTable.Column("Without", .number),
                FactTable.Column("Events", .number), FactTable.Column("Copies", .number), "First", "Last",
            ],
            query: "SELECT * FROM coverage ORDER BY account, region, day",
            empty: "No event was read."
        )
        table.total = try query.keep(
            "report_region",
            """
            SELECT account, region, count(*) AS days, sum(events) AS events, sum(copies) AS copies, min(first) AS first, \
            max(last) AS last FROM report_day GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2
            """
        )
        var drawings: [[String?]: [Int]] = [:]
        try query.forEach(
            """
            SELECT d.account, d.region, d.day, d.events FROM report_day AS d JOIN \
            (SELECT account, region FROM report_region LIMIT \(Self.mostRegions)) AS r \
            ON r.account IS d.account AND r.region IS d.region
            """
        ) { row in
            guard let step = steps.step(of: row[2]) else { return }
            drawings[[row[0], row[1]], default: Array(repeating: 0, count: steps.count)][step] +=
                row[3].flatMap { Int($0) } ?? 0
        }
        let rows = try query.rows("SELECT * FROM report_region ORDER BY rowid LIMIT \(Self.mostRegions)")
        table.rows = rows.map { row in
            let counts = drawings[[row[0], row[1]]] ?? []
            let days = row[2].flatMap { Int($0) } ?? 0
            let without = max(0, Int(steps.days) * steps.count - days)
            return [
                .code(row[0]), .text(row[1]), .drawing(Self.drawing(counts, without: without)), .number(row[2]),
                .number(steps.days == 1 ? without : counts.count { $0 == 0 }), .number(row[3]), .number(row[4]),
                .time(row[5]),
                .time(row[6]),
            ]
        }
        return table
    }

    private static func drawing(_ counts: [Int], without: Int) -> Drawing {
        let most = max(1, counts.max() ?? 1)
        let marks = counts.enumerated().map { step, count in
            let start = step * Drawing.length / counts.count
            let width = (step + 1) * Drawing.length / counts.count - start
            // The fourth root: a day of few events is told from none.
            let share = (Double(count) / Double(most)).squareRoot().squareRoot()
            let strength = count == 0 ? 0 : max(20, Int((share * 100).rounded()))
            return Drawing.Mark(start, max(1, width - (width > 6 ? 2 : 0)), .busy, strength: strength)
        }
        let empty = counts.count { $0 == 0 }
        return Drawing(label: "\(counts.count - empty) of \(counts.count) fields with events", marks: marks)
    }

    private mutating func gaps() throws(Failure) -> FactTable {
        let table = try query.fill(
            FactTable(
                id: "gaps",
                caption: "Times without an event, the longest first",
                columns: ["Account", "Region", "After", "Before", FactTable.Column("Hours", .number)],
                query: "SELECT * FROM gaps ORDER BY hours DESC",
                empty: "Nowhere more than an hour without an event."
            ),
            // What view `gaps` gives, without sorting all events: those of one hour are no gap.
            """
            SELECT account, region, after, before, round((julianday(before) - julianday(after)) * 24, 2) AS hours FROM \
            (SELECT account, region, first AS before, lag(last) OVER (PARTITION BY account, region ORDER BY hour) \
            AS after FROM report_hour) WHERE julianday(before) - julianday(after) > 1 / 24.0 \
            ORDER BY hours DESC, account, region, after
            """,
            most: Self.mostGaps
        ) { row in [.code(row[0]), .text(row[1]), .time(row[2]), .time(row[3]), .decimal(row[4])] }
        let days = try query.number("SELECT count(*) FROM report_gaps WHERE hours >= 24")
        if days > 0 {
            let text = "\(Wording.count(days, "stretch", "stretches")) of a day or more without an event"
            findings.append(ReportFacts.Finding(.quiet, text, section: "coverage"))
        }
        return table
    }
}
