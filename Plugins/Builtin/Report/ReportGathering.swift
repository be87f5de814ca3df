import MHPipeReport

/// Works out what a report says, by the database that holds its events.
struct ReportGathering {
    typealias Failure = SQLiteDatabase.Failure

    let query: ReportQuery
    let title: String?
    let windows: [ChangeWindow]
    let reading: ReportReading
    /// What is known of digest files, and of the run that the events come from.
    var trail: TrailVerification?
    var run: ManifestedRun?
    /// True when the sources of this run have set `integrity` in all events.
    var isStampedHere = false

    private static let isTime = "hour GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*'"

    func facts() throws(Failure) -> ReportFacts {
        try query.keepHours()
        let ends = try query.rows(
            """
            SELECT min(first), max(last), max(max(last), coalesce((SELECT "end" FROM \(SQLiteReadEnd.table)), '')) \
            FROM report_hour WHERE \(Self.isTime)
            """
        ).first
        let (first, last) = (ends?[0], ends?[1])
        let period = ReportPeriod(first: first, last: ends?[2])
        let events = try query.number("SELECT sum(events) FROM report_hour")
        let hub = query.has("migration") ? try query.number("SELECT count(*) FROM migration_calls") : nil
        var (migrations, cutovers) = (MigrationFacts(query, period), CutoverFacts(query, windows: windows))
        var (callers, failures) = (CallerFacts(query), FailureFacts(query, period))
        var coverage = CoverageFacts(query, period, reading)
        var verification = VerificationFacts(query, trail, run, isStampedHere: isStampedHere)
        let tools = ToolFacts(query: query)
        let sections = [
            try migrations.section(), try cutovers.section(), try callers.section(), try callers.machines(),
            try failures.section(), try tools.tools(), try tools.homes(), try coverage.section(),
            try verification.section(),
        ]
        let regions = Wording.count(try query.number("SELECT count(DISTINCT region) FROM report_hour"), "Region")
        var figures = [
            ReportFacts.Figure(
                "Events",
                Wording.grouped(events),
                note: "in \(regions)" + (hub.map { ", \(Wording.grouped($0)) of migration services" } ?? "")
            )
        ]
        figures += migrations.figures + cutovers.figures + callers.figures + failures.figures
        figures += verification.figures
        var findings = [
            migrations.findings, cutovers.findings, coverage.findings, verification.findings, callers.findings,
            failures.findings,
        ].flatMap { $0 }
        if (hub ?? 0) == 0 {
            let unknown = hub == nil ? Self.withoutMigration : Self.withoutHub
            let text = events == 0 ? "There is no event in this trail" : unknown
            findings.insert(ReportFacts.Finding(.warning, text, section: "migrations"), at: 0)
        }
        let rank: [ReportFacts.Tone] = [.bad, .warning, .busy, .quiet, .good]
        findings = rank.flatMap { tone in findings.filter { $0.tone == tone } }
        return ReportFacts(
            title: title ?? "Migration audit",
            subtitle: subtitle(first, last, ends?[2]),
            figures: figures,
            findings: findings,
            sections: sections
        )
    }

    static let withoutHub = "None of the events is a call of Migration Hub or of a service around it"

    static let withoutMigration = "Calls of Migration Hub are not told apart, since the events came without 'migration'"

    private func subtitle(_ first: String??, _ last: String??, _ end: String??) -> String {
        guard let first = first ?? nil, let last = last ?? nil else { return "No event with a time" }
        var text = "CloudTrail events from \(first) to \(last)"
        if let end = end ?? nil, end > last { text += ", read until \(end)" }
        return text
    }
}
