import MHPipeReport

/// Who did what with which credentials, by account; and what agents and services changed.
struct CallerFacts {
    typealias Failure = SQLiteDatabase.Failure

    private static let mostAccounts = 60
    private static let mostCallers = 220
    private static let mostActions = 180
    private static let mostByMachines = 150

    let query: ReportQuery
    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery) {
        self.query = query
    }

    private static let account = "coalesce(identity_account, recipientAccountId)"

    /// The kind of credentials, in words.
    private static let credentials = """
        CASE identity_kind WHEN 'root' THEN 'root' || CASE WHEN identity_keyKind = 'temporary' THEN ', temporary' ELSE '' END \
        WHEN 'iam_user' THEN CASE identity_keyKind WHEN 'long_term' THEN 'user, long-term key' WHEN 'temporary' THEN \
        'user, temporary key' ELSE 'user' END WHEN 'role' THEN 'role session' WHEN 'federated_user' THEN 'federated user' \
        WHEN 'federated_sign_in' THEN 'federated sign-in' WHEN 'identity_center' THEN 'Identity Center' WHEN 'service' THEN \
        'AWS service' WHEN 'cross_account' THEN 'another account' ELSE 'unknown' END
        """

    private var writes: String { query.has("call") ? "sum(coalesce(call_write, 0))" : "NULL" }

    private var failures: String {
        query.has("call") ? "sum(call_outcome = 'failure')" : "sum(errorCode IS NOT NULL)"
    }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        var section = ReportFacts.Section(
            id: "callers",
            title: "Who did what",
            lead: """
                Callers by account, with the kind of credentials that signed their calls. A name means something in its \
                account only: every account has a root. Person is who stands behind a role, as far as the trail shows who \
                was given the credentials.
                """
        )
        guard query.has("identity") else {
            section.parts = [.remark(ReportWords.missing("identity"))]
            return section
        }
        section.parts = [.table(try accounts()), .table(try callers()), .table(try actions())]
        return section
    }

    private mutating func accounts() throws(Failure) -> FactTable {
        let kinds: [(name: String, tone: ReportFacts.Tone, condition: String)] = [
            ("root", .bad, "= 'root'"), ("users", .warning, "= 'iam_user'"), ("roles", .busy, "= 'role'"),
            ("services", .quiet, "= 'service'"),
            ("others", .good, "NOT IN ('root', 'iam_user', 'role', 'service')"),
        ]
        let sums = kinds.map { "sum(identity_kind \($0.condition))" }.joined(separator: ", ")
        let table = try query.fill(
            FactTable(
                id: "accounts",
                caption: "Accounts, by the kind of credentials",
                columns: [
                    "Account", FactTable.Column("Calls", .number),
                    FactTable.Column("Share", .drawing(from: "root, users, roles", to: "services, others")),
                    FactTable.Column("Root", .number), FactTable.Column("Users", .number),
                    FactTable.Column("Roles", .number), FactTable.Column("Services", .number),
                    FactTable.Column("Others", .number), FactTable.Column("Callers", .number),
                ],
                query: "SELECT account, identity_kind, sum(calls) FROM who_called GROUP BY 1, 2"
            ),
            """
            SELECT \(Self.account), count(*), \(sums), count(DISTINCT identity_actor), \
            sum(identity_kind = 'root' AND coalesce(identity_byService, 0) = 0) AS rootCalls FROM events \
            WHERE identity_kind IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
            """,
            most: Self.mostAccounts
        ) { row in
            let counts = row[2...6].map { $0.flatMap { Int($0) } ?? 0 }
            let all = max(1, counts.reduce(0, +))
            var (place, before) = (0, 0)
            var marks: [Drawing.Mark] = []
            for (kind, count) in zip(kinds, counts) where count > 0 {
                before += count
                let end = Int((Double(before) * 1000 / Double(all)).rounded())
                marks.append(Drawing.Mark(place, max(1, end - place), kind.tone))
                place = end
            }
            let label = zip(kinds, counts).filter { $0.1 > 0 }.map { "\($0.0.name) \(Wording.grouped($0.1))" }
            let drawing = Drawing(label: label.joined(separator: ", "), marks: marks, order: row[1] ?? "")
            return [.code(row[0]), .number(row[1]), .drawing(drawing)] + row[2...7].map { .number($0) }
        }
        figures.append(ReportFacts.Figure("Accounts", Wording.grouped(table.total), note: "that called"))
        let root = try query.number("SELECT sum(rootCalls) FROM report_accounts")
        if root > 0 {
            let text = "Root credentials were used for \(Wording.count(root, "call"))"
            findings.append(ReportFacts.Finding(.warning, text, section: "callers"))
        }
        return table
    }

    private mutating func callers() throws(Failure) -> FactTable {
        let table = try query.fill(
            FactTable(
                id: "callers-all",
                caption: "Callers, those with the most writes first",
                columns: [
                    "Caller", "Account", "Credentials", "Person", FactTable.Column("Calls", .number),
                    FactTable.Column("Writes", .number), FactTable.Column("Failed", .number),
                    FactTable.Column("Keys", .number), FactTable.Column("With second factor", .number), "First", "Last",
                ],
                query: "SELECT * FROM who_called ORDER BY calls DESC"
            ),
            """
            SELECT coalesce(identity_actor, '?'), \(Self.account) AS account, \(Self.credentials), identity_origin, count(*), \
            \(writes), \(failures), count(DISTINCT identity_accessKeyId), sum(coalesce(identity_mfa, 0)), min(eventTime), \
            max(eventTime) FROM events WHERE identity_kind IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 6 DESC, 5 DESC, 1, 2, 3, 4
            """,
            most: Self.mostCallers
        ) { row in
            [.text(row[0]), .code(row[1]), .text(row[2]), .text(row[3])]
                + row[4...8].map { .number($0) } + [.time(row[9]), .time(row[10])]
        }
        figures.append(ReportFacts.Figure("Callers", Wording.grouped(table.total)))
        return table
    }

    private func actions() throws(Failure) -> FactTable {
        let kind = query.has("call") ? "max(coalesce(call_write, 0))" : "NULL"
        return try query.fill(
            FactTable(
                id: "actions",
                caption: "What they did, changes first",
                columns: [
                    "Action", "Service", "Caller", "Account", "Changes", FactTable.Column("Calls", .number),
                    FactTable.Column("Failed", .number), "First", "Last",
                ],
                query: "SELECT * FROM who_called ORDER BY calls DESC"
            ),
            """
            SELECT eventName, eventSource, identity_actor, \(Self.account), \(kind), count(*), \(failures), min(eventTime), \
            max(eventTime) FROM events WHERE identity_kind IS NOT NULL GROUP BY 1, 2, 3, 4 \
            ORDER BY 5 DESC, 6 DESC, 1, 2, 3, 4
            """,
            most: Self.mostActions
        ) { row in
            let changes: FactTable.Cell = row[4].map { .text($0 == "1" ? "yes" : "no") } ?? .none
            return [.text(row[0]), .text(row[1]), .text(row[2]), .code(row[3]), changes]
                + [.number(row[5]), .number(row[6]), .time(row[7]), .time(row[8])]
        }
    }

    /// What agents and services changed.
    mutating func machines() throws(Failure) -> ReportFacts.Section {
        var section = ReportFacts.Section(
            id: "machines",
            title: "Agents and services",
            lead: """
                Calls that change something and were not made by the caller's own hand: through an MCP server, as agents \
                call (the record names it), or by an AWS service, in its own name or for somebody (invokedBy).
                """
        )
        guard query.has("identity"), query.has("call") else {
            section.parts = [.remark(ReportWords.missing(query.has("identity") ? "call" : "identity"))]
            return section
        }
        let table = try query.fill(
            FactTable(
                id: "machine-writes",
                caption: "Changes by agents and services, agents first",
                columns: [
                    "Agent or service", "What it is", "For", "Account", "Action", "Service called",
                    FactTable.Column("Calls", .number), FactTable.Column("Failed", .number), "First", "Last",
                ],
                query: """
                    SELECT * FROM events WHERE call_write = 1 AND (identity_byService = 1 OR identity_agent IS NOT NULL)
                    """,
                empty: "No agent and no service changed anything in this trail."
            ),
            """
            SELECT coalesce(identity_agent, identity_service, 'AWS'), CASE WHEN identity_agent IS NULL THEN 'service' \
            ELSE 'agent' END, identity_actor, \(Self.account), eventName, eventSource, count(*), \(failures), min(eventTime), \
            max(eventTime) FROM events WHERE call_write = 1 AND (identity_byService = 1 OR identity_agent IS NOT NULL) \
            GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 7 DESC, 1, 3, 4, 5, 6
            """,
            most: Self.mostByMachines
        ) { row in
            [.text(row[0]), .text(row[1]), .text(row[2]), .code(row[3]), .text(row[4]), .text(row[5])]
                + [.number(row[6]), .number(row[7]), .time(row[8]), .time(row[9])]
        }
        section.parts = [.table(table)]
        let agents = try query.number(
            "SELECT count(*) FROM events WHERE call_write = 1 AND identity_agent IS NOT NULL"
        )
        if agents > 0 {
            let text = "Agents changed something in \(Wording.count(agents, "call"))"
            findings.append(ReportFacts.Finding(.warning, text, section: "machines"))
        }
        return section
    }
}
