import Foundation
import MHPipeIO
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What the views answer, on a trail whose answers are known.
@Suite struct SQLiteViewsTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    @Test(arguments: [
        (
            "SELECT account, identity_actor, eventName, calls, failed, first, last FROM who_called WHERE eventName = 'ListApplicationStates'",
            [
                "1|root|ListApplicationStates|2|1|T00:00:00|T00:00:01",
                "2|root|ListApplicationStates|1|0|T00:00:02|T00:00:02",
            ]
        ),
        (
            "SELECT eventName, call_error FROM failed_calls ORDER BY rowid",
            ["ListApplicationStates|AccessDeniedException", "ImportMigrationTask|UnauthorizedOperation"]
        ),
        ("SELECT eventName, allowed FROM dry_runs ORDER BY 1, 2", ["ImportMigrationTask|0", "ImportMigrationTask|1"]),
        (
            "SELECT eventName, actor, errorCode FROM denied_calls ORDER BY 1",
            ["ImportMigrationTask|ann|UnauthorizedOperation", "ListApplicationStates|root|AccessDeniedException"]
        ),
        (
            "SELECT account, actor, error, calls FROM failure_causes ORDER BY 3",
            ["1|root|AccessDeniedException|1", "1|ann|UnauthorizedOperation|1"]
        ),
        (
            "SELECT account, actor, tool, version, calls, failed FROM calls_by_tool ORDER BY 5",
            ["1|ann|Boto3|1.9|1|0", "1|ann|aws-cli|2.1|2|1"]
        ),
        (
            "SELECT actor, eventName, removes, outcome FROM mutation_audit WHERE eventName LIKE '%e%S%' AND eventName NOT LIKE 'Notify%' ORDER BY 2",
            ["bob|ChangeServerLifeCycleState|0|success", "ann|DeleteSourceServer|1|success"]
        ),
        (
            "SELECT account, migration_stream, migration_task, migration_status, identity_actor FROM task_timeline",
            [
                "1|s|a|IN_PROGRESS|ann", "1|s|a|COMPLETED|ann", "1|s|b|IN_PROGRESS|ann",
                "2|s|a|IN_PROGRESS|ann", "2|s|a|IN_PROGRESS|ann",
            ]
        ),
        (
            "SELECT account, stream, task, lastUpdate, status, actor, due FROM stale_tasks",
            ["1|s|b|T00:01:00|IN_PROGRESS|ann|T00:02:00", "2|s|a|T00:01:30|IN_PROGRESS|ann|T00:02:30"]
        ),
        (
            "SELECT account, application, status, previous, actor FROM application_states",
            ["1|app|IN_PROGRESS||ann", "1|app|COMPLETED|IN_PROGRESS|ann"]
        ),
        (
            "SELECT server, started, startedBy, startedWithMFA, approved, approvedBy, approvedWithMFA, finalized, finalizedBy FROM cutovers",
            ["s-1|T00:10:00|ann|0|T00:09:00|bob|1|T00:11:00|ann", "s-2|T00:10:00|ann|0|||||"]
        ),
        (
            "SELECT actor, step, server, state FROM cutover_steps",
            [
                "bob|ChangeServerLifeCycleState|s-1|READY_FOR_CUTOVER", "ann|StartCutover|s-1|",
                "ann|StartCutover|s-2|", "ann|FinalizeCutover|s-1|", "ann|DeleteSourceServer|s-1|",
            ]
        ),
        (
            "SELECT account, region, day, events, repeated FROM coverage WHERE account = '9'",
            ["9|r|2026-01-01|2|1", "9|r|2026-01-02|1|0"]
        ),
        ("SELECT account, region, after, before, hours FROM gaps", ["9|r|T00:20:00|2026-01-02T00:50:00Z|24.5"]),
        (
            "SELECT account, awsRegion, eventName, errorCode FROM home_region_calls",
            ["9|r|GetHomeRegion|", "9|r|GetHomeRegion|", "9|r|GetHomeRegion|"]
        ),
    ])
    func answer(query: String, expected: [String]) throws {
        try write(Self.records)
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        let rows = try database.rows(query).map { row in
            row.map {
                $0.replacing("2026-01-01T", with: "T").replacing("Z", with: $0.hasPrefix("2026-01-01") ? "" : "Z")
            }
            .joined(separator: "|")
        }
        #expect(rows == expected)
    }

    @Test(
        arguments: [
            ([], nil, []), (["identity"], nil, ["cutover_steps", "cutovers", "who_called"]),
            (["identity"], ["mgn.amazonaws.com"], ["cutover_steps", "cutovers", "who_called"]),
            // Views that could hold nothing are not there.
            (["identity"], ["migrationhub.amazonaws.com"], ["who_called"]), (["call"], nil, ["mutation_audit"]),
            (["migration"], nil, ["application_states", "migration_calls", "stale_tasks", "task_timeline"]),
            (
                ["identity", "call"], nil,
                ["calls_by_tool", "cutover_steps", "cutovers", "failure_causes", "mutation_audit", "who_called"]
            ),
        ] as [(added: Set<String>, services: Set<String>?, views: [String])]
    )
    func areThereWithTheirTransforms(added: Set<String>, services: Set<String>?, views: [String]) throws {
        let usual: Set = ["coverage", "denied_calls", "dry_runs", "failed_calls", "gaps", "home_region_calls"]
        try SinkHarness.run(
            SinkHarness.make(
                SQLiteSink.self,
                ["path": .text(folder.path("audit.db"))],
                addedKeys: added,
                keptServices: services
            ),
            []
        )
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        let found = try database.rows("SELECT name FROM sqlite_schema WHERE type = 'view'").map { $0[0] }
        #expect(Set(found) == usual.union(views))
        for view in found { #expect(try database.rows("SELECT * FROM \(view)").isEmpty) }
    }

    /// Dry runs are no failures, whether or not `call` says so.
    @Test(arguments: [[], ["call"]] as [Set<String>])
    func dryRunsAreApart(added: Set<String>) throws {
        try write(Self.records, addedKeys: added)
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        #expect(try database.rows("SELECT count(*) FROM failed_calls") == [["2"]])
        #expect(try database.rows("SELECT count(*) FROM dry_runs WHERE allowed") == [["1"]])
    }

    @Test(arguments: [
        ("AccessDenied", true), ("AccessDeniedException", true), ("Client.UnauthorizedOperation", true),
        ("UnauthorizedOperation", true), ("AuthorizationError", true), ("AuthorizationErrorException", true),
        ("NotAuthorizedException", true), ("VpceAccessDenied", true), ("ForbiddenException", true),
        ("UnauthorizedException", true), ("PolicyErrorException", true), ("DryRunOperation", false),
        ("Client.DryRunOperation", false), ("ThrottlingException", false), ("NoSuchBucket", false), ("", false),
    ])
    func aRefusalIsToldByItsCode(code: String, isDenied: Bool) throws {
        try write([Self.record("01T00:00:00", "PutX", Self.ann, #","errorCode":"\#(code)""#)])
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        #expect(try database.rows("SELECT errorCode FROM denied_calls") == (isDenied ? [[code]] : []))
        // The conditions of the documents keep the same.
        let pattern = "AccessDenied|Unauthorized|NotAuthorized|AuthorizationError|Forbidden|PolicyError"
        #expect((try Regex(pattern).firstMatch(in: code) != nil) == isDenied)
        for page in ["conditions", "questions", "output-schema"] {
            let file = Repository.root.appending(path: "docs/\(page).md")
            let text = try String(contentsOf: file, encoding: .utf8).replacing("\\|", with: "|")
            #expect(text.contains(pattern))
        }
    }

    /// An event that was delivered twice is one update, and one step.
    @Test func copiesAreLeftOut() throws {
        let id = #","eventID":"e""#
        let update = Self.update("01T00:00:10", "a", "IN_PROGRESS").dropLast() + id + "}"
        let state = Self.record(
            "01T00:00:11",
            "NotifyApplicationState",
            Self.ann,
            #","requestParameters":{"applicationId":"app","status":"IN_PROGRESS"},"eventID":"f""#
        )
        let cutover = Self.cutover("01T00:10:00", "StartCutover", Self.ann, #"{"sourceServerIDs":["s"]},"eventID":"g""#)
        try write([String(update), String(update), state, state, cutover, cutover])
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        for view in ["task_timeline", "application_states", "cutover_steps", "cutovers"] {
            #expect(try database.rows("SELECT count(*) FROM \(view)") == [["1"]])
        }
    }

    /// Where a role has the name of an actor, the session says who it was.
    @Test func namesTheSession() throws {
        let role = """
            "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/Mig/ann","accountId":"1",\
            "sessionContext":{"sessionIssuer":{"type":"Role","userName":"Mig"}}}
            """
        try write([
            Self.cutover("01T00:10:00", "StartCutover", role, #"{"sourceServerIDs":["s"]}"#),
            Self.record("01T00:10:00", "DeleteX", role, #","errorCode":"AccessDenied""#),
        ])
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        #expect(try database.rows("SELECT startedBy, startedBySession FROM cutovers") == [["Mig", "ann"]])
        for view in ["denied_calls", "cutover_steps", "mutation_audit WHERE outcome = 'failure'"] {
            #expect(try database.rows("SELECT actor, session FROM \(view)") == [["Mig", "ann"]])
        }
    }

    /// Failed sign-ins have no code.
    @Test func aMessageAloneIsAFailureToo() throws {
        let records = [#","errorMessage":"Failed authentication""#, #","errorMessage":"""#, ""].map {
            Self.record("01T00:00:00", "ConsoleLogin", Self.root("1"), $0)
        }
        try write(records, addedKeys: ["identity"])
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        #expect(try database.rows("SELECT eventName, errorMessage FROM failed_calls").count == 1)
        #expect(try database.rows("SELECT calls, failed FROM who_called") == [["3", "1"]])
    }

    /// Names of AWS's services, as of its own descriptions of them.
    @Test(arguments: [
        (
            true,
            """
            AdminDeleteUser AdminRemoveUserFromGroup BatchDeleteImage BatchDisassociateResource BatchRevokePermissions \
            CloseAccount DeactivateMFADevice DeauthorizeConnection DeleteBucket DeleteFunction20150331 DeprovisionByoipCidr \
            DeregisterImage DetachRolePolicy DetachVolume DisassociateAddress DisposePackageVersions ForgetDevice \
            LeaveOrganization PurgeQueue ReleaseAddress RemoveRoleFromInstanceProfile RemovePermission RetireGrant \
            RevokeSecurityGroupIngress ScheduleKeyDeletion TerminateInstances UnassignPrivateIpAddresses Unsubscribe \
            UntagResource WithdrawByoipCidr
            """
        ),
        (
            false,
            """
            AttachRolePolicy CancelKeyDeletion CreateDataDeletionJob CreateTags DisableImageDeregistrationProtection \
            DisableKey ModifyInstanceAttribute PutBucketPolicy RunInstances StopInstances UpdateFirewallDeleteProtection \
            UpdateTerminationProtection
            """
        ),
    ])
    func takesAway(removes: Bool, names: String) throws {
        let names = names.split(separator: " ")
        try write(
            names.map { #"{"eventVersion":"1.08","eventName":"\#($0)","eventTime":"2026-01-01T00:00:00Z"}"# }
        )
        let database = try SQLiteDatabase(path: FilePath(folder.path("audit.db")))
        let rows = try database.rows("SELECT eventName, removes FROM mutation_audit")
        #expect(rows.count == names.count)
        #expect(rows.filter { $0[1] != (removes ? "1" : "0") } == [])
    }

    private func write(_ records: [String], addedKeys: Set<String> = ["identity", "call", "migration"]) throws {
        let hub = try TransformRun(
            MigrationHubTransform.self,
            ["services": .text("migration"), "keep_others": .text("true")]
        )
        let batch = try hub.batch(records)
        try #require(batch.count == records.count)
        if addedKeys.contains("identity") { try TransformRun(IdentityTransform.self).apply(to: batch) }
        if addedKeys.contains("call") { try TransformRun(CallTransform.self).apply(to: batch) }
        let sink = try SinkHarness.make(
            SQLiteSink.self,
            ["path": .text(folder.path("audit.db"))],
            addedKeys: addedKeys
        )
        try SinkHarness.run(sink, [[batch]])
    }

    private static let ann = #""userIdentity":{"type":"IAMUser","userName":"ann","accountId":"1"}"#
    private static let bob = """
        "userIdentity":{"type":"IAMUser","userName":"bob","accountId":"1",\
        "sessionContext":{"attributes":{"mfaAuthenticated":"true"}}}
        """
    private static let annWithoutMFA = """
        "userIdentity":{"type":"IAMUser","userName":"ann","accountId":"1",\
        "sessionContext":{"attributes":{"mfaAuthenticated":"false"}}}
        """

    private static func root(_ account: String) -> String {
        #""userIdentity":{"type":"Root","accountId":"\#(account)"}"#
    }

    private static func record(
        _ time: String,
        _ name: String,
        _ user: String,
        account: String = "1",
        _ rest: String = ""
    ) -> String {
        """
        {"eventTime":"2026-01-\(time)Z","eventSource":"migrationhub.amazonaws.com","eventName":"\(name)",\
        "recipientAccountId":"\(account)",\(user)\(rest)}
        """
    }

    private static func update(
        _ time: String,
        _ task: String,
        _ status: String,
        account: String = "1",
        dry: String = ""
    ) -> String {
        record(
            time,
            "NotifyMigrationTaskState",
            ann,
            account: account,
            """
            ,"requestParameters":{"progressUpdateStream":"s","migrationTaskName":"\(task)","task":{"status":"\(status)"},\
            "nextUpdateSeconds":60\(dry)}
            """
        )
    }

    private static func cutover(_ time: String, _ name: String, _ user: String, _ request: String) -> String {
        record(time, name, user, #","requestParameters":\#(request)"#)
            .replacing("migrationhub.amazonaws.com", with: "mgn.amazonaws.com")
    }

    private static let records: [String] = [
        // The same name in two accounts.
        record("01T00:00:00", "ListApplicationStates", root("1")),
        record(
            "01T00:00:01",
            "ListApplicationStates",
            root("1"),
            #","errorCode":"AccessDeniedException","errorMessage":"no""#
        ),
        record("01T00:00:02", "ListApplicationStates", root("2"), account: "2"),
        record(
            "01T00:00:03",
            "ImportMigrationTask",
            ann,
            #","errorCode":"DryRunOperation","userAgent":"Boto3/1.9","requestParameters":{"dryRun":true}"#
        ),
        record(
            "01T00:00:04",
            "ImportMigrationTask",
            ann,
            #","errorCode":"UnauthorizedOperation","errorMessage":"x","userAgent":"aws-cli/2.1","requestParameters":{"dryRun":true}"#
        ),
        record("01T00:00:05", "ListMigrationTasks", ann, #","userAgent":"aws-cli/2.1 x""#),
        // Tasks of one name in two accounts; one is done, one was asked about only.
        update("01T00:00:30", "a", "IN_PROGRESS"), update("01T00:01:40", "a", "COMPLETED"),
        update("01T00:01:00", "b", "IN_PROGRESS"), update("01T00:01:30", "a", "IN_PROGRESS", account: "2"),
        update("01T00:00:10", "a", "IN_PROGRESS", account: "2"),
        update("01T00:00:10", "d", "IN_PROGRESS", dry: #","dryRun":true"#),
        record(
            "01T00:02:00",
            "NotifyApplicationState",
            ann,
            #","requestParameters":{"applicationId":"app","status":"COMPLETED"}"#
        ),
        record(
            "01T00:01:59",
            "NotifyApplicationState",
            ann,
            #","requestParameters":{"applicationId":"app","status":"IN_PROGRESS"}"#
        ),
        cutover(
            "01T00:09:00",
            "ChangeServerLifeCycleState",
            bob,
            #"{"sourceServerID":"s-1","lifeCycle":{"state":"READY_FOR_CUTOVER"}}"#
        ),
        cutover("01T00:10:00", "StartCutover", annWithoutMFA, #"{"sourceServerIDs":["s-1","s-2"]}"#),
        cutover("01T00:11:00", "FinalizeCutover", ann, #"{"sourceServerID":"s-1"}"#),
        cutover("01T00:12:00", "DeleteSourceServer", ann, #"{"sourceServerID":"s-1"}"#),
        record("01T00:20:00", "GetHomeRegion", ann, account: "9", #","awsRegion":"r","eventID":"e1""#),
        record("01T00:20:00", "GetHomeRegion", ann, account: "9", #","awsRegion":"r","eventID":"e1""#),
        record("02T00:50:00", "GetHomeRegion", ann, account: "9", #","awsRegion":"r","eventID":"e2""#),
    ]
}
