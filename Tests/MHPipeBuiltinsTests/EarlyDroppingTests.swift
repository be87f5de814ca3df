import MHPipeConditions
import MHPipeKit
import Testing

@testable import MHPipeBuiltins

/// What transforms say that they drop by texts alone is what they drop, and nothing is said that they might keep.
@Suite struct EarlyDroppingTests {
    private static let sources = ["s3.amazonaws.com", "mgh.amazonaws.com", "dms.amazonaws.com", "zwölf"]
    private static let names = ["GetObject", "ListMigrationTasks", "DescribeReplicationTasks", "Root"]

    private static func record(_ source: String, _ name: String) -> String {
        #"{"eventVersion":"1","eventSource":"\#(source)","eventName":"\#(name)"}"#
    }

    /// Conditions, and the fields of their tests.
    static let conditions: [(String, [KnownField])] = [
        (#"eventSource == "s3.amazonaws.com""#, [.eventSource]),
        (#""zwölf" == eventSource"#, [.eventSource]),
        (#"eventSource != "s3.amazonaws.com""#, [.eventSource]),
        (#"eventName in ["GetObject", "Root"]"#, [.eventName]),
        (#"eventSource in []"#, [.eventSource]),
        (#"eventSource != "zwölf" && eventName == "Root""#, [.eventSource, .eventName]),
        (#"eventName == "Root" && has(errorCode) && eventSource == "zwölf""#, [.eventName]),
        (#"eventName.matches("R.*") && eventSource == "zwölf""#, []),
        (#"eventSource == "zwölf" || eventName == "Root""#, []),
        (#"!(eventSource == "zwölf")"#, []),
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
        for field in ["eventSource", "eventName"] {
            let known: [KnownField] = [field == "eventSource" ? .eventSource : .eventName]
            let field = ConfigNode.Content.text(field)
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "equals": .text("Root"), "not": not]),
                known
            )
            let texts = ConfigNode.Content.texts("s3.amazonaws.com", "zwölf", "GetObject")
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "any_of": texts, "not": not]),
                known
            )
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "matches": .text("R"), "not": not]),
                []
            )
            try Self.check(
                try TransformRun(FilterTransform.self, ["field": field, "exists": .text("true"), "not": not]),
                []
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
        let all = sources.flatMap { source in names.map { record(source, $0) } }
        // It looks at a limited number of events.
        for _ in 0..<100 { _ = try run.batch(all) }
        let tests = run.transform.dropTests ?? []
        #expect(tests.map(\.field) == fields)
        guard !tests.isEmpty else { return }
        for source in sources {
            for name in names {
                let isDropped = tests.contains { test in
                    let text = Array((test.field == .eventSource ? source : test.field == .eventName ? name : "x").utf8)
                    return text.withUnsafeBufferPointer { test.drops($0) }
                }
                let isKept = try !run.batch([record(source, name)]).isEmpty
                #expect(!(isDropped && isKept), "\(source) \(name)")
            }
        }
    }
}
