import MHPipeKit
import MHPipeReport

/// Migrations by application and server: where each stands, and how it came there.
struct MigrationFacts {
    typealias Failure = SQLiteDatabase.Failure

    static let mostTasks = 260
    private static let mostApplications = 80
    /// The changes of state that are drawn of one task at most.
    private static let mostStretches = 40

    let query: ReportQuery
    let period: ReportPeriod

    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery, _ period: ReportPeriod) {
        (self.query, self.period) = (query, period)
    }

    /// Works the section out.
    mutating func section() throws(Failure) -> ReportFacts.Section {
        var section = ReportFacts.Section(
            id: "migrations",
            title: "Migrations",
            lead: """
                Each task that reported to Migration Hub (NotifyMigrationTaskState), the stale and the failed ones first. A \
                task is stale when it is neither completed nor failed and no update came within the time that its last one \
                named. The application is that of the server which the task was associated with, where the trail tells.
                """
        )
        guard query.has("migration") else {
            section.parts = [.remark(ReportWords.missing("migration"))]
            return section
        }
        try prepare()
        section.parts = [.table(try tasks()), .table(try applications())]
        let states = try query.rows("SELECT rank, count(*) FROM report_task GROUP BY 1 ORDER BY 1")
        let counts = Dictionary(
            uniqueKeysWithValues: states.map { ($0[0] ?? "", $0[1].flatMap { Int($0) } ?? 0) }
        )
        let all = counts.values.reduce(0, +)
        figures.append(
            ReportFacts.Figure(
                "Migration tasks",
                Wording.grouped(all),
                note: "\(Wording.grouped(counts["4"] ?? 0)) completed"
            )
        )
        if let stale = counts["0"] {
            findings.append(
                ReportFacts.Finding(
                    .warning,
                    "\(Wording.count(stale, "migration task")) got no update in time",
                    section: "migrations"
                )
            )
        }
        if let failed = counts["1"] {
            findings.append(
                ReportFacts.Finding(.bad, "\(Wording.count(failed, "migration task")) failed", section: "migrations")
            )
        }
        return section
    }

    /// One row for each task, with its last update, and what else is told of it.
    private func prepare() throws(Failure) {
        let done = "call_outcome = 'success'"
        let success = query.has("call") ? done : "errorCode IS NULL"
        let key = "recipientAccountId AS account, migration_stream AS stream, migration_task AS task"
        try query.keep("report_update", "SELECT * FROM task_timeline")
        try query.keep("report_stale", "SELECT account, stream, task, due FROM stale_tasks")
        try query.keep(
            "report_server",
            """
            SELECT \(key), max(json_extract(item.value, '$.value')) AS name FROM events, \
            json_each(CASE WHEN json_valid(requestParameters) THEN requestParameters END, '$.resourceAttributeList') AS item \
            WHERE eventName = 'PutResourceAttributes' AND \(success) AND migration_task IS NOT NULL \
            AND json_extract(item.value, '$.type') IN ('VM_NAME', 'FQDN') GROUP BY 1, 2, 3
            """
        )
        try query.keep(
            "report_found",
            """
            SELECT \(key), max(json_extract(requestParameters, '$.discoveredResource.configurationId')) AS configuration \
            FROM events WHERE eventName = 'AssociateDiscoveredResource' AND \(success) AND migration_task IS NOT NULL \
            AND json_valid(requestParameters) GROUP BY 1, 2, 3
            """
        )
        try query.keep(
            "report_member",
            """
            SELECT recipientAccountId AS account, item.value AS configuration, \
            max(json_extract(requestParameters, '$.applicationConfigurationId')) AS application FROM events, \
            json_each(CASE WHEN json_valid(requestParameters) THEN requestParameters END, '$.configurationIds') AS item \
            WHERE eventName = 'AssociateConfigurationItemsToApplication' AND \(success) GROUP BY 1, 2
            """
        )
        try query.keep(
            "report_task",
            """
            SELECT u.account, u.migration_stream AS stream, u.migration_task AS task, u.migration_status AS status, \
            u.eventTime AS last, g.updates, g.a, g.b, s.due, CASE WHEN s.due IS NOT NULL THEN 0 ELSE \
            CASE u.migration_status WHEN 'FAILED' THEN 1 WHEN 'IN_PROGRESS' THEN 2 WHEN 'COMPLETED' THEN 4 ELSE 3 END END \
            AS rank, \(person) AS person FROM (SELECT min(rowid) AS a, max(rowid) AS b, count(*) AS updates \
            FROM report_update GROUP BY account, migration_stream, migration_task) AS g \
            JOIN report_update AS u ON u.rowid = g.b LEFT JOIN report_stale AS s \
            ON s.account IS u.account AND s.stream IS u.migration_stream AND s.task IS u.migration_task
            """
        )
    }

    private var person: String {
        query.has("identity") ? "coalesce(u.origin, u.identity_actor)" : "NULL"
    }

    private func tasks() throws(Failure) -> FactTable {
        let (from, to) = period.ends
        var table = FactTable(
            id: "tasks",
            caption: "Tasks",
            columns: [
                "Server or task", "Application", "Status", FactTable.Column("Percent", .number),
                FactTable.Column("Timeline", .drawing(from: from, to: to)), "Last update", "Next was due",
                FactTable.Column("Updates", .number), "Stream", "Task", "By", "Account",
            ],
            query: "SELECT * FROM stale_tasks; SELECT * FROM task_timeline",
            empty: "No task reported its state in this trail."
        )
        table.total = try query.number("SELECT count(*) FROM report_task")
        let rows = try query.rows(
            """
            SELECT coalesce(n.name, f.configuration, t.task), m.application, t.status, \
            (SELECT migration_percent FROM report_update WHERE rowid BETWEEN t.a AND t.b AND migration_percent IS NOT NULL \
            ORDER BY rowid DESC LIMIT 1), t.last, t.due, t.updates, t.stream, t.task, t.person, t.account, t.a, t.b, t.rank \
            FROM (SELECT * FROM report_task ORDER BY rank, due, last DESC, account, stream, task LIMIT \(Self.mostTasks)) \
            AS t LEFT JOIN report_server AS n ON n.account IS t.account AND n.stream IS t.stream AND n.task IS t.task \
            LEFT JOIN report_found AS f ON f.account IS t.account AND f.stream IS t.stream AND f.task IS t.task \
            LEFT JOIN report_member AS m ON m.account IS t.account AND m.configuration IS f.configuration \
            ORDER BY t.rank, t.due, t.last DESC, t.account, t.stream, t.task
            """
        )
        for row in rows {
            let isStale = row[13] == "0"
            let drawing = try drawing(from: row[11], to: row[12], updates: row[6], isStale: isStale)
            table.rows.append([
                .text(row[0]), .code(row[1]), Self.state(row[2], isStale: isStale), .percent(row[3]), .drawing(drawing),
                .time(row[4]), .time(row[5]), .number(row[6]), .text(row[7]), .text(row[8]), .text(row[9]),
                .code(row[10]),
            ])
        }
        return table
    }

    static func state(_ status: String?, isStale: Bool) -> FactTable.Cell {
        let status = status ?? "no status"
        return isStale ? .state(.warning, "stale, \(status)") : .state(tone(status), status)
    }

    static func tone(_ status: String?) -> ReportFacts.Tone {
        switch status {
        case "COMPLETED": .good
        case "IN_PROGRESS": .busy
        case "FAILED": .bad
        default: .quiet
        }
    }

    /// The states of a task along the time, each until the next one, and a mark where the last update came.
    private func drawing(
        from first: String?,
        to last: String?,
        updates: String?,
        isStale: Bool
    ) throws(Failure) -> Drawing {
        var stretches: [(start: Int, status: String?)] = []
        var (firstTime, lastTime) = ("", "")
        try query.forEach(
            """
            SELECT eventTime, migration_status FROM report_update \
            WHERE rowid BETWEEN \(first ?? "0") AND \(last ?? "-1") ORDER BY rowid
            """
        ) { row in
            if firstTime.isEmpty { firstTime = row[0] ?? "" }
            lastTime = row[0] ?? ""
            guard let place = period.place(of: row[0]), stretches.last.map({ $0.status != row[1] }) ?? true else {
                return
            }
            stretches.append((place, row[1]))
            // Of a task that goes back and forth the last changes count.
            if stretches.count > Self.mostStretches { stretches.remove(at: 1) }
        }
        let end = period.place(of: lastTime) ?? 0
        var marks: [Drawing.Mark] = []
        for (number, stretch) in stretches.enumerated() {
            let next = number + 1 < stretches.count ? stretches[number + 1].start : end
            marks.append(
                Drawing.Mark(stretch.start, max(3, next - stretch.start), Self.tone(stretch.status), isTall: false)
            )
        }
        let tone = isStale ? ReportFacts.Tone.warning : Self.tone(stretches.last?.status)
        marks.append(Drawing.Mark(max(0, end - 5), 6, tone))
        let count = updates.flatMap { Int($0) } ?? 0
        return Drawing(
            label: "\(Wording.count(count, "update")) from \(firstTime) to \(lastTime)",
            marks: marks,
            order: firstTime
        )
    }

    private func applications() throws(Failure) -> FactTable {
        let person = query.has("identity") ? "coalesce(origin, actor)" : "NULL"
        return try query.fill(
            FactTable(
                id: "applications",
                caption: "Applications",
                columns: [
                    "Application", "Status", "Since", "Before that", FactTable.Column("Changes", .number), "Set by",
                    "Account",
                ],
                query: "SELECT * FROM application_states",
                empty: "No application's state was set (NotifyApplicationState) in this trail."
            ),
            """
            SELECT application, status, max(eventTime), previous, count(*), \(person), account FROM application_states \
            GROUP BY account, application ORDER BY CASE status WHEN 'IN_PROGRESS' THEN 0 WHEN 'COMPLETED' THEN 2 ELSE 1 END, \
            3 DESC, account, application
            """,
            most: Self.mostApplications
        ) { row in
            [
                .code(row[0]), Self.state(row[1], isStale: false), .time(row[2]), .text(row[3]), .number(row[4]),
                .text(row[5]), .code(row[6]),
            ]
        }
    }
}
