import MHPipeKit
import MHPipeReport

/// Who cut over which server, when, with a second factor or not, and inside of a change window or not.
struct CutoverFacts {
    typealias Failure = SQLiteDatabase.Failure

    private static let most = 160

    let query: ReportQuery
    let windows: [ChangeWindow]
    private(set) var findings: [ReportFacts.Finding] = []
    private(set) var figures: [ReportFacts.Figure] = []

    init(_ query: ReportQuery, windows: [ChangeWindow]) {
        (self.query, self.windows) = (query, windows)
    }

    mutating func section() throws(Failure) -> ReportFacts.Section {
        var section = ReportFacts.Section(
            id: "cutovers",
            title: "Cutovers",
            lead: """
                Cutovers that Application Migration Service was told to start (StartCutover), who had called the server ready \
                before, and who finalized it. A second factor is what AWS recorded of the session: of people who come \
                through an identity provider it cannot know one, so that is said as not known.
                """
        )
        guard query.has("identity") else {
            section.parts = [.remark(ReportWords.missing("identity"))]
            return section
        }
        let rule =
            windows.isEmpty
            ? "No change window was given, so nothing is said of one (--change-window)."
            : "Change windows: " + windows.map(\.optionText).joined(separator: "; ")
                + ". Times are in UTC unless a zone is named."
        let (table, without, outside) = try cutovers()
        section.parts = [.remark(rule), .table(table)]
        figures.append(
            ReportFacts.Figure(
                "Cutovers",
                Wording.grouped(table.total),
                note: windows.isEmpty ? "" : "\(Wording.grouped(outside)) outside of the change window"
            )
        )
        if outside > 0 {
            let text = "\(Wording.count(outside, "cutover")) began outside of the change window"
            findings.append(ReportFacts.Finding(.bad, text, section: "cutovers"))
        }
        if without > 0 {
            let text = "\(Wording.count(without, "cutover")) began without a second factor"
            findings.append(ReportFacts.Finding(.warning, text, section: "cutovers"))
        }
        return section
    }

    private func cutovers() throws(Failure) -> (FactTable, without: Int, outside: Int) {
        // Of these AWS records false whatever the identity provider has asked.
        try query.keep(
            "report_started",
            """
            SELECT eventTime AS time, recipientAccountId AS account, identity_actor AS actor, \
            max(identity_kind IN ('federated_user', 'identity_center', 'federated_sign_in') \
            OR identity_role GLOB 'AWSReservedSSO_*') AS unknowable FROM events WHERE eventName = 'StartCutover' \
            GROUP BY 1, 2, 3
            """
        )
        try query.keep(
            "report_cutover",
            """
            SELECT c.*, s.unknowable FROM cutovers AS c LEFT JOIN report_started AS s ON s.time = c.started \
            AND s.account IS c.account AND s.actor IS c.startedBy
            """
        )
        let all = """
            SELECT server, account, started, startedBy, startedByOrigin, startedWithMFA, unknowable, approved, approvedBy, \
            approvedByOrigin, approvedWithMFA, finalized, finalizedBy, finalizedByOrigin FROM report_cutover
            """
        var inside: [FactTable.Cell] = []
        var rows: [(rank: Int, cells: [FactTable.Cell])] = []
        var (total, without, outside) = (0, 0, 0)
        try query.forEach(all + " ORDER BY started DESC, server") { row in
            total += 1
            let fits =
                windows.isEmpty
                ? nil
                : row[2].flatMap(Timestamp.init(rfc3339:)).map { time in
                    windows.contains { $0.contains(time) }
                }
            let hasFactor = row[5] == "1"
            let cannotKnow = !hasFactor && row[6] == "1"
            if fits == false { outside += 1 }
            if row[5] == "0", !cannotKnow { without += 1 }
            let rank = fits == false ? 0 : row[5] == "0" && !cannotKnow ? 1 : 2
            guard rows.count < Self.most * 4 || rank < 2 else { return }
            inside = [
                .code(row[0]), .time(row[2]),
                fits.map { $0 ? .state(.good, "inside") : .state(.bad, "outside") } ?? .none,
                .text(row[3]), .text(row[4]), cannotKnow ? .state(.quiet, "not known to AWS") : .factor(row[5]),
                .time(row[7]), .text(row[9] ?? row[8]), row[7] == nil ? .none : .factor(row[10]),
                .time(row[11]), .text(row[13] ?? row[12]), .code(row[1]),
            ]
            if rows.count < Self.most * 40 { rows.append((rank, inside)) }
        }
        // A stable order within each rank: the latest first.
        let sorted = (0...2).flatMap { rank in rows.filter { $0.rank == rank }.map(\.cells) }
        let table = FactTable(
            id: "cutover",
            caption: windows.isEmpty
                ? "Cutovers, the latest first" : "Cutovers, those outside of the change window first",
            columns: [
                "Server", "Started", "Change window", "Started by", "Person", "Second factor", "Ready since", "Said by",
                "Second factor of that", "Finalized", "Finalized by", "Account",
            ],
            rows: Array(sorted.prefix(Self.most)),
            total: total,
            query: "SELECT * FROM cutovers; SELECT * FROM cutover_steps",
            empty: "No cutover was started in this trail."
        )
        return (table, without, outside)
    }
}
