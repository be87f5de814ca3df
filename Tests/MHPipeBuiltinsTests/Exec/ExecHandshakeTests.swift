import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// The handshake: what a program declares, and what is said when the options or the program do not fit.
@Suite(.timeLimit(.minutes(30))) struct ExecHandshakeTests {
    private static let declared = #"""
        {"field":{"type":"text","required":true,"help":"What to look at."},"limit":{"type":"integer"},\#
        "share":{"type":"number"},"strict":{"type":"boolean"},"names":{"type":"list"},\#
        "teams":{"type":"mapping"},"mode":{"choices":["fast","slow"]}}
        """#

    /// A program that answers every event with the options it was given.
    private static let echo = #"""
        echo '["hello",{"protocol":1,"kind":"transform","name":"echo","version":"2.1","options":\#(declared)}]'
        IFS= read -r start || exit 0
        echo '["ok"]'
        options=${start#*'"options":'}; options=${options%\}]}
        while IFS= read -r line; do [ -z "$line" ] && echo || printf '%s\n' "$options"; done
        """#

    private func options(_ script: String, _ options: String, _ more: String = "") -> String {
        ExecStage.shell(
            script.replacing("\n", with: "; ").replacing("; ;", with: ";"),
            "protocol: handshake\noptions: \(options)\n\(more)"
        )
    }

    @Test func optionsArriveAsTheTypesThatWereDeclared() throws {
        let text =
            #"{field: '012', limit: 12, share: 0.50, strict: true, names: one, teams: {a: ['1', {b: "q\""}]}, mode: fast}"#
        var transform = try ExecStage().make(ExecTransform.self, options(Self.echo, text))
        let batch = EventBatch(records: [#"{"n":1}"#, #"{"n":2}"#])
        try transform.process(batch)
        try transform.finish()
        let answer =
            #"{"field":"012","limit":12,"share":0.50,"strict":true,"names":["one"],"teams":{"a":["1",{"b":"q\""}]},"mode":"fast"}"#
        #expect(ExecStage.lines(batch) == [answer, answer])
    }

    @Test(
        arguments: [
            (
                "{fild: x}",
                "'options' of 'echo 2.1': it has no option 'fild'; it takes: field, limit, share, strict, names, teams, mode",
                "did you mean 'field'?"
            ),
            ("{limit: 1}", "'options' of 'echo 2.1' need 'field' (a text)", "What to look at."),
            ("{field: [a]}", "'options' of 'echo 2.1': 'field' needs a text, not a list", "What to look at."),
            ("{field: a, limit: many}", "'options' of 'echo 2.1': 'limit' needs a whole number, not 'many'", nil),
            ("{field: a, share: .5}", "'options' of 'echo 2.1': 'share' needs a number, not '.5'", nil),
            ("{field: a, strict: yes}", "'options' of 'echo 2.1': 'strict' needs true or false, not 'yes'", nil),
            ("{field: a, teams: x}", "'options' of 'echo 2.1': 'teams' needs a mapping, not 'x'", nil),
            (
                "{field: a, mode: fats}", "'options' of 'echo 2.1': 'mode' needs one of fast, slow, not 'fats'",
                "did you mean 'fast'?"
            ),
        ] as [(String, String, String?)]
    )
    func wrongOptionsAreRefusedByTheCheck(text: String, message: String, label: String?) throws {
        let error = #expect(throws: OptionError.self) {
            try ExecStage().make(ExecTransform.self, options(Self.echo, text), isCheck: true)
        }
        #expect(error?.description == message)
        #expect(error?.label == label)
        // A run that was not checked says the same.
        var transform = try ExecStage().make(ExecTransform.self, options(Self.echo, text))
        let failure = #expect(throws: StageError.self) { try transform.process(EventBatch(records: ["{}"])) }
        #expect(
            failure?.message.contains("' does not take the options of the stage: \(message.dropFirst(10))") ?? false
                || failure?.message.contains("'options' ") ?? false
        )
    }

    @Test func theMessagePointsAtTheOptionInTheFile() throws {
        let folder = try TemporaryDirectory()
        let script = try folder.write("#!/bin/sh\n\(Self.echo)\n", to: "echo.sh")
        var diagnostics: [Diagnostic] = []
        let path = ConfigNode(.list([ConfigNode(.text("sh")), ConfigNode(.text(script))]))
        let span = SourceSpan(line: 9, column: 7, length: 4)
        let bad = ConfigEntry(key: "fild", keySpan: span, value: ConfigNode(.text("x")))
        let entries = [
            ConfigEntry(key: "command", value: path),
            ConfigEntry(key: "protocol", value: ConfigNode(.text("handshake"))),
            ConfigEntry(key: "options", value: ConfigNode(.mapping([bad]), span: SourceSpan(line: 8, column: 5))),
        ]
        let label = StageLabel(kind: "transform", plugin: "exec")
        let options = try #require(
            OptionDecoder.decode(ExecTransform.Options.self, entries, stage: label, diagnostics: &diagnostics)
        )
        let error = #expect(throws: OptionError.self) {
            try ExecTransform(options, PluginContext(stage: "x", isCheck: true))
        }
        let diagnostic = OptionDecoder.diagnostic(
            try #require(error),
            ExecTransform.Options.self,
            entries,
            stage: label
        )
        #expect(diagnostic.span == span)
    }

    @Test(arguments: [
        ("cat", "hangs", "has been silent, where its first line was due, for 1 seconds"),
        ("echo hi; cat", "speaks", "does not begin with a handshake, but with 'hi'"),
        ("exit 2", "ends", "ended with status 2 before its first line"),
        (
            #"echo '["hello",{"protocol":2,"kind":"transform","name":"x"}]'"#, "newer",
            "declares itself wrongly: it speaks protocol 2, and this mhpipe 1"
        ),
        (#"echo '["hello",{"protocol":1,"kind":"sink","name":"x"}]'"#, "sink", "is a sink, not a transform ('x')"),
        (
            #"echo '["hello",{"protocol":1,"kind":"thing","name":"x"}]'"#, "kind",
            "declares itself wrongly: 'kind' must be source, transform or sink"
        ),
        (
            #"echo '["hello",{"protocol":1,"kind":"transform","name":"x","options":{"a":{"type":"date"}}}]'"#, "type",
            "declares itself wrongly: the type of option 'a' is 'date', not one of text, integer, number, boolean, list, mapping, any"
        ),
        (
            #"echo '["hello",{"protocol":1]'"#, "JSON",
            #"does not begin with a handshake, but with '["hello",{"protocol":1]'"#
        ),
    ])
    func aProgramThatDoesNotSpeakIsRefused(script: String, name: String, message: String) {
        let error = #expect(throws: OptionError.self) {
            try ExecStage().make(ExecTransform.self, options(script, "{}", "timeout: 1"), isCheck: true)
        }
        #expect(error?.message.hasSuffix(", which " + message) ?? false, "\(error?.message ?? "")")
    }

    private static let hello = #"echo '["hello",{"protocol":1,"kind":"transform","name":"x"}]'; IFS= read -r start; "#

    @Test(arguments: [
        (#"echo '["error","the database is locked"]'; cat"#, "says: the database is locked"),
        ("echo ready; cat", "answers the start with 'ready', not with [\"ok\"]"),
        (
            #"echo '["ok"]'; while IFS= read -r line; do [ -z "$line" ] && echo; done"#,
            "answers 0 of 2 events, and ends the batch"
        ),
        (
            #"echo '["ok"]'; while IFS= read -r line; do echo "$line"; [ "$line" ] && echo "$line"; done"#,
            "writes more lines than it was given events"
        ),
        (#"echo '["ok"]'; while IFS= read -r line; do echo {}; done"#, "writes more lines than it was given events"),
    ])
    func aProgramThatBreaksTheRulesFailsTheRun(script: String, message: String) throws {
        var transform = try ExecStage().make(
            ExecTransform.self,
            options(Self.hello + script, "{}", "restarts: 0\ntimeout: 5")
        )
        let error = #expect(throws: StageError.self) {
            try transform.process(EventBatch(records: [#"{"a":1}"#, #"{"a":2}"#]))
            try transform.finish()
        }
        #expect(error?.message.contains("' " + message) ?? false, "\(error?.message ?? "")")
    }

    @Test func aProgramWithAHandshakeIsStartedAgain() throws {
        let script =
            Self.hello
            + #"echo '["ok"]'; IFS= read -r line; echo "$line"; IFS= read -r line; if [ "$line" ]; then exit 5; fi; echo; cat"#
        let stage = ExecStage()
        var transform = try stage.make(ExecTransform.self, options(script, "{}"))
        let records = (0..<3).map { #"{"n":\#($0)}"# }
        let batch = EventBatch(records: records)
        try transform.process(batch)
        #expect(batch.map(\.json) == records)
        #expect(stage.warnings.count == 2)
    }

    @Test func whatIsHeardOfAProgramIsBounded() throws {
        for script in ["tr '\\0' x </dev/zero", "printf '%s' '[\"hello\",'; tr '\\0' x </dev/zero"] {
            let error = #expect(throws: OptionError.self) {
                try ExecStage().make(ExecTransform.self, options(script, "{}", "timeout: 60"), isCheck: true)
            }
            #expect(error?.message.hasSuffix("writes more than 1 MiB where its first line was due") == true)
        }
    }
}
