import MHPipeReport

/// With what people work, and where Migration Hub has its home.
struct ToolFacts {
    typealias Failure = SQLiteDatabase.Failure

    let query: ReportQuery

    func tools() throws(Failure) -> ReportFacts.Section {
        var section = ReportFacts.Section(
            id: "tools",
            title: "Tools",
            lead: """
                The programs that made the calls, by the first product that their user agents name. A user agent is a text \
                that the caller chose.
                """
        )
        guard query.has("call") else {
            section.parts = [.remark(ReportWords.missing("call"))]
            return section
        }
        let callers = query.has("identity") ? "count(DISTINCT identity_actor)" : "NULL"
        let table = try query.fill(
            FactTable(
                id: "tool",
                caption: "Tools and their versions",
                columns: [
                    "Tool", "Version", FactTable.Column("Calls", .number), FactTable.Column("Writes", .number),
                    FactTable.Column("Failed", .number), FactTable.Column("Callers", .number), "First", "Last",
                ],
                query: "SELECT * FROM calls_by_tool ORDER BY calls DESC"
            ),
            """
            SELECT call_tool, call_toolVersion, count(*), sum(coalesce(call_write, 0)), sum(call_outcome = 'failure'), \
            \(callers), min(eventTime), max(eventTime) FROM events WHERE call_tool IS NOT NULL GROUP BY 1, 2 \
            ORDER BY 3 DESC, 1, 2
            """,
            most: 120
        ) { row in
            [.text(row[0]), .text(row[1])] + row[2...5].map { .number($0) } + [.time(row[6]), .time(row[7])]
        }
        section.parts = [.table(table)]
        return section
    }

    func homes() throws(Failure) -> ReportFacts.Section {
        let (actor, success) = (
            query.has("identity") ? "coalesce(identity_origin, identity_actor)" : "NULL",
            query.has("call") ? "call_outcome = 'success'" : "errorCode IS NULL"
        )
        let homes = try query.fill(
            FactTable(
                id: "home-set",
                caption: "Home Regions that were set",
                columns: ["Account", "Home Region", "Set", "By"],
                query: "SELECT * FROM home_region_calls WHERE eventName = 'CreateHomeRegionControl'",
                empty: "Nobody set a home Region in this trail; it may have been set before."
            ),
            """
            SELECT recipientAccountId, json_extract(requestParameters, '$.homeRegion'), max(eventTime), \(actor) FROM events \
            WHERE eventName = 'CreateHomeRegionControl' AND \(success) AND json_valid(requestParameters) \
            AND coalesce(json_extract(requestParameters, '$.dryRun'), 0) = 0 GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
            """,
            most: 60
        ) { row in [.code(row[0]), .text(row[1]), .time(row[2]), .text(row[3])] }
        let person = query.has("identity") ? "actor" : "NULL"
        let calls = try query.fill(
            FactTable(
                id: "home-calls",
                caption: "Calls about the home Region, and those that failed for want of one",
                columns: [
                    "Action", "Region called", "Caller", "Account", "Error", FactTable.Column("Calls", .number),
                    "First",
                    "Last",
                ],
                query: "SELECT * FROM home_region_calls ORDER BY eventTime"
            ),
            """
            SELECT eventName, awsRegion, \(person), account, errorCode, count(*), min(eventTime), max(eventTime) \
            FROM home_region_calls GROUP BY 1, 2, 3, 4, 5 ORDER BY errorCode IS NULL, 6 DESC, 1, 2, 3, 4
            """,
            most: 70
        ) { row in
            [.text(row[0]), .text(row[1]), .text(row[2]), .code(row[3]), .text(row[4]), .number(row[5])]
                + [.time(row[6]), .time(row[7])]
        }
        return ReportFacts.Section(
            id: "homes",
            title: "Home Regions",
            lead: """
                Migration Hub keeps what it knows in one home Region for each account. Who set it, who asked for it, and \
                which calls failed because there was none (HomeRegionNotSetException).
                """,
            parts: [.table(homes), .table(calls)]
        )
    }
}
