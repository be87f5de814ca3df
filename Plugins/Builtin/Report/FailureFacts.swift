import MHPipeReport

/// What failed, what was refused, and what was only tried out.
struct FailureFacts {
    typealias Failure = SQLiteDatabase.Failure

    private static let most = 140

    let query: ReportQuery
    let period: ReportPeriod
    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery, _ period: ReportPeriod) {
        (self.query, self.period) = (query, period)
    }

    private var actor: String { query.has("identity") ? "actor" : "NULL" }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        let denied = try refusals()
        let causes = try causes()
        let count = try query.number("SELECT sum(calls) FROM report_causes")
        let refused = try query.number("SELECT sum(calls) FROM report_denied")
        figures.append(
            ReportFacts.Figure(
                "Failed calls",
                Wording.grouped(count),
                note: "\(Wording.grouped(refused)) for want of permission"
            )
        )
        if refused > 0 {
            let text = "\(Wording.count(refused, "call")) failed for want of permission"
            findings.append(ReportFacts.Finding(.warning, text, section: "failures"))
        }
        return ReportFacts.Section(
            id: "failures",
            title: "Failed calls",
            lead: """
                Calls that failed, by their cause; those that lacked a permission by themselves. Dry runs are no failures: \
                they stand apart, and say whether the call would have been allowed.
                """,
            parts: [.chart(try days()), .table(denied), .table(causes), .table(try dryRuns())]
        )
    }

    /// All calls and the failed ones by the day.
    private func days() throws(Failure) -> DayChart {
        let steps = period.steps
        var bars = (0..<steps.count).map { DayChart.Bar(day: steps.day(of: $0), good: 0, bad: 0) }
        try query.forEach("SELECT substr(hour, 1, 10), sum(events), sum(failed) FROM report_hour GROUP BY 1") { row in
            guard let step = steps.step(of: row[0]) else { return }
            let (all, bad) = (row[1].flatMap { Int($0) } ?? 0, row[2].flatMap { Int($0) } ?? 0)
            bars[step].good += all - bad
            bars[step].bad += bad
        }
        let each = steps.days == 1 ? "day" : "\(steps.days) days"
        return DayChart(caption: "Calls, by \(each)", bars: bars, names: ("not failed", "failed"))
    }

    private func refusals() throws(Failure) -> FactTable {
        try query.fill(
            FactTable(
                id: "denied",
                caption: "Unauthorised calls",
                columns: [
                    "Action", "Service", "Caller", "Account", "Error", FactTable.Column("Calls", .number), "First",
                    "Last",
                    FactTable.Column("Message of one", .wide),
                ],
                query: "SELECT * FROM denied_calls ORDER BY eventTime",
                empty: "No call failed for want of a permission."
            ),
            """
            SELECT eventName, eventSource, \(actor), account, errorCode, count(*) AS calls, min(eventTime), max(eventTime), \
            min(errorMessage) FROM denied_calls GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5
            """,
            most: Self.most
        ) { row in
            [
                .text(row[0]), .text(row[1]), .text(row[2]), .code(row[3]), .text(row[4]), .number(row[5]),
                .time(row[6]),
                .time(row[7]), .text(row[8]),
            ]
        }
    }

    private func causes() throws(Failure) -> FactTable {
        let error = query.has("call") ? "call_error" : "coalesce(errorCode, errorMessage)"
        let (actor, account) =
            query.has("identity")
            ? ("identity_actor", "coalesce(identity_account, recipientAccountId)") : ("NULL", "recipientAccountId")
        return try query.fill(
            FactTable(
                id: "causes",
                caption: "All failures, by cause",
                columns: [
                    "Error", "Action", "Service", "Caller", "Account", FactTable.Column("Calls", .number), "First",
                    "Last",
                ],
                query: "SELECT * FROM failure_causes ORDER BY calls DESC",
                empty: "No call failed."
            ),
            """
            SELECT \(error), eventName, eventSource, \(actor), \(account), count(*) AS calls, min(eventTime), max(eventTime) \
            FROM failed_calls GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5
            """,
            most: Self.most
        ) { row in
            [.text(row[0]), .text(row[1]), .text(row[2]), .text(row[3]), .code(row[4]), .number(row[5])]
                + [.time(row[6]), .time(row[7])]
        }
    }

    private func dryRuns() throws(Failure) -> FactTable {
        try query.fill(
            FactTable(
                id: "dry-runs",
                caption: "Dry runs",
                columns: [
                    "Action", "Service", "Caller", "Account", "Would have been", FactTable.Column("Calls", .number),
                    "First",
                    "Last",
                ],
                query: "SELECT * FROM dry_runs ORDER BY eventTime",
                empty: "No dry run."
            ),
            """
            SELECT eventName, eventSource, \(actor), account, allowed, count(*), min(eventTime), max(eventTime) \
            FROM dry_runs GROUP BY 1, 2, 3, 4, 5 ORDER BY 6 DESC, 1, 2, 3, 4, 5
            """,
            most: Self.most / 2
        ) { row in
            [.text(row[0]), .text(row[1]), .text(row[2]), .code(row[3])]
                + [row[4] == "1" ? .state(.good, "allowed") : .state(.bad, "refused")]
                + [.number(row[5]), .time(row[6]), .time(row[7])]
        }
    }
}
