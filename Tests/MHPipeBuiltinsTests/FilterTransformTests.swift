import MHPipeConditions
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite struct FilterTransformTests {
    private typealias Options = KeyValuePairs<String, ConfigNode.Content>

    /// Records by number; the comments give what `field` holds.
    private static let records = [
        #"{"f":"Root"}"#,  // 0
        #"{"f":"R\u006fot"}"#,  // 1: the same text, escaped
        #"{"f":"root"}"#,  // 2
        #"{"f":""}"#,  // 3
        #"{"f":null}"#,  // 4
        #"{}"#,  // 5
        #"{"f":1.0}"#,  // 6
        #"{"f":1}"#,  // 7
        #"{"f":true}"#,  // 8
        #"{"f":"true"}"#,  // 9
        #"{"f":{ "a" : "x y" }}"#,  // 10
        #"{"f":[ 1 , 2 ]}"#,  // 11
        #"{"f":"Root","f":"last"}"#,  // 12
        #"{"f":"zwölf\nRoot"}"#,  // 13
        #"{"f":"null"}"#,  // 14
    ]

    private static let present = [0, 1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 14]

    struct Case: CustomTestStringConvertible, Sendable {
        let key: String
        let value: ConfigNode.Content
        let kept: [Int]

        init(_ key: String, _ value: ConfigNode.Content, _ kept: [Int]) {
            self.key = key
            self.value = value
            self.kept = kept
        }

        var testDescription: String { "\(key): \(value)" }
    }

    static let cases = [
        Case("equals", .text("Root"), [0, 1]),
        Case("equals", .text(""), [3]),
        Case("equals", .text("1"), [7]),
        Case("equals", .text("1.0"), [6]),
        Case("equals", .text("true"), [8, 9]),
        Case("equals", .text("null"), [14]),
        Case("equals", .text(#"{"a":"x y"}"#), [10]),
        Case("equals", .text("[1,2]"), [11]),
        Case("equals", .text("last"), [12]),
        Case("equals", .text("zwölf\nRoot"), [13]),
        Case("any_of", .texts("Root", "1", "nothing", "last"), [0, 1, 7, 12]),
        Case("any_of", .text("Root"), [0, 1]),
        Case("exists", .text("true"), present),
        Case("exists", .text("false"), [4, 5]),
        Case("matches", .text("oo"), [0, 1, 2, 13]),
        Case("matches", .text("^Root$"), [0, 1]),
        Case("matches", .text("(?m)^Root$"), [0, 1, 13]),
        Case("matches", .text("(?i)^r"), [0, 1, 2]),
        Case("matches", .text("^zw.lf"), [13]),
        Case("matches", .text(#""a":"x y""#), [10]),
        Case("matches", .text(""), present),
        Case("matches", .text("^$"), [3]),
    ]

    @Test(arguments: cases)
    func keepsWhatPasses(_ example: Case) throws {
        let run = try TransformRun(FilterTransform.self, ["field": .text("f"), example.key: example.value])
        #expect(try run.kept(Self.records) == example.kept)
    }

    @Test(arguments: cases)
    func dropsWhatPassesWhenTurnedRound(_ example: Case) throws {
        let run = try TransformRun(
            FilterTransform.self,
            ["field": .text("f"), example.key: example.value, "not": .text("true")]
        )
        #expect(try run.kept(Self.records) == Self.records.indices.filter { !example.kept.contains($0) })
    }

    @Test func readsWhatOtherTransformsAdded() throws {
        let batch = EventBatch(records: [#"{"a":1}"#, #"{"a":2}"#, #"{"a":3}"#])
        let column = batch.addColumn("who", members: ["name", "isRoot"])
        column.set(.string(#"a"b"#), row: 0, member: 0)
        column.set(.bool(true), row: 1, member: 1)
        func kept(_ key: String, _ value: ConfigNode.Content, field: String) throws -> [Int] {
            let fork = batch.fork()
            var filter = try TransformRun(FilterTransform.self, ["field": .text(field), key: value]).transform
            filter.process(fork)
            return fork.map(\.number)
        }
        #expect(try kept("equals", .text(#"a"b"#), field: "who.name") == [0])
        #expect(try kept("equals", .text("true"), field: "who.isRoot") == [1])
        #expect(try kept("exists", .text("true"), field: "who") == [0, 1])
        #expect(try kept("equals", .text(#"{"isRoot":true}"#), field: "who") == [1])
        #expect(try kept("exists", .text("true"), field: "who.other") == [])
    }

    @Test(
        arguments: [
            (["field": .text("f")], "'field' needs a test beside it: one of equals, any_of, exists, matches"),
            (
                ["field": .text("f"), "equals": .text("a"), "matches": .text("b")],
                "'matches' cannot stand beside 'equals', a filter makes one test; for several texts use any_of, "
                    + "for several tests several filters"
            ),
            (["field": .text("f"), "any_of": .list([])], "'any_of' needs at least one text"),
            (
                ["field": .text("f"), "matches": .text("ö(a|b")],
                "'matches' is no regular expression: missing closing parenthesis at offset 5"
            ),
            (["equals": .text("f")], "needs 'field' beside 'equals'"),
        ] as [(KeyValuePairs<String, ConfigNode.Content>, String)]
    )
    func refusesWhatCannotBeMeant(options: KeyValuePairs<String, ConfigNode.Content>, message: String) {
        let error = #expect(throws: OptionError.self) { try TransformRun(FilterTransform.self, options) }
        #expect(error?.description == message)
    }

    @Test(
        arguments: [
            ("eventSource", "mgh.amazonaws.com", nil, false, "equals"),
            ("eventSource", nil, ["mgh.amazonaws.com"], false, "any_of"),
            ("eventSource", nil, ["mgh.amazonaws.com", "migrationhub.amazonaws.com"], false, nil),
            ("eventSource", "migrationhub.amazonaws.com", nil, false, nil),
            ("eventSource", "mgh.amazonaws.com", nil, true, nil),
            ("userAgent", "mgh.amazonaws.com", nil, false, nil),
            ("eventSource", nil, nil, false, nil),
        ] as [(String, String?, [String]?, Bool, String?)]
    )
    func warnsOfTheEndpointName(field: String, equals: String?, anyOf: [String]?, not: Bool, option: String?) {
        var options = FilterTransform.Options()
        (options.field, options.equals, options.anyOf, options.not) = (FieldPath(field), equals, anyOf, not)
        #expect(FilterTransform.warnings(options).map(\.option) == (option.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("eventSource == \"mgh.amazonaws.com\"", true),
            ("\"mgh.amazonaws.com\" == eventSource && has(errorCode)", true),
            ("eventSource in [\"s3.amazonaws.com\", \"mgh.amazonaws.com\"]", true),
            ("eventSource != \"mgh.amazonaws.com\"", false), ("!(eventSource == \"mgh.amazonaws.com\")", false),
            ("eventSource in [\"migrationhub.amazonaws.com\", \"mgh.amazonaws.com\"]", false),
            ("eventSource == \"mgh.amazonaws.com\" || eventSource == \"migrationhub.amazonaws.com\"", false),
            ("userAgent == \"mgh.amazonaws.com\"", false),
        ]
    )
    func warnsOfTheEndpointNameInConditions(condition: String, warns: Bool) throws {
        var options = FilterTransform.Options()
        options.condition = try Condition(condition)
        #expect(FilterTransform.warnings(options).map(\.option) == (warns ? ["where"] : []))
        options.not = true
        #expect(FilterTransform.warnings(options).isEmpty)
    }

    @Test(
        arguments: ["^(a+)+$", "^(a|aa)+$", "^([a-z]+)*$"],
        [false, true]
    )
    func rejectsAnEventThatNeedsTooManySteps(pattern: String, not: Bool) throws {
        let hostile = #"{"f":"\#(String(repeating: "a", count: 5000))!"}"#
        let run = try TransformRun(
            FilterTransform.self,
            ["field": .text("f"), "matches": .text(pattern), "not": .text(String(not))]
        )
        let batch = try run.batch([hostile, #"{"f":"aa"}"#, hostile, #"{"f":"-"}"#, "{}"])
        #expect(batch.map(\.number) == (not ? [3, 4] : [1]))
        let rejections = batch.takeRejections()
        #expect(rejections.map(\.row) == [0, 2])
        #expect(rejections.map { String(decoding: $0.bytes, as: UTF8.self) } == [hostile, hostile])
        #expect(
            rejections.allSatisfy { $0.reason == "'matches' needs too many steps for its 'f'; simplify the pattern" }
        )
        #expect(run.warnings.texts.isEmpty)
    }
}

/// `where`: the language itself has tests of its own.
@Suite struct FilterConditionTests {
    private static let records = [
        #"{"eventName":"A","n":1}"#, #"{"eventName":"B"}"#, #"{"eventName":null,"n":3}"#, #"{"n":"x"}"#,
    ]

    @Test(arguments: [
        ("eventName == 'A' || n > 2", [0, 2]), ("has(n)", [0, 2, 3]), ("true", [0, 1, 2, 3]), ("false", []),
    ])
    func keepsWhatMeetsTheCondition(condition: String, kept: [Int]) throws {
        let run = try TransformRun(FilterTransform.self, ["where": .text(condition)])
        #expect(try run.kept(Self.records) == kept)
        let turned = try TransformRun(FilterTransform.self, ["where": .text(condition), "not": .text("true")])
        #expect(try turned.kept(Self.records) == [0, 1, 2, 3].filter { !kept.contains($0) })
    }

    @Test func rejectsAnEventThatALimitStops() throws {
        let long = #"{"eventName":""# + String(repeating: "a", count: 100) + #"!"}"#
        for condition in ["eventName.matches('^(a+)+$')", "!eventName.matches('^(a+)+$')"] {
            let batch = try TransformRun(FilterTransform.self, ["where": .text(condition)]).batch([
                long, Self.records[0],
            ])
            #expect(batch.rejections.map(\.number) == [0])
            #expect(batch.rejections.first?.reason.contains("too many steps") == true)
        }
    }

    @Test(
        arguments: [
            (
                ["where": .text("has(a)"), "field": .text("a")],
                "'field' cannot stand beside 'where', which can say the same"
            ),
            (
                ["where": .text("has(a)"), "equals": .text("a")],
                "'equals' cannot stand beside 'where', which can say the same"
            ),
            ([:], "needs 'where', or 'field' and a test"), (["equals": .text("x")], "needs 'field' beside 'equals'"),
            (["field": .text("x")], "'field' needs a test beside it: one of equals, any_of, exists, matches"),
        ] as [([String: ConfigNode.Content], String)]
    )
    func wantsOneTest(options: [String: ConfigNode.Content], message: String) throws {
        let node = ConfigNode(.mapping(options.map { ConfigEntry(key: $0.key, value: ConfigNode($0.value)) }))
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: "transform", plugin: "filter")
        let decoded = OptionDecoder.decode(
            FilterTransform.Options.self,
            node.entries ?? [],
            stage: label,
            diagnostics: &diagnostics
        )
        let error = try #require(throws: OptionError.self) {
            try FilterTransform(try #require(decoded), PluginContext(stage: "f"))
        }
        #expect(error.description == message)
    }

    @Test func saysWhyNothingIsKept() throws {
        let run = try TransformRun(FilterTransform.self, ["where": .text("nope == 'x' && has(n)")])
        #expect(try run.kept(Self.records).isEmpty)
        let reason = run.transform.reason(run.transform.sighting, run.transform.furtherSightings)
        #expect(reason == "no event meets the condition: no event has the field 'nope'")
        let other = try TransformRun(FilterTransform.self, ["where": .text("eventName == 'x'")])
        #expect(try other.kept(Self.records).isEmpty)
        let further = other.transform.furtherSightings
        #expect(other.transform.reason(other.transform.sighting, further) == "no event meets the condition")
    }

    @Test(arguments: [
        (#"call.tool == "terraform""#, "did you mean 'Terraform', not 'terraform', in 'call.tool'?"),
        (
            #"has(eventName) && call.tool in ["terraform"]"#,
            "did you mean 'Terraform', not 'terraform', in 'call.tool'?"
        ),
        (#"eventName.startsWith("delete")"#, "did you mean 'Delete', not 'delete', in 'eventName'?"),
        (#"eventName.startsWith("Delte")"#, "did you mean 'Delet', not 'Delte', in 'eventName'?"),
        (#"eventName.contains("BUCKET")"#, "did you mean 'Bucket', not 'BUCKET', in 'eventName'?"),
        (#"MFAUsed == "no""#, "did you mean 'No', not 'no', in 'MFAUsed'?"),
        (#"eventName == "DeleteBucket" && MFAUsed == "Yes""#, nil), (#"eventName == "Unheard""#, nil),
        (#"eventName.contains("Bucket") && MFAUsed == "No""#, nil),
    ])
    func saysWhatIsNearlyAskedFor(condition: String, hint: String?) throws {
        let records = [
            #"{"eventName":"DeleteBucket","call":{"tool":"Terraform"}}"#, #"{"eventName":"PutObject","MFAUsed":"No"}"#,
        ]
        let run = try TransformRun(FilterTransform.self, ["where": .text(condition)])
        #expect(try run.kept(records).isEmpty)
        let reason = run.transform.reason(run.transform.sighting, run.transform.furtherSightings)
        #expect(reason == "no event meets the condition" + (hint.map { "; \($0)" } ?? ""))
    }

    @Test func countsRelativeTimesFromTheStartOfTheRun() throws {
        let options = { () -> FilterTransform.Options in
            var options = FilterTransform.Options()
            options.condition = try? Condition("eventTime > now() - duration('1h')")
            return options
        }()
        var context = PluginContext(stage: "f")
        context.started = try #require(Timestamp(rfc3339: "2026-01-01T12:00:00Z"))
        var filter = try FilterTransform(options, context)
        let batch = EventBatch(records: [
            #"{"eventTime":"2026-01-01T11:30:00Z"}"#, #"{"eventTime":"2026-01-01T10:30:00Z"}"#,
        ])
        filter.process(batch)
        #expect(batch.map(\.number) == [0])
    }
}
