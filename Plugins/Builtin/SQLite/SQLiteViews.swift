/// The views over a table of events: each answers one question that is asked of a trail.
///
/// A view is there when the table has its columns, when the pipeline has the transforms that fill them, and when none of
/// these drops the events that it is about. Where one name may be in many accounts, views go by account and actor; where a
/// role has the name, its session and, where it is known, the origin stand beside it. Dates are compared as texts, which
/// RFC 3339 in UTC allows.
struct SQLiteViews {
    private let table: String
    private let from: String
    private let names: Set<String>
    private let addedKeys: Set<String>
    private let services: Set<String>?

    /// - Parameters:
    ///   - table: The table's name.
    ///   - columns: The names of its columns.
    ///   - addedKeys: What the transforms above the sink add.
    ///   - services: The services whose events they keep; nil for all.
    init(table: String, columns: Set<String>, addedKeys: Set<String>, services: Set<String>? = nil) {
        self.table = table
        from = SQLiteSchema.quoted(table)
        names = columns
        self.addedKeys = addedKeys
        self.services = services
    }

    /// The names that the views of mhpipe 0.1.0 had, by which its databases are told.
    static let namesOfEarlierVersion: Set<String> = ["failed_calls", "migration_calls", "task_timeline", "who_called"]

    private struct View {
        let name: String
        /// The columns that it cannot do without.
        let needs: String
        /// The service whose events it is about; nil for any.
        let service: String?
        /// True when it asks until when the trail was read.
        let asksReadEnd: Bool
        let query: () -> String

        init(
            _ name: String,
            _ needs: String,
            of service: String? = nil,
            asksReadEnd: Bool = false,
            _ query: @autoclosure @escaping () -> String
        ) {
            self.name = name
            self.needs = needs
            self.service = service
            self.asksReadEnd = asksReadEnd
            self.query = query
        }
    }

    /// The statements that make them, with their names.
    var create: [(view: String, sql: String)] {
        fitting.map { ($0.name, "CREATE VIEW \($0.name) AS \($0.query())") }
    }

    /// True when one of them asks until when the trail was read.
    var askReadEnd: Bool { fitting.contains(where: \.asksReadEnd) }

    private var fitting: [View] {
        (calls + callers + tasks + cutovers + trail).filter { view in
            view.name != table.lowercased()
                && view.needs.utf8.split(separator: UInt8(ascii: " ")).allSatisfy { has(String(Substring($0))) }
                && (view.service.map { services?.contains($0) ?? true } ?? true)
        }
    }

    /// True when there is a column, and a transform that fills it where it is one of those that need a view's transform.
    private func has(_ column: String) -> Bool {
        guard names.contains(column) else { return false }
        let key = String(column.prefix { $0 != "_" })
        return !["call", "identity", "migration"].contains(key) || addedKeys.contains(key)
    }

    private func optional(_ column: String, as name: String? = nil) -> String {
        guard has(column) else { return "" }
        return ", " + column + (name.map { " AS \($0)" } ?? "")
    }

    /// How a call ended: by `call`, or by its code and message alone.
    private var isDryRun: String {
        has("call_outcome")
            ? "call_outcome = 'dry_run'"
            : "coalesce(errorCode = 'DryRunOperation' OR substr(errorCode, -16) = '.DryRunOperation', 0)"
    }

    private var isFailure: String {
        has("call_outcome") ? "call_outcome = 'failure'" : "(\(errors) <> '' AND NOT \(isDryRun))"
    }

    private var isSuccess: String {
        has("call_outcome") ? "call_outcome = 'success'" : "\(errors) = ''"
    }

    private var errors: String {
        "coalesce(errorCode, '')" + (has("errorMessage") ? " || coalesce(errorMessage, '')" : "")
    }

    /// Codes by which services say that a permission is missing, by the words that they have in common.
    private var isDenied: String {
        let words = ["AccessDenied", "Unauthorized", "NotAuthorized", "AuthorizationError", "Forbidden", "PolicyError"]
        return "\(isFailure) AND (\(words.map { "errorCode GLOB '*\($0)*'" }.joined(separator: " OR ")))"
    }

    /// True for calls that take something away, by the verbs of AWS for that: four of them also behind `Batch` and the like.
    private var removes: String {
        let verbs = """
            Deauthorize Deprovision Deregister Detach Discard Dispose Dissociate Evict Forget Leave Purge Release Retire \
            Terminate Unassign Undeploy Ungroup Unlabel Unlink Unpeer Unregister Unshare Unsubscribe Untag Withdraw
            """
        let inside = ["Delete", "Disassociate", "Remove", "Revoke"].map { "eventName GLOB '*\($0)*'" }
        let atBeginning = verbs.split(separator: " ").map { "eventName GLOB '\($0)*'" }
        return "(\((inside + atBeginning).joined(separator: " OR ")) OR eventName IN ('CloseAccount', "
            + "'DeactivateMFADevice', 'ScheduleKeyDeletion')) AND eventName NOT GLOB '*Protection*'"
    }

    /// Who it was, as far as that is known.
    private var person: String { optional("identity_actor", as: "actor") + session }

    private var session: String {
        optional("identity_session", as: "session") + optional("identity_origin", as: "origin")
    }

    /// For views that count: each origin is counted by itself.
    private var origin: (column: String, group: String) {
        (optional("identity_origin", as: "origin"), has("identity_origin") ? ", identity_origin" : "")
    }

    /// The rows that meet a condition, without the copies of events that were delivered twice.
    private func once(_ condition: String) -> String {
        guard names.contains("eventID") else { return "(SELECT *, rowid AS row_ FROM \(from) WHERE \(condition))" }
        return """
            (SELECT * FROM (SELECT *, rowid AS row_, row_number() OVER (PARTITION BY eventID, recipientAccountId \
            ORDER BY rowid) AS copy_ FROM \(from) WHERE \(condition)) WHERE copy_ = 1 OR eventID IS NULL)
            """
    }

    /// The account in which an actor's name means something.
    private let account = "coalesce(identity_account, recipientAccountId) AS account"

    private let counts = "min(eventTime) AS first, max(eventTime) AS last"

    // MARK: What was asked, and how it ended

    private var calls: [View] {
        [
            View("failed_calls", "errorCode", "SELECT * FROM \(from) WHERE \(isFailure)"),
            View(
                "dry_runs",
                "eventTime recipientAccountId eventSource eventName errorCode",
                """
                SELECT eventTime, recipientAccountId AS account\(person), eventSource, \
                eventName, \(isDryRun) AS allowed, errorCode FROM \(from) WHERE \(isDryRun)\(refusedDryRun)
                """
            ),
            View(
                "denied_calls",
                "eventTime recipientAccountId eventSource eventName errorCode errorMessage",
                """
                SELECT eventTime, recipientAccountId AS account\(person), eventSource, \
                eventName, errorCode, errorMessage FROM \(from) WHERE \(isDenied)
                """
            ),
            View(
                "failure_causes",
                "call_error identity_actor identity_account recipientAccountId eventSource eventName eventTime",
                """
                SELECT \(account), identity_actor AS actor, eventSource, eventName, call_error AS error, \
                count(*) AS calls, \(counts)\(origin.column) FROM \(from) WHERE \(isFailure) \
                GROUP BY 1, 2, 3, 4, 5\(origin.group)
                """
            ),
            View(
                "mutation_audit",
                "call_write call_outcome eventTime recipientAccountId eventSource eventName",
                """
                SELECT eventTime, recipientAccountId AS account\(person)\
                \(optional("identity_mfa", as: "mfa")), eventSource, eventName, \
                (\(removes)) AS removes, call_outcome AS outcome\(optional("call_error", as: "error"))\
                \(optional("call_arns", as: "arns"))\(optional("migration_resource", as: "resource")) \
                FROM \(from) WHERE call_write = 1
                """
            ),
        ]
    }

    private var refusedDryRun: String {
        guard has("migration_dryRun") else { return "" }
        return " OR migration_dryRun = 1 AND errorCode IN ('UnauthorizedOperation', 'Client.UnauthorizedOperation')"
    }

    // MARK: Who, and with what

    private var callers: [View] {
        [
            View(
                "who_called",
                """
                identity_actor identity_kind identity_account recipientAccountId eventSource eventName errorCode eventTime
                """,
                """
                SELECT \(account), identity_actor, identity_kind, eventSource, eventName, count(*) AS calls, \
                sum(coalesce(\(isFailure), 0)) AS failed, \(counts)\(origin.column) FROM \(from) \
                WHERE identity_kind IS NOT NULL GROUP BY 1, 2, 3, 4, 5\(origin.group)
                """
            ),
            View(
                "calls_by_tool",
                "call_tool call_toolVersion identity_actor identity_account recipientAccountId eventTime",
                """
                SELECT \(account), identity_actor AS actor, call_tool AS tool, call_toolVersion AS version, \
                count(*) AS calls, sum(coalesce(\(isFailure), 0)) AS failed, \(counts) FROM \(from) \
                WHERE call_tool IS NOT NULL GROUP BY 1, 2, 3, 4
                """
            ),
        ]
    }

    // MARK: Migrations

    private var tasks: [View] {
        let done = "\(isSuccess)" + (has("migration_dryRun") ? " AND coalesce(migration_dryRun, 0) = 0" : "")
        let updates = once("migration_action = 'NotifyMigrationTaskState' AND \(done)")
        let who = zip(["actor", "session", "origin"], ["identity_actor", "identity_session", "identity_origin"])
            .map { has($1) ? ", \($0)" : "" }.joined()
        let key = "recipientAccountId, migration_stream, migration_task"
        return [
            View("migration_calls", "migration_action", "SELECT * FROM \(from) WHERE migration_action IS NOT NULL"),
            View(
                "task_timeline",
                "recipientAccountId eventTime migration_stream migration_task migration_action migration_status errorCode",
                """
                SELECT recipientAccountId AS account, migration_stream, migration_task, eventTime, migration_action, \
                migration_status\(optional("migration_percent"))\(optional("migration_statusDetail"))\
                \(optional("identity_actor"))\(session) FROM \(updates) WHERE migration_task IS NOT NULL \
                ORDER BY \(key), eventTime, row_
                """
            ),
            View(
                "stale_tasks",
                """
                recipientAccountId eventTime migration_stream migration_task migration_action migration_status errorCode \
                requestParameters
                """,
                asksReadEnd: true,
                """
                SELECT account, stream, task, lastUpdate, status\(who), due FROM \
                (SELECT recipientAccountId AS account, migration_stream AS stream, migration_task AS task, \
                eventTime AS lastUpdate, migration_status AS status\(person), \
                strftime('%Y-%m-%dT%H:%M:%SZ', eventTime, '+' || coalesce(\
                json_extract(requestParameters, '$.nextUpdateSeconds'), \
                json_extract(requestParameters, '$.NextUpdateSeconds')) || ' seconds') AS due, row_number() OVER \
                (PARTITION BY \(key) ORDER BY eventTime DESC, row_ DESC) AS age FROM \(updates)) WHERE age = 1 \
                AND coalesce(status, '') NOT IN ('COMPLETED', 'FAILED') AND due < (SELECT max(max(eventTime), \
                coalesce((SELECT "end" FROM \(SQLiteReadEnd.table)), '')) FROM \(from)) ORDER BY due
                """
            ),
            View(
                "application_states",
                "recipientAccountId eventTime migration_application migration_action migration_status errorCode",
                """
                SELECT recipientAccountId AS account, migration_application AS application, eventTime, \
                migration_status AS status, lag(migration_status) OVER (PARTITION BY recipientAccountId, \
                migration_application ORDER BY eventTime, row_) AS previous\(person) \
                FROM \(once("migration_action = 'NotifyApplicationState' AND \(done)")) \
                ORDER BY account, application, eventTime
                """
            ),
            View(
                "home_region_calls",
                "eventTime recipientAccountId awsRegion eventName errorCode",
                """
                SELECT eventTime, recipientAccountId AS account\(person), awsRegion, \
                eventName, errorCode FROM \(from) WHERE errorCode = 'HomeRegionNotSetException' OR eventName IN \
                ('CreateHomeRegionControl', 'DeleteHomeRegionControl', 'DescribeHomeRegionControls', 'GetHomeRegion')
                """
            ),
        ]
    }

    private static let mover = "mgn.amazonaws.com"

    /// What Application Migration Service calls a cutover; whoever says that a server is ready for it approves it.
    private var cutovers: [View] {
        let needs = """
            eventTime recipientAccountId eventSource eventName errorCode requestParameters identity_actor \
            identity_account identity_mfa
            """
        let calls = once(
            """
            eventSource = '\(Self.mover)' AND eventName IN ('StartCutover', 'FinalizeCutover', \
            'ChangeServerLifeCycleState', 'DisconnectFromService', 'MarkAsArchived', 'TerminateTargetInstances', \
            'DeleteSourceServer', 'DeleteJob')
            """
        )
        let steps = """
            SELECT eventTime, recipientAccountId AS account, coalesce(identity_account, recipientAccountId) \
            AS actorAccount, identity_actor AS actor\(session), identity_mfa AS mfa, eventName AS step, server.value AS server, \
            json_extract(requestParameters, '$.lifeCycle.state') AS state, \(isSuccess) AS succeeded, errorCode \
            FROM \(calls), json_each(CASE json_type(requestParameters, '$.sourceServerIDs') WHEN 'array' \
            THEN json_extract(requestParameters, '$.sourceServerIDs') \
            ELSE json_array(json_extract(requestParameters, '$.sourceServerID')) END) AS server
            """
        func near(_ column: String, _ condition: String, _ order: String) -> String {
            """
            (SELECT \(column) FROM steps AS near WHERE near.account = start.account AND near.server = start.server \
            AND near.succeeded AND \(condition) ORDER BY near.eventTime \(order) LIMIT 1)
            """
        }
        let persons = [(name: "session", suffix: "BySession"), (name: "origin", suffix: "ByOrigin")]
            .filter { has("identity_\($0.name)") }
        let approved = "near.state = 'READY_FOR_CUTOVER' AND near.eventTime <= start.eventTime"
        let ended = "near.step = 'FinalizeCutover' AND near.eventTime >= start.eventTime"
        return [
            View("cutover_steps", needs, of: Self.mover, steps + " ORDER BY eventTime"),
            View(
                "cutovers",
                needs,
                of: Self.mover,
                """
                WITH steps AS (\(steps)) SELECT account, server, eventTime AS started, actor AS startedBy\
                \(persons.map { ", \($0.name) AS started\($0.suffix)" }.joined()), \
                mfa AS startedWithMFA, \(near("eventTime", approved, "DESC")) AS approved, \
                \(near("actor", approved, "DESC")) AS approvedBy\
                \(persons.map { ", \(near($0.name, approved, "DESC")) AS approved\($0.suffix)" }.joined()), \
                \(near("mfa", approved, "DESC")) AS approvedWithMFA, \(near("eventTime", ended, "ASC")) AS finalized, \
                \(near("actor", ended, "ASC")) AS finalizedBy\
                \(persons.map { ", \(near($0.name, ended, "ASC")) AS finalized\($0.suffix)" }.joined()) \
                FROM steps AS start \
                WHERE step = 'StartCutover' AND succeeded ORDER BY started, server
                """
            ),
        ]
    }

    // MARK: The trail itself

    private var trail: [View] {
        [
            View(
                "coverage",
                "recipientAccountId awsRegion eventTime eventID",
                """
                SELECT recipientAccountId AS account, awsRegion AS region, substr(eventTime, 1, 10) AS day, \
                count(*) AS events, count(eventID) - count(DISTINCT eventID) AS repeated, \(counts) FROM \(from) \
                GROUP BY 1, 2, 3
                """
            ),
            View(
                "gaps",
                "recipientAccountId awsRegion eventTime",
                """
                SELECT account, region, after, before, round((julianday(before) - julianday(after)) * 24, 2) AS hours \
                FROM (SELECT recipientAccountId AS account, awsRegion AS region, eventTime AS before, lag(eventTime) \
                OVER (PARTITION BY recipientAccountId, awsRegion ORDER BY eventTime) AS after FROM \(from)) \
                WHERE julianday(before) - julianday(after) > 1 / 24.0 ORDER BY account, region, after
                """
            ),
        ]
    }
}
