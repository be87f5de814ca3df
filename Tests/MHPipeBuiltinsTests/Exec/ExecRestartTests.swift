import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What a program that is started again is given: what is surely not answered, and nothing else.
@Suite(.timeLimit(.minutes(30))) struct ExecRestartTests {
    private let stage = ExecStage()
    private let folder: TemporaryDirectory
    private let records = (0..<4).map { #"{"n":\#($0)}"# }

    init() throws {
        folder = try TemporaryDirectory()
    }

    private static let hello =
        #"echo '["hello",{"protocol":1,"kind":"transform","name":"x"}]'; IFS= read -r start; echo '["ok"]'; "#

    /// Sends a batch through a script that runs in the test's folder, and notes each of its starts in `starts`.
    private func process(_ script: String, _ more: String = "") throws -> EventBatch {
        let place = "cd \(ExecStage.quoted(folder.path(""))); echo start >>starts; "
        var transform = try stage.make(ExecTransform.self, ExecStage.shell(place + script, more))
        let batch = EventBatch(records: records)
        try transform.process(batch)
        try transform.finish()
        return batch
    }

    private func lines(_ name: String) throws -> [String] {
        String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func withAHandshakeTheRestOfABatchIsSentAgain() throws {
        let script =
            Self.hello
            + "while IFS= read -r line; do echo \"$line\" >>seen; "
            + "case $line in *2*) [ -e died ] || { : >died; printf '{\"half'; exit 3; };; esac; echo \"$line\"; done"
        let batch = try process(script, "protocol: handshake")
        #expect(batch.map(\.json) == records)
        #expect(try lines("seen").filter { !$0.isEmpty } == [0, 1, 2, 2, 3].map { records[$0] })
        let warning = try #require(stage.warnings.first)
        #expect(warning.contains("' ended with status 3 when 2 of the 4 events of a batch were answered"))
        #expect(warning.hasSuffix(", at record 2 of 'test.json'; starting it again (1 of 3)"))
    }

    @Test func aBatchOfWhichNoAnswerCameIsSentAgain() throws {
        let script =
            "while IFS= read -r line; do echo \"$line\" >>seen; "
            + "case $line in *1*) [ -e died ] || { : >died; exit 3; };; esac; buffer=\"$buffer $line\"; "
            + "case $line in *3*) printf '%s\\n' $buffer;; esac; done"
        let batch = try process(script)
        #expect(batch.map(\.json) == records)
        #expect(try lines("seen") == [0, 1, 0, 1, 2, 3].map { records[$0] })
        #expect(stage.warnings.count == 1)
    }

    @Test(arguments: ["exit 3", "exit 0", "exec >&-; sleep 1000", "kill -KILL $$", "printf '{\"half'; exit 3"])
    func nothingIsSentAgainWhenAnswersCame(end: String) throws {
        let script =
            "while IFS= read -r line; do echo \"$line\" >>seen; case $line in *2*) \(end);; esac; echo \"$line\"; done"
        let error = #expect(throws: StageError.self) { try process(script) }
        #expect(error?.message.contains("when 2 of the 4 events of a batch were answered") == true)
        #expect(error?.advice?.contains("answer null") == true)
        #expect(try lines("seen") == Array(records.prefix(3)))
        #expect(try lines("starts").count == 1)
        #expect(stage.warnings.isEmpty)
    }

    @Test(arguments: ["", "protocol: handshake"]) func aProgramThatEndsAtItsStartIsStartedTwice(more: String) throws {
        let script = "echo 'Traceback' >&2; echo 'ImportError: no boto3' >&2; exit 1"
        let error = #expect(throws: StageError.self) { try process(script, more) }
        #expect(error?.message.hasSuffix(", after a restart") == true)
        // Both are of one failure, and the run reports one: no line of it is shown twice.
        #expect(error?.advice == "it wrote to standard error:\nTraceback\nImportError: no boto3")
        #expect(stage.relayed.isEmpty)
        #expect(stage.warnings.isEmpty)
        #expect(try lines("starts").count == 2)
    }

    @Test func aSourceThatEndsAtItsStartIsStartedTwice() throws {
        let script = "cd \(ExecStage.quoted(folder.path(""))); echo start >>starts; echo a >&2; echo b >&2; exit 1"
        let units = try stage.make(ExecSource.self, ExecStage.shell(script)).units { _ in }
        let error = #expect(throws: StageError.self) { try units[0].open() }
        #expect(error?.advice == "it wrote to standard error:\na\nb")
        #expect(stage.relayed.isEmpty)
        #expect(try lines("starts").count == 2)
    }

    @Test func aStartThatFailedIsToldWhenTheNextSucceeds() throws {
        let batch = try process("[ -e died ] || { : >died; echo 'no network' >&2; exit 1; }; exec cat")
        #expect(batch.map(\.json) == records)
        #expect(stage.relayed == ["no network"])
        let warning = try #require(stage.warnings.first)
        #expect(warning.hasSuffix("; starting it again (1 of 3)"))
        #expect(stage.warnings.count == 1)
    }

    @Test func aProgramThatHasTakenSomethingIsStartedAsOftenAsAllowed() throws {
        let error = #expect(throws: StageError.self) { try process("IFS= read -r line; exit 1", "restarts: 2") }
        #expect(error?.message.hasSuffix(", after 2 restarts") == true)
        #expect(try lines("starts").count == 3)
        #expect(stage.warnings.count == 2)
    }

    @Test(arguments: ["printf 'null\\nnull\\nnull\\nnull\\n'", "for i in 1 2 3 4; do echo null; done; exec sleep 1000"])
    func whatIsAnsweredWithoutBeingReadIsNoAnswer(script: String) throws {
        let error = #expect(throws: StageError.self) { try process(script, "restarts: 0") }
        #expect(error?.message.contains("writes more lines than it was given events") == true)
    }

    @Test(arguments: ["exec <&-", ":"]) func whatIsAnsweredBeforeItWasGivenIsNoAnswer(start: String) throws {
        // More than the pipe holds, so that the first event cannot have been given.
        let long = String(repeating: "x", count: 8 << 20)
        let script = start + "; echo {}; echo {}; sleep 1000"
        var transform = try stage.make(ExecTransform.self, ExecStage.shell(script, "timeout: 5"))
        let error = #expect(throws: StageError.self) {
            try transform.process(EventBatch(records: [#"{"a":"\#(long)"}"#, "{}"]))
        }
        #expect(error?.message.contains("writes more lines than it was given events") == true)
    }
}
