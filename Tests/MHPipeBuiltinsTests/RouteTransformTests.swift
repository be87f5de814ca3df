import MHPipeKit
import Testing

@testable import MHPipeBuiltins

@Suite("route") struct RouteTransformTests {
    /// The numbers of the records that each port gets, `else` last, and of those that are rejected.
    private struct Routes: Equatable {
        var ports: [[Int]]
        var rejected: [Int] = []
    }

    private static let records = [
        #"{"eventName":"a","errorCode":"x"}"#, #"{"eventName":"b"}"#, #"{"eventName":"a"}"#,
        #"{"n":1,"eventName":null}"#,
    ]

    private static func route(_ ports: KeyValuePairs<String, String>, _ more: KeyValuePairs<String, String> = [:])
        throws
        -> Routes
    {
        let entries = ports.map { ConfigEntry(key: $0.key, value: ConfigNode(.text($0.value))) }
        var options = RouteTransform.Options()
        options.ports = try PortConditions(config: ConfigNode(.mapping(entries)))
        for (key, value) in more {
            let node = ConfigNode(.text(value))
            if key == "else" { options.rest = try PortName(config: node) }
            if key == "match" { options.match = try RouteTransform.Match(config: node) }
        }
        var transform = try RouteTransform(options, PluginContext(stage: "router"))
        let batch = EventBatch(records: records)
        let outputs = PortOutputs(ports: RouteTransform.ports(options).count)
        transform.process(batch, into: outputs)
        let ports = outputs.take(of: batch).map { $0.map(\.number) }
        return Routes(ports: ports, rejected: batch.takeRejections().map(\.row))
    }

    @Test func theFirstThatHolds() throws {
        let ports: KeyValuePairs = ["failed": "has(errorCode)", "a": #"eventName == "a""#]
        #expect(try Self.route(ports) == Routes(ports: [[0], [2]]))
        #expect(try Self.route(ports, ["else": "rest"]) == Routes(ports: [[0], [2], [1, 3]]))
        let other: KeyValuePairs = ["a": #"eventName == "a""#, "failed": "has(errorCode)"]
        #expect(try Self.route(other) == Routes(ports: [[0, 2], []]))
    }

    @Test func allThatHold() throws {
        let ports: KeyValuePairs = ["failed": "has(errorCode)", "a": #"eventName == "a""#, "none": "false"]
        #expect(
            try Self.route(ports, ["else": "rest", "match": "all"]) == Routes(ports: [[0], [0, 2], [], [1, 3]])
        )
    }

    /// Of an event that a condition cannot decide nobody knows where it belongs.
    @Test func whatCannotBeDecided() throws {
        let hostile = #"{"eventName":""# + String(repeating: "a", count: 40) + #"!"}"#
        var options = RouteTransform.Options()
        let entry = ConfigEntry(key: "x", value: ConfigNode(.text(#"eventName.matches("^(a|aa|a?)+$")"#)))
        options.ports = try PortConditions(config: ConfigNode(.mapping([entry])))
        options.rest = try PortName(config: ConfigNode(.text("rest")))
        var transform = try RouteTransform(options, PluginContext(stage: "router"))
        let batch = EventBatch(records: [hostile, #"{"eventName":"b"}"#])
        let outputs = PortOutputs(ports: 2)
        transform.process(batch, into: outputs)
        #expect(outputs.take(of: batch).map { $0.map(\.number) } == [[], [1]])
        #expect(batch.takeRejections().map(\.reason).allSatisfy { $0.contains("port 'x'") })
    }

    @Test(
        arguments: [
            ([], "", "'ports' needs at least one port"), (["a b"], "", "'a b' is none"), (["1"], "", "'1' is none"),
            (["a.b"], "", "'a.b' is none"), (["a"], "a", "names the port 'a', which has a condition of its own"),
            (["a"], "b.c", "'b.c' is none"),
        ] as [([String], String, String)]
    )
    func namesThatCannotBe(_ ports: [String], _ rest: String, _ message: String) {
        let error = #expect(throws: OptionError.self) {
            let entries = ports.map { ConfigEntry(key: $0, value: ConfigNode(.text("true"))) }
            var options = RouteTransform.Options()
            options.ports = try PortConditions(config: ConfigNode(.mapping(entries)))
            if !rest.isEmpty { options.rest = try PortName(config: ConfigNode(.text(rest))) }
            _ = try RouteTransform(options, PluginContext(stage: "router"))
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
