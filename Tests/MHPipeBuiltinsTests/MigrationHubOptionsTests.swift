import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct MigrationHubOptionsTests {
    private let records = [
        #"{"eventSource":"migrationhub.amazonaws.com","eventName":"ImportMigrationTask"}"#,
        #"{"eventSource":"discovery.amazonaws.com","eventName":"StartImportTask"}"#,
        #"{"eventSource":"ec2.amazonaws.com","eventName":"RunInstances"}"#,
        #"{"eventSource":"migrationhub-orchestrator.amazonaws.com","eventName":"GetWorkflow"}"#,
        #"{"eventSource":"migrationhub-orchestrator.amazonaws.com","eventName":"DeleteMigrationWorkflow"}"#,
        #"{"eventSource":"journeys.amazonaws.com"}"#,
        #"{"eventName":"DescribeAgents"}"#,
    ]

    @Test func keepsTheFamilyButNotDiscovery() throws {
        #expect(try TransformRun(MigrationHubTransform.self).kept(records) == [0, 3, 4, 5])
    }

    @Test(arguments: [[], [("services", "migration")], [("actions", "ImportMigrationTask"), ("writes_only", "true")]])
    func keepsOthersAsTheyAreWhenAsked(options: [(String, String)]) throws {
        func run(_ options: [(String, String)]) throws -> TransformRun<MigrationHubTransform> {
            try TransformRun(entries: options.map { ConfigEntry(key: $0, value: ConfigNode(.text($1))) })
        }
        let some = try run(options)
        let all = try run(options + [("keep_others", "true")])
        let batch = try all.batch(records)
        #expect(batch.map(\.number) == Array(records.indices))
        let column = try #require(batch.columns.first)
        #expect(records.indices.filter { column.isSet(row: $0) } == (try some.kept(records)))
    }

    @Test func keepsEveryServiceWhenAsked() throws {
        let run = try TransformRun(MigrationHubTransform.self, ["services": .text("all")])
        #expect(try run.kept(records) == [0, 1, 3, 4, 5, 6])
    }

    @Test func keepsWhatIsAroundTheFamilyWhenAsked() throws {
        let around = [
            ("mgn", "StartCutover", "mgn"), ("dms", "StartReplicationTask", "dms"), ("drs", "StartRecovery", "drs"),
            ("transform", "CreateJob", "transform"), ("application-transformation", "X", "transform"),
            ("transform-custom", "X", "transform"), ("transform-agents", "SendMessage", "transform"),
        ]
        let more = around.map { #"{"eventSource":"\#($0.0).amazonaws.com","eventName":"\#($0.1)"}"# }
        // What has no source is told as it is without them.
        let nameless = [#"{"eventName":"StartCutover"}"#, #"{"eventName":"NotifyMigrationTaskState"}"#]
        let run = try TransformRun(MigrationHubTransform.self, ["services": .texts("migration")])
        let batch = try run.batch(records + more + nameless)
        #expect(batch.map(\.number) == [0, 1] + Array(3...13) + [15])
        let column = try #require(batch.columns.first)
        for (number, service) in around.enumerated() {
            let text = JSONLines.objectText(of: column, row: records.count + number)
            #expect(text.hasPrefix(#"{"service":"\#(service.2)""#))
        }
        for services in ["all", "discovery"] {
            let run = try TransformRun(MigrationHubTransform.self, ["services": .text(services)])
            #expect(try run.kept(more + nameless) == (services == "all" ? [8] : []))
        }
        #expect(try TransformRun(MigrationHubTransform.self, ["services": .text("mgn")]).kept(more) == [0])
    }

    @Test func keepsTheServicesThatAreNamed() throws {
        let run = try TransformRun(MigrationHubTransform.self, ["services": .texts("discovery", "journeys")])
        #expect(try run.kept(records) == [1, 5, 6])
    }

    @Test func keepsTheActionsThatAreNamedUnderAllTheirNames() throws {
        let options: KeyValuePairs<String, ConfigNode.Content> = [
            "actions": .texts("ImportMigrationTask", "DeleteWorkflow")
        ]
        let run = try TransformRun(MigrationHubTransform.self, options)
        #expect(try run.kept(records) == [0, 4])
        #expect(run.warnings.texts == [])
    }

    @Test func keepsWritesOnlyWhenAsked() throws {
        let run = try TransformRun(MigrationHubTransform.self, ["writes_only": .text("true")])
        #expect(try run.kept(records) == [0, 4])
    }

    @Test func addsUnderAnotherNameWhenAsked() throws {
        let run = try TransformRun(MigrationHubTransform.self, ["as": .text("hub")])
        #expect(try run.added(to: records[5], column: "hub") == #"{"service":"journeys"}"#)
        #expect(run.warnings.texts == [])
    }

    @Test func warnsOfANameThatTheRecordHas() throws {
        let run = try TransformRun(MigrationHubTransform.self, ["as": .text("userIdentity")])
        #expect(
            run.warnings.texts == [
                "'as: userIdentity' hides the record's own 'userIdentity' from later stages and from what sinks write"
            ]
        )
    }

    @Test(
        arguments: [
            (
                ["notifymigrationtaskstate"],
                [
                    "'notifymigrationtaskstate', which is no known action of the Migration Hub family; did you mean 'NotifyMigrationTaskState'?"
                ]
            ),
            (["RunInstances"], ["'RunInstances', which is no known action of the Migration Hub family"]),
            (
                ["StartImportTask", "GetHomeRegion"],
                ["'StartImportTask', an action of 'discovery', which 'services' leaves out"]
            ),
            (["CreateApplication"], []),
        ] as [([String], [String])]
    )
    func warnsOfActionsThatNoEventHas(actions: [String], warnings: [String]) throws {
        let nodes = actions.map { ConfigNode(.text($0)) }
        let run = try TransformRun(MigrationHubTransform.self, ["actions": .list(nodes)])
        #expect(run.warnings.texts == warnings.map { "'actions' has " + $0 })
    }

    @Test(
        arguments: [
            (
                ["services": .text("discovry")],
                "needs one of migrationhub, config, strategy, orchestrator, refactor-spaces, discovery, journeys, mgn, dms, drs, transform, all, migration, not 'discovry'"
            ),
            (["services": .list([])], "needs at least one service, or all"),
            (["actions": .list([])], "needs at least one action"),
            (["as": .text("")], "needs a key, not an empty text"),
            (["as": .list([])], "needs a key, not a list"),
        ] as [(KeyValuePairs<String, ConfigNode.Content>, String)]
    )
    func refusesWhatCannotBeMeant(options: KeyValuePairs<String, ConfigNode.Content>, message: String) throws {
        let error = #expect(throws: OptionError.self) { try TransformRun(MigrationHubTransform.self, options) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }
}
