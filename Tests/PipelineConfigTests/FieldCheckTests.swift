import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Field paths against the fields that events have, where they come to a stage.
@Suite struct FieldCheckTests {
    /// A pipeline with a mark at each place that is reported, and what is said there: a label, or else the message.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let said: [String]

        init(_ name: String, _ text: String, _ said: String...) {
            testDescription = name
            self.text = text
            self.said = said
        }

        /// One filter, which asks for a field.
        init(filter name: String, _ field: String, _ said: String...) {
            testDescription = name
            text = "transforms:\n  f: {type: filter, field: \(field), exists: true}\n"
            self.said = said
        }
    }

    @Test(
        arguments: misspelt + paths + orders + branches + values + unknown + words + spellings + columns + elements
            + state
    )
    func `each is said at its place`(_ example: Case) {
        let sinks = example.text.contains("sinks:") ? "" : "sinks: {o: {type: jsonl, path: '-'}}\n"
        let sources = example.text.contains("sources:") ? "" : "sources: {s: {type: file, path: '-'}}\n"
        let marked = MarkedText(sources + example.text + (example.text.hasSuffix("\n") ? "" : "\n") + sinks)
        let checked = PipelineFile.check(
            SourceText(name: "test.conf", text: marked.text),
            plugins: .builtin.adding(transforms: [Undeclared.self, FieldsEverywhere.self]),
            variables: marked.text.contains("${FIELD}") ? ["FIELD": "eventsource"] : [:]
        )
        let said = checked.diagnostics.map { ($0.severity == .error ? "error: " : "") + ($0.label ?? $0.message) }
        #expect(said == example.said)
        #expect(
            checked.diagnostics.map { $0.span.map { SourceSpan(line: $0.line, column: $0.column) } } == marked.places
        )
    }

    /// In every option that takes field paths: CloudTrail has no two names that differ in their case alone.
    @Test(arguments: [
        "filter, field: 1️⃣eventname, exists: true", "filter, where: has(1️⃣eventname)",
        "sort, by: 1️⃣eventtime",
        "select, fields: [eventTime, 1️⃣eventname]", "remove, fields: [requestParameters.x, 1️⃣useragent]",
        "rename, fields: {1️⃣useragent: agent}", "redact, fields: [1️⃣requestparameters]",
        "redact, fields: [1️⃣requestparameters.password]", "redact, fields: [userIdentity.1️⃣accesskeyid]",
        "parse_json, fields: [1️⃣responseelements.policy]", "sample, rate: 0.5, by: 1️⃣eventname",
        "aggregate, by: [1️⃣awsregion]", "aggregate, by: [awsRegion], first: [1️⃣eventtime]",
        "aggregate, by: [awsRegion], last: [1️⃣eventtime]", "aggregate, by: [awsRegion], distinct: [1️⃣eventname]",
        "time_bucket, every: 1h, field: 1️⃣eventtime", "route, ports: {a: 'has(1️⃣errorcode)'}, else: b",
        "sink: jsonl, columns: [1️⃣eventname]", "sink: csv, columns: [1️⃣eventname]",
        "sink: sqlite, columns: [eventTime, userIdentity.1️⃣Type]", "sink: jsonl, path: 'out/{1️⃣awsregion}.jsonl'",
    ])
    func `another case is a mistake`(stage: String) {
        var text = "sources: {s: {type: file, path: '-'}}\n"
        if stage.hasPrefix("sink: ") {
            text += "sinks: {o: {type: \(stage.dropFirst(6))\(stage.contains("path") ? "" : ", path: o.db")}}\n"
        } else {
            let inputs = stage.hasPrefix("route") ? ", inputs: [f.a, f.b]" : ""
            text += "transforms: {f: {type: \(stage)}}\nsinks: {o: {type: jsonl, path: '-'\(inputs)}}\n"
        }
        let marked = MarkedText(text)
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: marked.text), plugins: .builtin)
        let errors = checked.diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 1, "\(checked.diagnostics.map(\.message))")
        #expect(errors.first?.label?.hasPrefix("did you mean") == true, "\(errors.map(\.message))")
        #expect(errors.first?.span.map { SourceSpan(line: $0.line, column: $0.column) } == marked.places.first)
    }

    /// What is to be hidden gets out otherwise.
    @Test(arguments: [("redact", true), ("remove", false), ("select", false)])
    func `nearly a name is a mistake where the field is to be hidden`(plugin: String, isMistake: Bool) {
        let text = """
            sources: {s: {type: file, path: '-'}}
            transforms: {f: {type: \(plugin), fields: [userIdentity.acessKeyId]}}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        #expect(checked.diagnostics.count == 1)
        #expect((checked.plan == nil) == isMistake)
    }

    @Test func `an element in brackets is no path`() {
        let text = """
            sources: {s: {type: file, path: '-'}}
            sinks: {o: {type: csv, path: '-', columns: ["requestParameters.items[0].x"]}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        let label = "conditions write 'requestParameters.items[0].x', field paths 'requestParameters.items.0.x'"
        #expect(checked.diagnostics.map(\.label) == [label])
    }

    static let misspelt = [
        Case(filter: "wrong case", "1️⃣eventsource", "error: did you mean 'eventSource'?"),
        Case(filter: "a letter less", "1️⃣eventSorce", "did you mean 'eventSource'?"),
        Case(filter: "letters swapped", "1️⃣evnetName", "did you mean 'eventName'?"),
        Case(filter: "snake case", "1️⃣aws_region", "did you mean 'awsRegion'?"),
        Case(filter: "the letters of an id", "1️⃣requestId", "error: did you mean 'requestID'?"),
        Case(filter: "an account's id", "1️⃣recipientAccountID", "error: did you mean 'recipientAccountId'?"),
        Case(filter: "an id of aggregated events", "1️⃣eventId", "did you mean 'eventID'?"),
        Case(filter: "below", "userIdentity.1️⃣Type", "error: did you mean 'type'?"),
        Case(
            filter: "far below",
            "userIdentity.sessionContext.sessionIssuer.1️⃣usrName",
            "did you mean 'userName'?"
        ),
        Case(
            filter: "in the middle",
            "userIdentity.1️⃣sesionContext.sessionIssuer.userName",
            "did you mean 'sessionContext'?"
        ),
        Case(filter: "at the top, more below", "1️⃣useridentity.type", "error: did you mean 'userIdentity'?"),
        Case(filter: "above what is open", "1️⃣requestparameters.bucketName", "error: did you mean 'requestParameters'?"),
        Case(filter: "two keys", "1️⃣useridentity.usrname", "did you mean 'userIdentity.userName'?"),
        Case(filter: "an element's key", "resources.0.1️⃣arn", "error: did you mean 'ARN'?"),
        Case(filter: "no number of an element", "1️⃣resources.ARN", "did you mean 'resources.0.ARN'?"),
        Case(filter: "a column's name", "1️⃣userIdentity_type", "did you mean 'userIdentity.type'?"),
        Case(filter: "a part of a name", "1️⃣region", "did you mean 'awsRegion'?"),
        Case(filter: "only the last key", "1️⃣userName", "did you mean 'userIdentity.userName'?"),
        Case(
            filter: "without the first key",
            "1️⃣sessionIssuer.userName",
            "did you mean 'userIdentity.sessionContext.sessionIssuer.userName'?"
        ),
        Case(filter: "in single quotes", "'1️⃣eventsource'", "error: did you mean 'eventSource'?"),
        Case(filter: "in double quotes", "\"userIdentity.1️⃣arnn\"", "did you mean 'arn'?"),
        Case(filter: "a key in quotes", "'userIdentity.1️⃣\"arnn\"'", "did you mean 'arn'?"),
        Case(filter: "a key in escaped quotes", "\"userIdentity.1️⃣\\\"arnn\\\".x\"", "did you mean 'arn'?"),
        Case(filter: "from a variable", "\"1️⃣${FIELD}\"", "error: did you mean 'eventSource'?"),
        Case(
            "in a block list",
            """
            sinks:
              o:
                type: csv
                path: '-'
                columns:
                  - eventTime
                  - userIdentity.1️⃣arm
                  - "2️⃣eventname"
                  - requestParameters.anything
            """,
            "did you mean 'arn'?",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "in a flow list",
            "sinks: {o: {type: sqlite, path: x.db, columns: [eventTime, 1️⃣Eventname, 'tlsDetails.2️⃣tlsversion']}}",
            "error: did you mean 'eventName'?",
            "error: did you mean 'tlsVersion'?"
        ),
        Case(
            "in two options",
            "sinks: {o: {type: sqlite, path: x.db, columns: [1️⃣eventname], indexes: [2️⃣eventname]}}",
            "error: did you mean 'eventName'?",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "one path instead of a list",
            "sinks: {o: {type: csv, path: '-', columns: 1️⃣eventname}}",
            "error: did you mean 'eventName'?"
        ),
        Case(
            "in options of any type",
            """
            transforms:
              e:
                type: fields_everywhere
                one: 1️⃣eventname
                list: [eventName, userIdentity.2️⃣arnn]
                mapping: {a: eventName, b: 3️⃣eventsource}
                own: {field: 4️⃣sourceipaddress}
            """,
            "error: did you mean 'eventName'?",
            "did you mean 'arn'?",
            "error: did you mean 'eventSource'?",
            "error: did you mean 'sourceIPAddress'?"
        ),
    ]

    static let paths = [
        Case("the options' defaults", "sinks: {o: {type: csv, path: '-'}}"),
        Case(filter: "open by nature", "requestParameters.\"x.y\".0.Z"),
        Case(filter: "open further down", "userIdentity.sessionContext.webIdFederationData.attributes.appid"),
        Case(filter: "an element", "resources.0"),
        Case(filter: "a number in quotes", "resources.\"12\".ARN"),
        Case(filter: "of Insights", "insightDetails.insightContext.attributions.0.insight.1.value"),
        Case(filter: "of aggregated events", "summary.details.0.statistics.0.name"),
        Case(
            filter: "a list in a list without numbers",
            "1️⃣insightDetails.insightContext.attributions.attribute",
            "did you mean 'insightDetails.insightContext.attributions.0.attribute'?"
        ),
        Case(filter: "below a text", "eventName.1️⃣length", "'eventName' is no object, so it has no field 'length'"),
        Case(filter: "an element of a text", "eventName.1️⃣0", "'eventName' is no object, so it has no field '0'"),
        Case(
            "of what is added",
            """
            transforms:
              who: {type: identity}
              hub: {type: migration_hub}
              f: {type: filter, field: identity.actor, exists: true}
              g: {type: filter, field: identity.1️⃣actr, exists: true}
              h: {type: filter, field: migration.2️⃣Task, exists: true}
              i: {type: filter, field: identity.kind.3️⃣x, exists: true}
              j: {type: filter, field: identity.4️⃣nothing, exists: true}
              k: {type: filter, field: 5️⃣actor, exists: true}
              l: {type: filter, field: 6️⃣identity_actor, exists: true}
              m: {type: filter, field: 7️⃣idenity.actor, exists: true}
            """,
            "did you mean 'actor'?",
            "error: did you mean 'task'?",
            "'identity.kind' is no object, so it has no field 'x'",
            "'identity' has no field 'nothing'",
            "did you mean 'identity.actor'?",
            "did you mean 'identity.actor'?",
            "did you mean 'identity'?"
        ),
        Case(
            "under another name",
            """
            transforms:
              who: {type: identity, as: caller}
              f: {type: filter, field: caller.kind, exists: true}
              g: {type: filter, field: caller.1️⃣Kind, exists: true}
              h: {type: filter, field: 2️⃣Caller.kind, exists: true}
              i: {type: filter, field: 3️⃣identity.kind, exists: true}
            """,
            "error: did you mean 'kind'?",
            "error: did you mean 'caller'?",
            "did you mean 'caller.kind'?"
        ),
        Case(
            "under the name of a field of the record",
            """
            transforms:
              who: {type: identity, as: 1️⃣userIdentity}
              f: {type: filter, field: userIdentity.kind, exists: true}
              g: {type: filter, field: userIdentity.2️⃣type, exists: true}
            """,
            "'as: userIdentity' hides the record's own 'userIdentity' from later stages and from what sinks write",
            "'userIdentity' has no field 'type'"
        ),
    ]

    static let orders = [
        Case(
            "above the stage that adds it",
            """
            transforms:
              f: {type: filter, field: 1️⃣identity.kind, exists: true}
              who: {type: identity}
            """,
            "error: not there yet"
        ),
        Case(
            "above by its name of another kind",
            """
            transforms:
              f: {type: filter, field: 1️⃣caller.kind, exists: true}
              who: {type: identity, as: caller}
            """,
            "error: not there yet"
        ),
        Case(
            "the whole object, several stages above",
            """
            transforms:
              f: {type: filter, field: 1️⃣migration, exists: true}
              g: {type: filter, field: eventName, exists: true}
              hub: {type: migration_hub}
              who: {type: identity}
            """,
            "error: not there yet"
        ),
        Case(
            "above in the file, below in the graph",
            """
            transforms:
              f: {type: filter, field: identity.kind, exists: true, inputs: who}
              who: {type: identity, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: f}}
            """
        ),
        Case(
            "below in the file, above in the graph",
            """
            transforms:
              who: {type: identity, inputs: f}
              f: {type: filter, field: 1️⃣identity.kind, exists: true, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: who}}
            """,
            "error: not there yet"
        ),
        Case(
            "no stage adds it",
            "sinks: {o: {type: csv, path: '-', columns: [eventTime, 1️⃣identity.kind, identity.actor, 2️⃣migration.task]}}",
            "no stage above adds 'identity', so 'identity.kind' is missing unless the events have it already",
            "no stage above adds 'migration', so 'migration.task' is missing unless the events have it already"
        ),
        Case(
            "no stage adds it, and it is misspelt",
            "sinks: {o: {type: csv, path: '-', columns: [identity.1️⃣knd]}}",
            "did you mean 'kind'?"
        ),
        Case(
            "behind exec",
            """
            transforms:
              e: {type: exec, command: [cat]}
              f: {type: filter, field: eventsource, exists: true}
              g: {type: filter, field: identity.knd, equals: Root}
              who: {type: identity}
            """
        ),
        Case(
            "before exec",
            """
            transforms:
              f: {type: filter, field: 1️⃣eventsource, exists: true}
              e: {type: exec, command: [cat]}
            """,
            "error: did you mean 'eventSource'?"
        ),
        Case(
            "behind a source that is a program",
            """
            sources: {s: {type: exec, command: [cat]}}
            transforms: {f: {type: filter, field: eventsource, exists: true}}
            """
        ),
        Case(
            "behind a plugin that does not say what it adds",
            """
            transforms:
              u: {type: undeclared}
              f: {type: filter, field: team, exists: true}
            """
        ),
    ]

    static let branches = [
        Case(
            "in another branch",
            """
            transforms:
              who: {type: identity, inputs: s}
              f: {type: filter, field: 1️⃣identity.kind, equals: root, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: who}
              p: {type: csv, path: x.csv, inputs: f, columns: [2️⃣identity.actor, identity.kind]}
            """,
            "'identity.kind' is added by transform 'who' on line 3, whose events transform 'f' does not take",
            "'identity.actor' is added by transform 'who' on line 3, whose events sink 'p' does not take"
        ),
        Case(
            "where branches meet",
            """
            transforms:
              who: {type: identity, inputs: s}
              hub: {type: migration_hub, inputs: s}
            sinks: {o: {type: csv, path: '-', inputs: [who, hub], columns: [identity.kind, migration.task, 1️⃣geo.city]}}
            """,
            "no CloudTrail record has a field 'geo', as far as mhpipe knows"
        ),
        Case(
            "one branch behind exec",
            """
            transforms:
              e: {type: exec, command: [cat], inputs: s}
              g: {type: filter, field: eventName, exists: true, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: e, columns: [eventsource]}
              p: {type: csv, path: x.csv, inputs: g, columns: [1️⃣eventsource]}
              q: {type: csv, path: y.csv, inputs: [e, g], columns: [eventsource]}
            """,
            "error: did you mean 'eventSource'?"
        ),
        Case(
            "the same transform in two branches, under two names",
            """
            transforms:
              who: {type: identity, inputs: s}
              caller: {type: identity, as: caller, inputs: s}
            sinks:
              o: {type: csv, path: '-', inputs: who, columns: [identity.kind, 1️⃣caller.kind]}
              p: {type: csv, path: x.csv, inputs: caller, columns: [2️⃣identity.kind, caller.kind]}
            """,
            "'caller.kind' is added by transform 'caller' on line 4, whose events sink 'o' does not take",
            "'identity.kind' is added by transform 'who' on line 3, whose events sink 'p' does not take"
        ),
    ]

    static let values = [
        Case(
            "of what is added",
            """
            transforms:
              who: {type: identity}
              hub: {type: migration_hub, services: [migrationhub, config]}
              a: {type: filter, field: identity.kind, equals: 1️⃣Root}
              b: {type: filter, field: identity.kind, any_of: [root, 2️⃣IAMUser, 3️⃣'anything']}
              c: {type: filter, field: identity.mfa, equals: 4️⃣yes}
              d: {type: filter, field: migration.service, equals: 5️⃣strategy}
              e: {type: filter, field: migration.service, equals: 6️⃣Config}
              f: {type: filter, field: migration.status, equals: 7️⃣COMPLETE}
              g: {type: filter, field: identity.kind, matches: 8️⃣^Ro, not: true}
              h: {type: filter, field: identity.kind, matches: ^ro}
              i: {type: filter, field: identity.actor, equals: Anybody}
              j: {type: filter, field: migration.action, equals: 9️⃣NotifyMigrationTaskStat}
            """,
            "did you mean 'root'?",
            "did you mean 'iam_user'?",
            "'identity.kind' is never 'anything'",
            "did you mean 'true'?",
            "'migration.service' is never 'strategy'",
            "did you mean 'config'?",
            "did you mean 'COMPLETED'?",
            "'matches' fits no value of 'identity.kind'",
            "did you mean 'NotifyMigrationTaskState'?"
        ),
        Case(
            "of CloudTrail",
            """
            transforms:
              a: {type: filter, field: readOnly, equals: 1️⃣yes}
              b: {type: filter, field: managementEvent, equals: 2️⃣False}
              c: {type: filter, field: userIdentity.type, any_of: [Root, 3️⃣AssumedRoles, 4️⃣iamUser, NewKind]}
              d: {type: filter, field: eventType, equals: 5️⃣AWSApiCall}
              e: {type: filter, field: eventCategory, equals: 6️⃣management}
              f: {type: filter, field: userIdentity.sessionContext.attributes.mfaAuthenticated, equals: 7️⃣1}
              g: {type: filter, field: eventName, equals: anything}
              h: {type: filter, field: readOnly, equals: 8️⃣maybe}
              i: {type: filter, field: requestParameters.readOnly, equals: yes}
              j: {type: filter, field: userIdentity, equals: 9️⃣Root}
              k: {type: filter, field: userIdentity, equals: '{"type":"Root"}'}
            """,
            "did you mean 'true'?",
            "did you mean 'false'?",
            "did you mean 'AssumedRole'?",
            "did you mean 'IAMUser'?",
            "did you mean 'AwsApiCall'?",
            "did you mean 'Management'?",
            "did you mean 'true'?",
            "'readOnly' is never 'maybe'",
            "'userIdentity' is an object, and never the text 'Root'"
        ),
        Case(
            "of a field that no stage adds",
            """
            transforms:
              f: {type: filter, field: 1️⃣identity.kind, equals: 2️⃣Root}
            """,
            "no stage above adds 'identity', so 'identity.kind' is missing unless the events have it already",
            "did you mean 'root'?"
        ),
    ]

    static let unknown = [
        Case(
            filter: "a field like no other",
            "1️⃣costCenter",
            "no CloudTrail record has a field 'costCenter', as far as mhpipe knows"
        ),
        Case(
            filter: "a field like no other below",
            "userIdentity.1️⃣costCenter",
            "'userIdentity' has no field 'costCenter', as far as mhpipe knows"
        ),
        Case(
            "an input that is misspelt",
            """
            transforms:
              who: {type: identity}
            sinks: {o: {type: csv, path: '-', inputs: 1️⃣whoo, columns: [identity.2️⃣knd]}}
            """,
            "error: did you mean 'who'?",
            "did you mean 'kind'?"
        ),
    ]
}

private struct Undeclared: Transform {
    static let name = "undeclared"
    static let summary = "Does not say what it adds."

    init(_ options: NoOptions, _ context: PluginContext) {}

    func process(_ batch: EventBatch) {}
}

private struct FieldsEverywhere: Transform {
    static let name = "fields_everywhere"
    static let summary = "Has field paths in options of several types."

    struct Own: OptionValue {
        var field = FieldPath("eventName")

        static var typeName: String { "a mapping with a field" }
        var optionText: String { "{field: \(field.text)}" }
        var fieldPaths: [FieldPath] { [field] }

        init() {}

        init(config node: ConfigNode) throws(OptionError) {
            field = try FieldPath(config: node["field"] ?? node)
        }
    }

    struct Options: PluginOptions {
        var one: FieldPath?
        var list: [FieldPath] = []
        var mapping: [String: FieldPath] = [:]
        var own = Own()

        static let all: [Option<Options>] = [
            .optional("one", \.one, "A path."),
            .optional("list", \.list, "Paths."),
            .optional("mapping", \.mapping, "Paths by names."),
            .optional("own", \.own, "A path in a type of its own."),
        ]
    }

    init(_ options: Options, _ context: PluginContext) {}

    static func adds(_ options: Options) -> [EventField]? { [] }

    func process(_ batch: EventBatch) {}
}
