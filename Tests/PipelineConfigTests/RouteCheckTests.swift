import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Ports that stages name, and the conditions of ports.
@Suite struct RouteCheckTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var ports = "{a: has(errorCode), b: 'eventName == \"x\"'}"
        var rest = ""
        var sinks = "  o: {type: jsonl, inputs: [r.a, r.b], path: '-'}\n"
        /// Transforms behind the route.
        var between = ""
        let said: [String]
    }

    @Test(arguments: [
        Case(testDescription: "every port is taken", said: []),
        Case(
            testDescription: "with the rest",
            rest: "else: c",
            sinks: "  o: {type: jsonl, inputs: [r.a, r.b, r.c], path: '-'}\n",
            said: []
        ),
        Case(
            testDescription: "one port by way of a stage, and another one",
            sinks: "  o: {type: jsonl, inputs: [t, r.b], path: '-'}\n",
            between: "  t: {type: identity, inputs: r.a}\n",
            said: []
        ),
        Case(
            testDescription: "a port by way of a stage, and the same one",
            sinks: "  o: {type: jsonl, inputs: [1️⃣t, r.a, r.b], path: '-'}\n",
            between: "  t: {type: identity, inputs: r.a}\n",
            said: ["what 't' has from 'r' comes to sink 'o' twice"]
        ),
        Case(
            testDescription: "no port",
            sinks: "  o: {type: jsonl, inputs: 1️⃣r, path: '-'}\n",
            said: ["error: sink 'o' must say which port of 'r' it takes"]
        ),
        Case(
            testDescription: "no inputs",
            sinks: "  1️⃣o: {type: jsonl, path: '-'}\n",
            said: ["error: sink 'o' must say which port of 'r' it takes"]
        ),
        Case(
            testDescription: "a port that is not there",
            ports: "{errors: has(errorCode)}",
            sinks: "  o: {type: jsonl, inputs: 1️⃣r.erors, path: '-'}\n",
            said: ["error: did you mean 'errors'?"]
        ),
        Case(
            testDescription: "a port that nobody takes",
            ports: "{a: has(errorCode), 1️⃣b: 'eventName == \"x\"'}",
            sinks: "  o: {type: jsonl, inputs: [r.a], path: '-'}\n",
            said: ["the events of port 'b' of transform 'r' go nowhere"]
        ),
        Case(
            testDescription: "a rest that nobody takes",
            rest: "else: 1️⃣c",
            said: ["the events of port 'c' of transform 'r' go nowhere"]
        ),
        Case(
            testDescription: "a field of a condition",
            ports: "{a: has(1️⃣errorcode), b: 'eventName == \"x\"'}",
            said: ["error: did you mean 'errorCode'?"]
        ),
        Case(
            testDescription: "a mistake in a condition",
            ports: "{a: has(errorCode), b: 'eventName 1️⃣= \"x\"'}",
            said: ["error: did you mean '=='?"]
        ),
    ])
    func `each is said at its place`(_ example: Case) {
        let rest = example.rest.isEmpty ? "" : "\n    " + example.rest
        let marked = MarkedText(
            "sources: {s: {type: file, path: '-'}}\ntransforms:\n  r:\n    type: route\n    ports: \(example.ports)\(rest)\n"
                + example.between + "sinks:\n" + example.sinks
        )
        let checked = PipelineFile.check(
            SourceText(name: "test.conf", text: marked.text),
            plugins: .builtin,
            variables: [:]
        )
        let said = checked.diagnostics.map { ($0.severity == .error ? "error: " : "") + ($0.label ?? $0.message) }
        #expect(said == example.said)
        #expect(
            checked.diagnostics.map { $0.span.map { SourceSpan(line: $0.line, column: $0.column) } } == marked.places
        )
    }
}
