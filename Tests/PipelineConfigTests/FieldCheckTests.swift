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
}
