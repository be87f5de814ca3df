import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct MigrationHubTransformTests {
    /// A record's fields, without braces, and the object that must be added to it; nil when it must be dropped.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let fields: String
        let expected: String?

        init(_ name: String, _ fields: String, _ expected: String?) {
            testDescription = name
            self.fields = fields
            self.expected = expected
        }

        /// A call of one action with request parameters.
        static func call(_ name: String, _ action: String, _ parameters: String, _ added: String) -> Case {
            Case(
                name,
                """
                "eventSource":"migrationhub.amazonaws.com","eventName":"\(action)","readOnly":false,\
                "requestParameters":\(parameters)
                """,
                #"{"service":"migrationhub","action":"\#(action)","write":true\#(added)}"#
            )
        }
    }

    @Test(arguments: family + writes + requests + resources)
    func addsWhatTheCallDid(_ example: Case) throws {
        let run = try TransformRun(MigrationHubTransform.self, ["services": .text("all")])
        #expect(try run.added(to: "{\(example.fields)}", column: "migration") == example.expected)
    }

    static let family = [
        Case(
            "the documented record of Migration Hub",
            """
            "eventVersion":"1.05","eventTime":"2017-05-24T00:03:06Z","eventSource":"migrationhub.amazonaws.com",\
            "eventName":"DescribeApplicationState","awsRegion":"us-west-2","requestParameters":\
            {"applicationId":"d-application-05d4e9901fa320fa0"},"responseElements":null
            """,
            """
            {"service":"migrationhub","action":"DescribeApplicationState","write":false,\
            "application":"d-application-05d4e9901fa320fa0"}
            """
        ),
        Case("the endpoint's name", event("mgh.amazonaws.com", "A"), added("migrationhub", "A", write: true)),
        Case("config", event("migrationhub-config.amazonaws.com", "A"), added("config", "A", write: true)),
        Case("config, alias", event("migrationhubconfig.amazonaws.com", "GetX"), added("config", "GetX", write: false)),
        Case(
            "an action of config under Migration Hub",
            event("migrationhub.amazonaws.com", "GetHomeRegion"),
            added("config", "GetHomeRegion", write: false)
        ),
        Case(
            "an action of config under the endpoint's name",
            event("mgh.amazonaws.com", "DeleteHomeRegionControl"),
            added("config", "DeleteHomeRegionControl", write: true)
        ),
        Case(
            "an action of config under another service",
            event("discovery.amazonaws.com", "GetHomeRegion"),
            added("discovery", "GetHomeRegion", write: false)
        ),
        Case(
            "strategy",
            event("migrationhub-strategy.amazonaws.com", "StartAssessment"),
            added("strategy", "StartAssessment", write: true)
        ),
        Case(
            "orchestrator, by a name that only the log has",
            event("migrationhub-orchestrator.amazonaws.com", "GetMigrationWorkflow"),
            added("orchestrator", "GetMigrationWorkflow", write: false)
        ),
        Case(
            "refactor spaces",
            event("refactor-spaces.amazonaws.com", "ListRoutes"),
            added("refactor-spaces", "ListRoutes", write: false)
        ),
        Case(
            "discovery, alias",
            event("applicationdiscoveryservice.amazonaws.com", "DescribeAgents"),
            added("discovery", "DescribeAgents", write: false)
        ),
        Case("journeys", event("journeys.amazonaws.com", "X"), added("journeys", "X", write: true)),
        Case("another service", event("ec2.amazonaws.com", "NotifyMigrationTaskState"), nil),
        Case("a service of the same length", event("kms.amazonaws.com", "ImportMigrationTask"), nil),
        Case("a source in another case", event("MigrationHub.amazonaws.com", "ImportMigrationTask"), nil),
        Case("a source that goes on", event("mgh.amazonaws.com.cn", "ImportMigrationTask"), nil),
        Case("a source of 200 characters", event(String(repeating: "m", count: 200), "ImportMigrationTask"), nil),
        Case(
            "a source with escapes",
            event(#"migrationhub\u002eamazonaws.com"#, #"Import\u004digrationTask"#),
            added("migrationhub", "ImportMigrationTask", write: true)
        ),
        Case(
            "an empty source, by an action that one service has",
            event("", "ImportMigrationTask"),
            added("migrationhub", "ImportMigrationTask", write: true)
        ),
        Case("no source", #""eventName":"GetServerDetails""#, added("strategy", "GetServerDetails", write: false)),
        Case(
            "a source that is no text",
            #""eventSource":null,"eventName":"CreateMigrationWorkflow""#,
            added("orchestrator", "CreateMigrationWorkflow", write: true)
        ),
        Case("no source, an action that two services have", #""eventName":"CreateApplication""#, nil),
        Case("no source, an action of no service", #""eventName":"RunInstances""#, nil),
        Case("no source and no action", #""eventType":"AwsCloudTrailInsight""#, nil),
        Case(
            "a source and no action",
            #""eventSource":"mgh.amazonaws.com","eventName":"""#,
            #"{"service":"migrationhub"}"#
        ),
        Case(
            "the last of repeated keys counts",
            #""eventSource":"mgh.amazonaws.com","eventName":"A","eventSource":"ec2.amazonaws.com""#,
            nil
        ),
    ]

    static let writes = [
        Case("readOnly says read", write("Put", "true"), added("migrationhub", "Put", write: false)),
        Case("readOnly says write", write("Get", "false"), added("migrationhub", "Get", write: true)),
        Case("readOnly as a text", write("Put", #""true""#), added("migrationhub", "Put", write: false)),
        Case("readOnly null", write("Put", "null"), added("migrationhub", "Put", write: true)),
        Case("readOnly empty", write("BatchGetX", #""""#), added("migrationhub", "BatchGetX", write: false)),
        Case("the name BatchDelete", write("BatchDelete", "0"), added("migrationhub", "BatchDelete", write: true)),
        Case("the name get", write("getX", "0"), added("migrationhub", "getX", write: true)),
        Case(
            "readOnly without a name",
            #""eventSource":"mgh.amazonaws.com","readOnly":true"#,
            #"{"service":"migrationhub","write":false}"#
        ),
    ]

    static let requests = [
        Case.call(
            "the state of a task",
            "NotifyMigrationTaskState",
            """
            {"progressUpdateStream":"DMS","migrationTaskName":"t-1","task":{"status":"IN_PROGRESS",\
            "statusDetail":"50 % done","progressPercent":50},"updateDateTime":"May 1, 2024","nextUpdateSeconds":60,\
            "dryRun":false}
            """,
            """
            ,"dryRun":false,"stream":"DMS","task":"t-1","status":"IN_PROGRESS","percent":50,\
            "statusDetail":"50 % done"
            """
        ),
        Case.call(
            "the state of a task, upper camel",
            "NotifyMigrationTaskState",
            """
            {"ProgressUpdateStream":"DMS","MigrationTaskName":"t-1","Task":{"Status":"FAILED","ProgressPercent":1e1},\
            "DryRun":"true"}
            """,
            #","dryRun":true,"stream":"DMS","task":"t-1","status":"FAILED","percent":1e1"#
        ),
        Case.call(
            "the state of a task, any case",
            "NotifyMigrationTaskState",
            #"{"PROGRESSUPDATESTREAM":"DMS","migrationtaskname":"t-1","TASK":{"STATUSDETAIL":"x"}}"#,
            #","stream":"DMS","task":"t-1","statusDetail":"x""#
        ),
        Case.call(
            "the exact name comes before the others",
            "X",
            #"{"MIGRATIONTASKNAME":"c","migrationTaskName":"a","MigrationTaskName":"b"}"#,
            #","task":"a""#
        ),
        Case.call(
            "upper camel comes before any case",
            "X",
            #"{"MigrationTaskName":"b","MIGRATIONTASKNAME":"c"}"#,
            #","task":"b""#
        ),
        Case.call(
            "names with other signs are other names",
            "X",
            #"{"migration_askName":"a","migrationTaskNam":"b","igrationTaskName":"c"}"#,
            ""
        ),
        Case.call("an escaped name", "X", #"{"migrationT\u0061skName":"a\/b"}"#, #","task":"a/b""#),
        Case.call(
            "percent that is no number",
            "NotifyMigrationTaskState",
            #"{"task":{"status":"","progressPercent":"50","statusDetail":7}}"#,
            ""
        ),
        Case.call("a task that is no object", "NotifyMigrationTaskState", #"{"task":"status"}"#, ""),
        Case.call("dryRun that is no flag", "X", #"{"dryRun":"yes"}"#, ""),
        Case.call(
            "the state of an application",
            "NotifyApplicationState",
            #"{"applicationId":"d-1","status":"COMPLETED","task":{"status":"FAILED","progressPercent":1}}"#,
            #","application":"d-1","status":"COMPLETED""#
        ),
        Case.call("a status of another action", "ListMigrationTasks", #"{"status":"x","task":{"status":"y"}}"#, ""),
        Case.call("the name of a stream", "X", #"{"progressUpdateStreamName":"SMS"}"#, #","stream":"SMS""#),
        Case.call(
            "an empty stream gives way to the name of a stream",
            "X",
            #"{"progressUpdateStream":"","progressUpdateStreamName":"SMS"}"#,
            #","stream":"SMS""#
        ),
        Case.call(
            "only applicationId is an application",
            "X",
            #"{"applicationIdentifier":"app-1"}"#,
            #","resource":"app-1""#
        ),
        Case.call("parameters null", "X", "null", ""),
        Case.call("parameters left out for their size", "X", #"{"omitted":"true","originalSize":"149893"}"#, ""),
    ]

    static let resources: [Case] =
        ["resourceArn", "connectionArn", "identifier", "id", "taskId", "vpcId", "homeRegion"].map {
            Case.call("resource from \($0)", "X", #"{"\#($0)":"r"}"#, #","resource":"r""#)
        } + [
            Case.call(
                "resource: the first in the rule's order",
                "X",
                #"{"id":"b","identifier":"a"}"#,
                #","resource":"a""#
            ),
            Case.call("resource: empty ones are passed over", "X", #"{"identifier":"","id":"b"}"#, #","resource":"b""#),
            Case.call("resource: numbers are passed over", "X", #"{"identifier":7,"vpcId":"v"}"#, #","resource":"v""#),
            Case.call(
                "resource: the name of an artifact",
                "X",
                #"{"createdArtifact":{"name":"arn:x","description":"d"},"vpcId":"v"}"#,
                #","resource":"arn:x""#
            ),
            Case.call(
                "resource: the configuration of what was discovered",
                "X",
                #"{"discoveredResource":{"ConfigurationId":"d-server-1"}}"#,
                #","resource":"d-server-1""#
            ),
            Case.call(
                "resource: a list gives its first text",
                "X",
                #"{"configurationIds":[7,"",["x"],"d-1","d-2"]}"#,
                #","resource":"d-1""#
            ),
            Case.call(
                "resource: a list without texts gives nothing",
                "X",
                #"{"deleteAgents":[{"agentId":"a"}],"vpcId":"v"}"#,
                #","resource":"v""#
            ),
            Case.call("resource: an empty list", "X", #"{"agentIds":[],"exportIds":["e"]}"#, #","resource":"e""#),
            Case.call(
                "resource: path parameters stay as recorded",
                "X",
                #"{"connectionArn":"arn%3Aaws%3Amgh"}"#,
                #","resource":"arn%3Aaws%3Amgh""#
            ),
        ]

    private static func event(_ source: String, _ action: String) -> String {
        #""eventSource":"\#(source)","eventName":"\#(action)""#
    }

    private static func write(_ action: String, _ readOnly: String) -> String {
        event("mgh.amazonaws.com", action) + #","readOnly":\#(readOnly)"#
    }

    private static func added(_ service: String, _ action: String, write: Bool) -> String {
        #"{"service":"\#(service)","action":"\#(action)","write":\#(write)}"#
    }
}
