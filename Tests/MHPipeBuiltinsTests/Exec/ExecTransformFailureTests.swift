import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// Programs that do not do what they should: the run fails with a message that says what, where, and what to do.
@Suite(.timeLimit(.minutes(30))) struct ExecTransformFailureTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let more: String
        /// What the message says behind the program.
        let message: String
        let advice: String?

        init(
            _ name: String,
            _ script: String,
            _ more: String = "restarts: 0",
            says message: String,
            advice: String? = nil
        ) {
            self.name = name
            self.script = script
            self.more = more
            self.message = message
            self.advice = advice
        }

        var testDescription: String { name }
    }

    private static let each = "while IFS= read -r line; do "

    private static let leavesOneOut = "case $line in *E1*) ;; *) echo \"$line\";; esac; "
    private static let everyEvent =
        "every event needs an answer; to drop one, answer null (jq: `if COND then . else null end`)"
    private static let moreTime =
        "give it more time with `timeout`, or see where it waits; a program must flush what it answers"

    static let cases = [
        Case(
            "exits at once",
            "echo 'no database' >&2; exit 3",
            says: "ended with status 3 when 0 of the 3 events of a batch were answered, at record 0 of 'test.json'",
            advice: "its last line on standard error: no database"
        ),
        Case(
            "exits in the middle",
            "IFS= read -r line; echo \"$line\"; exit 1",
            "restarts: 3",
            says: "ended with status 1 when 1 of the 3 events of a batch were answered, of 'test.json'",
            advice: everyEvent
        ),
        Case(
            "always exits on the first event",
            each + "exit 9; done",
            "restarts: 2",
            says:
                "ended with status 9 when 0 of the 3 events of a batch were answered, at record 0 of 'test.json', after 2 restarts"
        ),
        Case(
            "leaves an event out",
            each + leavesOneOut + "done",
            "restarts: 3",
            says: "ended with status 0 when 2 of the 3 events of a batch were answered, of 'test.json'",
            advice: everyEvent
        ),
        Case(
            "leaves an event out and begins another answer",
            each + leavesOneOut + "done; printf '{\"ha'; exit 1",
            says: "ended with status 1 when 2 of the 3 events of a batch were answered, of 'test.json'",
            advice: everyEvent
        ),
        Case(
            "leaves all events out",
            "cat >/dev/null",
            "restarts: 3",
            says: "ended with status 0 when 0 of the 3 events of a batch were answered, at record 0 of 'test.json'",
            advice: everyEvent
        ),
        Case(
            "leaves an event out and hangs",
            each + leavesOneOut + "done; sleep 1000",
            "timeout: 1\nrestarts: 3",
            says:
                "has been silent when 2 of the 3 events of a batch were answered, for 1 seconds, of 'test.json'",
            advice: moreTime + "\n" + everyEvent
        ),
        Case(
            "leaves an event out and closes standard output",
            each + leavesOneOut + "[ -n \"${line##*E2*}\" ] || exec >&-; done",
            says: "closed its standard output when 2 of the 3 events of a batch were answered, of 'test.json'",
            advice: everyEvent
        ),
        Case(
            "is killed",
            "kill -KILL $$",
            says:
                "was ended by signal 9 (Killed) when 0 of the 3 events of a batch were answered, at record 0 of 'test.json'"
        ),
        Case(
            "hangs",
            "sleep 1000",
            "restarts: 0\ntimeout: 1",
            says:
                "has been silent when 0 of the 3 events of a batch were answered, for 1 seconds, at record 0 of 'test.json'",
            advice: moreTime + "\n" + everyEvent
        ),
        Case(
            "hangs and ignores TERM",
            "trap '' TERM; while :; do sleep 1000; done",
            "restarts: 0\ntimeout: 1",
            says:
                "has been silent when 0 of the 3 events of a batch were answered, for 1 seconds, at record 0 of 'test.json'"
        ),
        Case(
            "writes garbage",
            each + "echo \"I saw $line\"; done",
            says: #"answers event 0 of a batch with 'I saw {"eventName":"E0"}', which is no event of 'test.json'"#,
            advice: "standard output is for answers only, one line each; write everything else to standard error"
        ),
        Case(
            "writes a number",
            each + "echo 7; done",
            says: "answers event 0 of a batch with '7', which is no event of 'test.json'"
        ),
        Case(
            "writes what is almost JSON",
            each + "echo '{\"a\":1,}'; done",
            says: "answers event 0 of a batch with what is no JSON object: '{\"a\":1,}' of 'test.json'"
        ),
        Case(
            "leaves a string open",
            each + "case $line in *E1*) echo '{\"a\":\"';; *) echo \"$line\";; esac; done",
            says: "answers event 1 of a batch with what is no JSON object: '{\"a\":\"' of 'test.json'"
        ),
        Case(
            "writes a bad escape",
            each + "printf '%s\\n' '{\"a\":\"\\q\"}'; done",
            says: #"answers event 0 of a batch with what is no JSON object: '{"a":"\q"}' of 'test.json'"#
        ),
        Case(
            "writes two objects on a line",
            each + "echo '{} {}'; done",
            says: "answers event 0 of a batch with what is no JSON object: '{} {}' of 'test.json'"
        ),
        Case(
            "writes a line of its own first",
            "echo 'loading'; cat",
            says: "writes more lines than it was given events, such as 'loading'",
            advice: "standard output is for answers only, one line each; write everything else to standard error"
        ),
        Case(
            "writes each event twice",
            each + "echo \"$line\"; echo \"$line\"; done",
            says: "writes more lines than it was given events"
        ),
        Case(
            "closes standard output early",
            "exec >&-; sleep 1000",
            says:
                "closed its standard output when 0 of the 3 events of a batch were answered, at record 0 of 'test.json'"
        ),
        Case(
            "writes a line without an end",
            "head -c 300000000 /dev/zero | tr '\\0' x; sleep 1000",
            says: "answers 3 events with a line of more than 64 MiB, at record 0 of 'test.json'",
            advice: "an answer is one line; does it write line ends?"
        ),
        Case(
            "writes lines without an end",
            "yes '{}'",
            says: "writes more lines than it was given events, such as '{}'"
        ),
    ]

    @Test(arguments: cases) func failsTheRun(failure: Case) throws {
        let stage = ExecStage()
        var transform = try stage.make(ExecTransform.self, ExecStage.shell(failure.script, failure.more))
        let error = #expect(throws: StageError.self) {
            try transform.process(EventBatch(records: (0..<3).map { #"{"eventName":"E\#($0)"}"# }))
            try transform.finish()
        }
        let message = error?.message ?? ""
        #expect(message.hasPrefix("transform 'x': 'sh -c "))
        #expect(message.contains("' " + failure.message), "\(message)")
        if let advice = failure.advice { #expect(error?.advice == advice) }
    }

    private static let counting = "n=0; while IFS= read -r line; do n=$((n + 1)); "

    /// The number of answers is right, but not what they are to.
    @Test(arguments: [
        ("the other way round", "tac", 1), ("two that changed places", "sed -n '1{h;d};2{p;g;p;d};p'", 1),
        ("one missing and one too many", "sed -n '2d;3p;p'", 1), ("all one event", "sed 's/id./id0/'", 1),
        ("one event late", counting + "echo \"${last:-$line}\"; last=$line; done", 1),
        (
            "one event late from the second batch on",
            counting + "if [ $n -gt 3 ]; then echo \"$last\"; else echo \"$line\"; fi; last=$line; done", 2
        ),
        (
            "the same, with more in it",
            counting
                + "if [ $n -gt 3 ]; then echo \"${last%\\}},\\\"a\\\":1}\"; else echo \"$line\"; fi; last=$line; done",
            2
        ),
    ])
    func anAnswerToAnotherEventFailsTheRun(name: String, script: String, batches: Int) throws {
        let stage = ExecStage()
        var transform = try stage.make(ExecTransform.self, ExecStage.shell(script, "restarts: 0"))
        let error = #expect(throws: StageError.self, "\(name)") {
            for batch in 0..<2 {
                let numbers = batch == 0 ? 0..<3 : 3..<4
                try transform.process(EventBatch(records: numbers.map { #"{"eventID":"id\#($0)","n":\#($0)}"# }))
                #expect(batch + 1 < batches, "\(name)")
            }
            try transform.finish()
        }
        #expect(
            error?.message.contains("with what has the eventID of another event") == true,
            "\(name): \(error as Any)"
        )
    }

    /// Whatever else a program makes of an `eventID` is its own affair.
    @Test(arguments: ["s/id/x/", "s/\"eventID\":\"[^\"]*\",//", "s/id[0-9]/secret/", "s/^{/{\"a\":1,/"])
    func aChangedEventIDIsNoFailure(command: String) throws {
        let stage = ExecStage()
        var transform = try stage.make(
            ExecTransform.self,
            ExecStage.shell("sed -u '\(command)'")
        )
        for _ in 0..<2 {
            let batch = EventBatch(records: [0, 1, 0].map { #"{"eventID":"id\#($0)","n":\#($0)}"# })
            try transform.process(batch)
            #expect(batch.map { $0[FieldPath("n")]?.int } == [0, 1, 0])
        }
        try transform.finish()
    }

    @Test func aLineBehindTheLastAnswerFailsTheRunAtItsEnd() throws {
        let stage = ExecStage()
        var transform = try stage.make(
            ExecTransform.self,
            ExecStage.shell(Self.each + "echo \"$line\"; done; echo bye")
        )
        try transform.process(EventBatch(records: ["{}"]))
        let error = #expect(throws: StageError.self) { try transform.finish() }
        #expect(error?.message.hasSuffix("writes more lines than it was given events, such as 'bye'") ?? false)
    }

    @Test(arguments: [
        (
            "command: no_such_program",
            "names 'no_such_program', which cannot be started: there is no such program in PATH"
        ),
        ("command: /nowhere/x", "names '/nowhere/x', which cannot be started: '/nowhere/x': No such file or directory"),
        ("command: []", "needs the name of a program"),
        ("command: cat -u", "names 'cat -u', which cannot be started: there is no such program in PATH"),
    ])
    func aProgramThatIsNotThereIsAMistakeInThePipeline(options: String, message: String) {
        let error = #expect(throws: OptionError.self) { try ExecStage().make(ExecTransform.self, options) }
        #expect(error?.option == "command")
        #expect(error?.message == message)
    }

    @Test(arguments: [
        ("timeout: 0", "'timeout' needs at least 1 second, not '0'"),
        ("restarts: -1", "'restarts' needs 0 or more, not '-1'"),
        ("options: {a: 1}", "'options' names 'a', but a program is told of options only with `protocol: handshake`"),
    ])
    func optionsThatDoNotFitAreRefused(options: String, message: String) {
        let error = #expect(throws: OptionError.self) {
            try ExecStage().make(ExecTransform.self, "command: cat\n" + options)
        }
        #expect(error?.description == message)
    }

    @Test func aFileThatMayNotBeExecutedIsNamed() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write("#!/bin/sh\n", to: "tool.sh")
        let error = #expect(throws: OptionError.self) {
            try ExecStage().make(ExecTransform.self, "command: \(ExecStage.quoted(path))")
        }
        #expect(error?.message == "names '\(path)', which cannot be started: '\(path)' may not be executed")
        #expect(error?.label == "make it executable (chmod +x), or put its interpreter first: [python3, \(path)]")
    }
}
