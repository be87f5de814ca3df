import MHPipeConditions
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// What transforms say that they drop by texts alone is what they drop, and nothing is said that they might keep.
@Suite struct EarlyDroppingTests {
    /// What the fields of the records have, as JSON; nil for none.
    private static let values: [(KnownField, [String?])] = [
        (.eventSource, [#""s3.amazonaws.com""#, #""mgh.amazonaws.com""#, #""zwölf""#, "null", nil]),
        (.eventName, [#""GetObject""#, #""ListMigrationTasks""#, #""R\u006fot""#, #""Root""#, nil]),
        (.errorCode, [#""AccessDenied""#, #""""#, "null", "7", nil]),
        (.readOnly, ["true", "false", #""true""#, nil]),
        (.awsRegion, [#""r""#, #""s""#, "{}"]),
    ]

    /// All records, with what the tests are asked of; a field is left out of that where they are not.
    private static let records: [(json: String, values: [KnownField: String?])] = {
        var records: [(String, [KnownField: String?])] = [(#"{"eventVersion":"1""#, [:])]
        for (field, texts) in values {
            records = records.flatMap { record in
                texts.map { text in
                    var values = record.1
                    if text.map({ $0.count > 2 && !$0.contains("\\") && $0 != "null" }) ?? true {
                        values[field] = .some(text)
                    }
                    return (record.0 + (text.map { ",\"\(field.key)\":\($0)" } ?? ""), values)
                }
            }
        }
        return records.map { ($0.0 + "}", $0.1) }
    }()

    /// Conditions, and the fields of their tests.
    static let conditions: [(String, [KnownField])] = [
        (#"eventSource == "s3.amazonaws.com""#, [.eventSource]),
        (#""zwölf" == eventSource"#, [.eventSource]),
        (#"eventSource != "s3.amazonaws.com""#, [.eventSource]),
        (#"eventName in ["GetObject", "Root"]"#, [.eventName]),
        (#"eventSource in []"#, [.eventSource]),
        (#"eventSource != "zwölf" && eventName == "Root""#, [.eventSource, .eventName]),
        (#"eventName == "Root" && has(errorCode) && eventSource == "zwölf""#, [.eventName, .errorCode, .eventSource]),
        (#"has(errorCode)"#, [.errorCode]),
        (#"!has(errorCode) && readOnly == false"#, [.errorCode, .readOnly]),
        (#"!(true == readOnly)"#, [.readOnly]),
        (#"readOnly != true && awsRegion != "r""#, [.readOnly, .awsRegion]),
        (#"readOnly == "true" && errorCode != "AccessDenied""#, [.readOnly, .errorCode]),
        (#"!(errorCode in ["AccessDenied", "x"])"#, [.errorCode]),
        (#"eventName.matches("R.*") && eventSource == "zwölf""#, []),
        (#"eventSource == "zwölf" || eventName == "Root""#, []),
        (#"!(eventSource == "zwölf")"#, [.eventSource]),
        (#"!(eventName.matches("R.*"))"#, []),
        (#"eventSource == eventName"#, []),
        (#"eventSource < "s""#, []),
        (#"eventSource == 1"#, []),
        (#"eventSource in ["zwölf", 1]"#, []),
        (#"userIdentity.type == "Root" && eventName == "Root""#, []),
        (#"awsRegion == "r" && eventName == "Root""#, [.awsRegion, .eventName]),
    ]

    @Test(arguments: conditions)
    func aConditionBeginsWithItsTests(condition: (String, [KnownField])) throws {
        let run = try TransformRun(FilterTransform.self, ["where": .text(condition.0)])
        try Self.check(run, condition.1)
    }

    @Test(arguments: conditions.map(\.0))
    func whatIsTurnedRoundHasNone(condition: String) throws {
        try Self.check(try TransformRun(FilterTransform.self, ["where": .text(condition), "not": .text("true")]), [])
    }

    @Test(arguments: ["false", "true"])
    func aTestOfAField(not: String) throws {
        let not = ConfigNode.Content.text(not)
        let fields: [(KnownField, String)] = [
            (.eventSource, "zwölf"), (.eventName, "Root"), (.errorCode, "AccessDenied"), (.readOnly, "true"),
        ]
        for (known, text) in fields {
            let field = ConfigNode.Content.text(known.key)
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "equals": .text(text), "not": not]),
                [known]
            )
            let texts = ConfigNode.Content.texts("s3.amazonaws.com", "zwölf", "GetObject", "AccessDenied", "true")
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "any_of": texts, "not": not]),
                [known]
            )
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "matches": .text("R"), "not": not]),
                []
            )
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "exists": .text("true"), "not": not]),
                [known]
            )
        }
        try Self.check(
            try TransformRun(
                FilterTransform.self,
                ["field": .text("eventSource.x"), "equals": .text("Root"), "not": not]
            ),
            []
        )
    }

    @Test func migrationHub() throws {
        try Self.check(try TransformRun(MigrationHubTransform.self), [.eventSource])
        try Self.check(try TransformRun(MigrationHubTransform.self, ["services": .text("migration")]), [.eventSource])
        let actions = ConfigNode.Content.texts("ListMigrationTasks")
        try Self.check(try TransformRun(MigrationHubTransform.self, ["actions": actions]), [.eventSource, .eventName])
    }

    /// Nothing is said while the transform looks at what it drops; then what the tests drop is what it would.
    private static func check<T: EarlyDropping>(_ run: TransformRun<T>, _ fields: [KnownField]) throws {
        #expect(run.transform.dropTests == nil)
        let kept = Set(try run.kept(records.map(\.json)))
        // It looks at a limited number of events.
        _ = try run.batch(records.map(\.json))
        let tests = run.transform.dropTests ?? []
        #expect(tests.map(\.field) == fields)
        guard !tests.isEmpty else { return }
        var dropped = 0
        for (number, record) in records.enumerated() {
            let isDropped = tests.contains { test in
                guard let value = record.values[test.field] else { return false }
                return drops(test, value)
            }
            if isDropped { dropped += 1 }
            #expect(!isDropped || !kept.contains(number), "\(record.json)")
        }
        #expect(dropped > 0)
    }

    private static func drops(_ test: FieldTest, _ json: String?) -> Bool {
        switch json {
        case nil: test.drops(.missing)
        case "true": test.drops(.boolean(true))
        case "false": test.drops(.boolean(false))
        case let json?:
            Array(json.utf8.dropFirst().dropLast()).withUnsafeBufferPointer { test.drops(.text($0)) }
        }
    }
}
