import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Fields that a stage takes out or renames, and the stages behind it.
@Suite struct TakenFieldTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let said: [String]

        init(_ name: String, _ text: String, _ said: String...) {
            (testDescription, self.text, self.said) = (name, text, said)
        }
    }

    private static let slim = "  slim: {type: remove, fields: [userAgent, userIdentity.arn]}\n"
    private static let names =
        "  names: {type: rename, fields: {userAgent: agent, userIdentity.arn: who, userIdentity.type: userIdentity.kind}}\n"
    private static let few = "  few: {type: select, fields: [eventName, userIdentity.type, requestParameters.x]}\n"
    private static func filter(_ field: String) -> String { "  f: {type: filter, field: \(field), exists: true}\n" }

    @Test(arguments: [
        Case("removed", slim + filter("1️⃣userAgent"), "error: not there any more"),
        Case("removed below", slim + filter("1️⃣userIdentity.arn"), "error: not there any more"),
        Case("beside what is removed", slim + filter("userIdentity.type")),
        Case("above the stage that removes", filter("userAgent") + slim),
        Case(
            "never there",
            slim + filter("1️⃣userAgnt"),
            "no CloudTrail record has a field 'userAgnt', as far as mhpipe knows"
        ),
        Case(
            "in a condition",
            slim + "  f: {type: filter, where: 'eventName == \"x\" && 1️⃣userAgent == \"y\"'}\n",
            "error: not there any more"
        ),
        Case(
            "in a sink",
            slim + "sinks: {o: {type: csv, path: '-', columns: [eventName, 1️⃣userAgent]}}\n",
            "error: not there any more"
        ),
        Case("renamed", names + filter("1️⃣userAgent"), "error: did you mean 'agent'?"),
        Case("renamed below", names + filter("1️⃣userIdentity.type"), "error: did you mean 'userIdentity.kind'?"),
        Case("moved", names + filter("1️⃣userIdentity.arn"), "error: did you mean 'who'?"),
        Case("the new names", names + filter("agent") + filter("who").replacing("f:", with: "g:")),
        Case("a new name below", names + filter("userIdentity.kind")),
        Case("a new name that is misspelt", names + filter("1️⃣agnet"), "did you mean 'agent'?"),
        Case("not selected", few + filter("1️⃣userAgent"), "error: not there any more"),
        Case("not selected below", few + filter("1️⃣userIdentity.arn"), "error: not there any more"),
        Case("selected", few + filter("userIdentity.type") + filter("requestParameters.x").replacing("f:", with: "g:")),
        Case(
            "selected, and unknown",
            few.replacing("requestParameters.x]", with: "1️⃣own]") + filter("own.a"),
            "no CloudTrail record has a field 'own', as far as mhpipe knows"
        ),
        Case(
            "an added field",
            "  who: {type: identity}\n  slim: {type: remove, fields: [identity.role]}\n" + filter("1️⃣identity.role"),
            "error: not there any more"
        ),
        Case(
            "an added field that has another name",
            "  who: {type: identity}\n  n: {type: rename, fields: {identity: caller}}\n" + filter("caller.kind"),
        ),
        Case(
            "there by another way",
            "  slim: {type: remove, inputs: s, fields: [userAgent]}\n  all: {type: call, inputs: s}\n"
                + "  f: {type: filter, inputs: [slim, all], field: userAgent, exists: true}\n"
        ),
        Case(
            "taken out on both ways",
            "  a: {type: remove, inputs: s, fields: [userAgent]}\n  b: {type: remove, inputs: s, fields: [userAgent]}\n"
                + "  f: {type: filter, inputs: [a, b], field: 1️⃣userAgent, exists: true}\n",
            "error: not there any more"
        ),
        Case(
            "taken out twice",
            slim
                + slim.replacing("slim", with: "again").replacing("[userAgent", with: "[1️⃣userAgent").replacing(
                    ", userIdentity.arn",
                    with: ""
                ),
            "error: not there any more"
        ),
        Case("misspelt", "  r: {type: remove, fields: [1️⃣useragent]}\n", "error: did you mean 'userAgent'?"),
        Case(
            "misspelt in a mapping",
            "  r: {type: rename, fields: {1️⃣useragent: agent}}\n",
            "error: did you mean 'userAgent'?"
        ),
    ])
    func `each is said at its place`(_ example: Case) {
        let sinks = example.text.contains("sinks:") ? "" : "sinks: {o: {type: jsonl, path: '-'}}\n"
        let marked = MarkedText("sources: {s: {type: file, path: '-'}}\ntransforms:\n" + example.text + sinks)
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

    @Test func theMessageNamesBothStages() {
        let text =
            "sources: {s: {type: file, path: '-'}}\ntransforms:\n" + Self.names + Self.filter("userAgent")
            + "sinks: {o: {type: jsonl, path: '-'}}\n"
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin, variables: [:])
        #expect(
            checked.diagnostics.map(\.message) == [
                "transform 'f' reads 'userAgent', which transform 'names' on line 3 has renamed"
            ]
        )
    }
}
