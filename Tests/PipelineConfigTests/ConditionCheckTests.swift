import Foundation
import MHPipeBuiltins
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import PipelineConfig

/// Mistakes inside a condition are shown at their characters in the pipeline file, whatever way it is written in.
@Suite struct ConditionCheckTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What stands behind `where:`, with a mark at each place that is reported.
        let written: String
        /// What is said at each: a label, or else the message; after `warning: ` for what does not keep it from running.
        let said: [String]

        init(_ name: String, _ written: String, _ said: String?...) {
            testDescription = name
            self.written = written
            self.said = said.compactMap(\.self)
        }
    }

    static let places = [
        Case("plain", "eventName.1️⃣startswith(eventSource)", "did you mean 'startsWith'?"),
        Case("single quotes", "'eventName 1️⃣= \"x\"'", "did you mean '=='?"),
        Case("single quotes, doubled", "'eventName == ''x'' && 1️⃣null == ''y'''", "write has(x) or !has(x)"),
        Case("double quotes, escaped", #""eventName == \"ä\\n\" && 1️⃣null""#, "write has(x) or !has(x)"),
        Case(
            "a block",
            "|\n      eventName == \"x\"\n        && 1️⃣nope(x)\n",
            "there are startsWith, endsWith, contains, matches, size, lowerAscii, timestamp, duration, now, cidr, containsIP, has, exists, all"
        ),
        Case(
            "a folded block",
            ">-\n      eventName == \"x\"\n      && errorCode == 1️⃣Null\n",
            "write has(x) or !has(x)"
        ),
        Case("plain over lines", "eventName == \"x\"\n      && errorCode 1️⃣<> \"y\"", "did you mean '!='?"),
        Case("behind a variable", "eventName == \"${NAME}\" && 1️⃣null", "write has(x) or !has(x)"),
        Case("in a variable", "eventName == 1️⃣${BAD}", "write has(x) or !has(x)"),
        Case("at the end", "'eventName == \"x\" &&1️⃣'", "'where' ends where a value was expected"),
        Case("nothing", "1️⃣''", "as in has(errorCode)"),
        Case("a list", "1️⃣[a]", "'where' needs a condition, not a list"),
    ]

    static let fields = [
        Case("wrong case", "1️⃣eventname == \"x\"", "did you mean 'eventName'?"),
        Case("wrong case further down", "has(errorCode) || userIdentity.1️⃣Type == 'Root'", "did you mean 'type'?"),
        Case(
            "two of them",
            "1️⃣eventname == \"x\" && userIdentity.2️⃣arm == 'y'",
            "did you mean 'eventName'?",
            "did you mean 'arn'?"
        ),
        Case("a column's name", "1️⃣userIdentity_type == 'Root'", "did you mean 'userIdentity.type'?"),
        Case(
            "without the first key",
            "1️⃣sessionIssuer.userName == 'x'",
            "did you mean 'userIdentity.sessionContext.sessionIssuer.userName'?"
        ),
        Case(
            "like no other",
            "1️⃣fooBarBaz == 'x'",
            "warning: no CloudTrail record has a field 'fooBarBaz', as far as mhpipe knows"
        ),
        Case("an element's key", "resources[0].1️⃣arn == 'x'", "did you mean 'ARN'?"),
        Case("a quantifier's", "resources.exists(r, r.1️⃣arn == 'x')", "did you mean 'ARN'?"),
        Case("a list's", "1️⃣resources.ARN == 'x'", "did you mean 'resources[0].ARN'?"),
        Case("below a text", "eventName.1️⃣x == 'y'", "'eventName' is no object, so it has no field 'x'"),
        Case("below what is open", "requestParameters.anything[\"at all\"][3] == 'x'"),
        Case("in has()", "has(1️⃣errorcode)", "did you mean 'errorCode'?"),
        Case(
            "that no stage adds",
            "1️⃣identity.kind == 'root'",
            "warning: no stage above adds 'identity', so 'identity.kind' is missing unless the events have it already"
        ),
    ]

    static let types = [
        Case(
            "a flag that is a text",
            "userIdentity.sessionContext.attributes.mfaAuthenticated == 1️⃣false",
            "did you mean \"false\"?"
        ),
        Case(
            "as a condition",
            "1️⃣userIdentity.sessionContext.attributes.mfaAuthenticated",
            "write userIdentity.sessionContext.attributes.mfaAuthenticated == \"true\""
        ),
        Case("a text as a condition", "!1️⃣errorCode", "compare it with something, or write has(errorCode)"),
        Case("an account as a number", "recipientAccountId == 1️⃣123456789012", "did you mean \"123456789012\"?"),
        Case("in a list", "recipientAccountId in [\"1\", 1️⃣2]", "did you mean \"2\"?"),
        Case("with a zero in front", "recipientAccountId == 1️⃣012345678901", "did you mean \"012345678901\"?"),
        Case("a flag that is none", "readOnly == true && managementEvent == false"),
        Case("a flag as a text", "readOnly == 1️⃣\"True\"", "warning: did you mean true?"),
        Case("an object", "1️⃣userIdentity == \"Root\"", "a field of it can be compared: userIdentity.…"),
        Case("a list", "1️⃣resources == \"x\"", "did you mean 'in', or resources.exists(x, …)?"),
        Case("no list", "'\"x\" in 1️⃣eventName'", "for a part of a text write eventName.contains(\"…\")"),
        Case(
            "an object as a list",
            "1️⃣userIdentity.all(x, x.y == 'z')",
            "'userIdentity' is an object, and 'all' needs a list"
        ),
        Case(
            "no text",
            "1️⃣readOnly.startsWith(\"t\")",
            "'readOnly' is true or false, and 'startsWith' needs a text"
        ),
        Case("a value in another case", "userIdentity.type == 1️⃣\"root\"", "did you mean 'Root'?"),
        Case("a value that is nearly one", "userIdentity.type == 1️⃣\"IAMUsr\"", "warning: did you mean 'IAMUser'?"),
        Case("a value among several", "userIdentity.type in [\"Root\", 1️⃣\"iamuser\"]", "did you mean 'IAMUser'?"),
        Case("an unknown value", "userIdentity.type == \"SomethingNew\""),
        Case(
            "all right",
            "eventName.startsWith(\"Get\") && eventTime > now() - duration(\"7d\") && size(resources) > 1"
        ),
    ]

    static let absent = [
        Case("unequal", "1️⃣errorCode != \"x\"", "warning: write has(errorCode) && … to keep only those that have it"),
        Case(
            "not equal",
            "!(eventName == 'x' || 1️⃣errorCode == \"x\")",
            "warning: write has(errorCode) && … to keep only those that have it"
        ),
        Case(
            "not in",
            "!(1️⃣errorCode in [\"x\"])",
            "warning: write has(errorCode) && … to keep only those that have it"
        ),
        Case(
            "not beginning",
            "!1️⃣errorCode.startsWith(\"x\")",
            "warning: write has(errorCode) && … to keep only those that have it"
        ),
        Case(
            "not in any",
            "!1️⃣resources.exists(r, r.ARN == 'x')",
            "warning: write has(resources) && … to keep only those that have it"
        ),
        Case("a flag", "!1️⃣readOnly", "warning: write has(readOnly) && … to keep only those that have it"),
        Case(
            "what is made of it",
            "1️⃣errorCode.lowerAscii() != \"x\"",
            "warning: write has(errorCode) && … to keep only those that have it"
        ),
        Case(
            "further down",
            "1️⃣userIdentity.userName != \"x\"",
            "warning: write has(userIdentity.userName) && … to keep only those that have it"
        ),
        Case(
            "open",
            "1️⃣requestParameters.x != \"x\"",
            "warning: write has(requestParameters.x) && … to keep only those that have it"
        ),
        Case("not not equal", "!(errorCode != \"x\")"),
        Case("asked for", "has(errorCode) && errorCode != \"x\""),
        Case("asked whether it is not there", "!has(errorCode) || !(errorCode in [\"x\"])"),
        Case("always there", "eventName != \"x\" && userIdentity.type != \"Root\""),
        Case(
            "said once",
            "1️⃣errorCode != \"x\" && errorCode != \"y\"",
            "warning: write has(errorCode) && … to keep only those that have it"
        ),
    ]

    static let texts = [
        Case("a whole time", "eventTime >= \"2026-05-01T00:00:00Z\" && eventTime <= \"2026-05-01T23:59:59Z\""),
        Case("beginnings", "eventTime >= \"2026-05\" && eventTime < \"2026-06-15\" && eventTime < \"2026-06-15T1\""),
        Case(
            "the end of a day",
            "eventTime <= 1️⃣\"2024-05-01\"",
            "warning: write a whole time, as in \"2024-05-01T23:59:59Z\""
        ),
        Case(
            "turned",
            "has(eventName) && 1️⃣\"2024-05\" < eventTime",
            "warning: write a whole time, as in \"2026-05-31T23:59:59Z\""
        ),
        Case(
            "a day",
            "eventTime == 1️⃣\"2024-05-01\"",
            "warning: write eventTime.startsWith(\"2024-05-01\")"
        ),
        Case(
            "another zone",
            "eventTime >= 1️⃣\"2024-05-01T00:00:00+02:00\"",
            "warning: write timestamp(\"2024-05-01T00:00:00+02:00\")"
        ),
        Case(
            "a fraction",
            "eventTime < 1️⃣\"2024-05-01T00:00:00.5Z\"",
            "warning: write timestamp(\"2024-05-01T00:00:00.5Z\")"
        ),
        Case(
            "no time",
            "eventTime > 1️⃣\"yesterday\"",
            "warning: a time is written as in \"2026-05-01T00:00:00Z\""
        ),
        Case("beside a time", "eventTime > timestamp(\"2024-05-01T00:00:00+02:00\")"),
        Case(
            "a network",
            "sourceIPAddress == 1️⃣\"10.0.0.0/8\"",
            "warning: write cidr(\"10.0.0.0/8\").containsIP(sourceIPAddress)"
        ),
        Case("an address", "sourceIPAddress == \"10.0.0.1\" || sourceIPAddress == \"ec2.amazonaws.com\""),
    ]

    @Test func `versions are no texts`() {
        let text = """
            sources: {s: {type: file, path: '-'}}
            transforms:
              c: {type: call}
              f: {type: filter, where: 'call.toolVersion < "1.5.10" && call.toolVersion != "1.6" && eventVersion >= "1.08"'}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        #expect(
            checked.diagnostics.map(\.message) == [
                #"compares versions as texts, by which "1.10" stands before "1.9""#
            ]
        )
    }

    @Test func `a field that another transform adds is told with it`() {
        let text = """
            sources: {s: {type: file, path: '-'}}
            transforms:
              i: {type: identity}
              f: {type: filter, where: 'identity.origin == "x"'}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        #expect(checked.diagnostics.map(\.notes.last) == ["transform `resolve_roles` adds 'identity.origin'"])
    }

    @Test(arguments: places + fields + types + absent + texts) func `each is said at its place`(_ example: Case) throws
    {
        var pipeline = "sources: {s: {type: file, path: '-'}}\ntransforms:\n  f:\n    type: filter\n    where: "
        pipeline += Self.needsBlock(example.written) ? ">-\n      \(example.written)" : example.written
        let marked = MarkedText(pipeline + "\nsinks: {o: {type: jsonl, path: '-'}}\n")
        let checked = PipelineFile.check(
            SourceText(name: "test.conf", text: marked.text),
            plugins: .builtin,
            variables: ["NAME": "a \u{E4}", "BAD": "null"].filter { marked.text.contains("${\($0.key)}") }
        )
        let said = checked.diagnostics.map { ($0.severity == .warning ? "warning: " : "") + ($0.label ?? $0.message) }
        #expect(said == example.said)
        #expect(
            checked.diagnostics.map { $0.span.map { SourceSpan(line: $0.line, column: $0.column) } } == marked.places
        )
        #expect((checked.plan == nil) == said.contains { !$0.hasPrefix("warning: ") })
    }

    /// What no plain scalar can hold.
    private static func needsBlock(_ written: String) -> Bool {
        guard let first = written.first(where: { $0.isASCII }), !written.hasPrefix("1️⃣'"), !written.hasPrefix("1️⃣[")
        else {
            return false
        }
        return !"|>'\"".contains(first) && !written.contains("${") && !written.contains("\n")
    }

    /// A field of each kind beside constants of each type: a mistake (x), doubted (?), or right (.).
    @Test(arguments: [
        // "x" "40" "true" 5 true
        ("eventName", "...xx"), ("userIdentity.type", "...xx"), ("readOnly", "???x."),
        ("insightDetails.insightContext.statistics.insight.average", "???.x"), ("userIdentity", "xxxxx"),
        ("resources", "xxxxx"), ("requestParameters.x", "....."), ("migration.percent", "???.x"),
        ("migration.task", "....x"), ("call.write", "???x."), ("count", "???.x"), ("distinct.eventName", "???.x"),
    ])
    func `what a field is never equal to is said`(field: String, expected: String) {
        let adding =
            field.hasPrefix("count") || field.hasPrefix("distinct")
            ? "{type: aggregate, by: [eventSource], distinct: [eventName]}"
            : field.hasPrefix("call") ? "{type: call}" : "{type: migration_hub}"
        for (constant, answer) in zip(["\"x\"", "\"40\"", "\"true\"", "5", "true"], expected) {
            for test in ["F == C", "F != C", "C == F", "F < C", "F >= C", "F in [C]"] {
                let condition = test.replacing("C", with: constant).replacing("F", with: field)
                let text = """
                    sources: {s: {type: file, path: '-'}}
                    transforms:
                      a: \(adding)
                      f:
                        type: filter
                        where: >-
                          has(\(field)) && \(condition)
                    sinks: {o: {type: jsonl, path: '-'}}
                    """
                let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
                let worst = checked.diagnostics.map { $0.severity == .error ? "x" : "?" }.max() ?? "."
                #expect(worst == String(answer), "\(condition): \(checked.diagnostics.map(\.message))")
            }
        }
    }

    @Test(arguments: [
        ("eventName == 1️⃣\"Terminate*\"", "warning: write eventName.startsWith(\"Terminate\")"),
        ("eventName == 1️⃣\"*Tags\"", "warning: write eventName.endsWith(\"Tags\")"),
        ("eventName in [1️⃣\"*Key*\"]", "warning: write eventName.contains(\"Key\")"),
        (
            "userIdentity.arn == 1️⃣\"arn:aws:iam::*:user/ann\"",
            "warning: write userIdentity.arn.matches(…), where .* stands for anything"
        ),
        ("requestParameters.x == \"a*\" || userAgent == \"*\"", nil),
        ("errorCode == 1️⃣\"\"", "warning: write has(errorCode) or !has(errorCode)"),
        ("requestParameters.x == \"\"", nil),
        ("1️⃣eventTime.startsWith(\"2026-4-3\")", "warning: a time is written as in \"2026-05-01T00:00:00Z\""),
        ("eventTime.startsWith(\"2026-04-03\") || eventTime.contains(\"T09:\")", nil),
        ("eventName.1️⃣toLowerCase() == \"x\"", "did you mean 'lowerAscii'?"),
        ("requestParameters.items1️⃣.0.x == \"y\"", "an element is written x[0]"),
    ])
    func `slips of the pen`(written: String, said: String?) throws {
        try `each is said at its place`(Case("slip", written, said))
    }

    @Test func `a text without quotes`() {
        let text = """
            sources: {s: {type: file, path: '-'}}
            transforms: {f: {type: filter, where: eventName == ann}}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        #expect(checked.diagnostics.flatMap(\.notes).contains("a text stands in quotes: \"ann\""))
    }

    @Test func `what a stage above adds is known`() {
        let text = """
            sources: {s: {type: file, path: '-'}}
            transforms:
              i: {type: identity}
              f: {type: filter, where: 'identity.kind == "Root" || identity.rootOruser || identity.mfa == "true"'}
            sinks: {o: {type: jsonl, path: '-'}}
            """
        let checked = PipelineFile.check(SourceText(name: "test.conf", text: text), plugins: .builtin)
        #expect(
            checked.diagnostics.map(\.label) == [
                "did you mean 'root'?", "did you mean 'rootOrUser'?", "did you mean true?",
            ]
        )
    }

    @Test func `what the page advises is right`() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/conditions.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").drop { $0 != "| to find | write |" }.dropFirst(2).prefix {
            $0.hasPrefix("|")
        }
        #expect(rows.count > 8)
        for row in rows {
            let condition = try #require(row.firstMatch(of: /\| `(.*)` \|$/)).output.1.replacing("\\|", with: "|")
            let checked = PipelineFile.check(
                SourceText(
                    name: "test.conf",
                    text: """
                        sources: {s: {type: file, path: '-'}}
                        transforms:
                          i: {type: identity}
                          c: {type: call}
                          f:
                            type: filter
                            where: >-
                              \(condition)
                        sinks: {o: {type: jsonl, path: '-'}}
                        """
                ),
                plugins: .builtin
            )
            #expect(checked.diagnostics.map(\.message) == [], "\(condition)")
        }
    }
}
