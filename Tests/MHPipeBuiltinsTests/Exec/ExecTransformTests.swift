import Foundation
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What a program's answers make of events.
@Suite(.timeLimit(.minutes(30))) struct ExecTransformTests {
    private let stage = ExecStage()

    private func batch(_ options: String, _ records: [String] = records) throws -> EventBatch {
        var transform = try stage.make(ExecTransform.self, options)
        let batch = EventBatch(records: records)
        try transform.process(batch)
        try transform.finish()
        return batch
    }

    private static let records = (0..<4).map { #"{"eventName":"E\#($0)","n":\#($0)}"# }
    private static let streaming = "while IFS= read -r line; do "

    @Test func anAnswerThatIsTheEventLeavesItAlone() throws {
        let spaced = ["{ \"a\" : 1.50, \"a\":2 }"] + Self.records
        let batch = try batch("command: cat", spaced)
        #expect(batch.map(\.json) == spaced)
        #expect(stage.warnings.isEmpty)
    }

    @Test func anAnswerIsTheEventFromThenOn() throws {
        let options = ExecStage.shell(Self.streaming + #"echo "{\"eventName\":\"new\",\"was\":$line}"; done"#)
        let batch = try batch(options)
        #expect(ExecStage.lines(batch) == Self.records.map { #"{"eventName":"new","was":\#($0)}"# })
        #expect(batch.map { $0[FieldPath("eventName")]?.string } == ["new", "new", "new", "new"])
        #expect(batch.map { $0[FieldPath("was", "n")]?.int } == [0, 1, 2, 3])
        #expect(batch.map(\.number) == [0, 1, 2, 3])
    }

    @Test func whatEarlierTransformsAddedIsPartOfTheEvent() throws {
        let batch = EventBatch(records: Self.records)
        let column = batch.addColumn("team")
        for event in batch { column.set(.string("blue"), row: event.row) }
        var transform = try stage.make(
            ExecTransform.self,
            ExecStage.shell(Self.streaming + #"echo "${line%\}},\"seen\":true}"; done"#)
        )
        try transform.process(batch)
        #expect(ExecStage.lines(batch).first == #"{"eventName":"E0","n":0,"team":"blue","seen":true}"#)
        #expect(batch.columns.isEmpty)
        #expect(batch.first { _ in true }?[FieldPath("team")]?.string == "blue")
        // A column of a later stage goes on top as always.
        let later = batch.addColumn("team")
        later.set(.string("red"), row: 0)
        #expect(ExecStage.lines(batch).first == #"{"eventName":"E0","n":0,"seen":true,"team":"red"}"#)
    }

    @Test func identityWorksOnWhatAProgramAnswers() throws {
        let options = ExecStage.shell(Self.streaming + #"echo '{"userIdentity":{"type":"Root"}}'; done"#)
        let batch = try batch(options)
        var identity = try stage.make(IdentityTransform.self, "")
        identity.process(batch)
        #expect(batch.allSatisfy { $0[FieldPath("identity", "kind")]?.string == "root" })
    }

    @Test(arguments: ["null", "", "  null "]) func noEventIsADroppedOne(answer: String) throws {
        let script = Self.streaming + "case $line in *E1*) echo '\(answer)';; *) echo \"$line\";; esac; done"
        let batch = try batch(ExecStage.shell(script))
        #expect(batch.map(\.number) == [0, 2, 3])
        #expect(batch.map(\.json) == [0, 2, 3].map { Self.records[$0] })
    }

    @Test func droppedAndChangedEventsKeepTheirRows() throws {
        let script =
            Self.streaming
            + #"case $line in *E0*|*E2*) echo null;; *E3*) echo "\"no good\"";; *) echo '{"x":1}';; esac; done"#
        let batch = try batch(ExecStage.shell(script))
        #expect(ExecStage.lines(batch) == [#"{"x":1}"#])
        #expect(batch.map(\.row) == [1])
        #expect(batch.rejections.map(\.reason) == ["no good"])
        #expect(batch.rejections.map { String(decoding: $0.bytes, as: UTF8.self) } == [Self.records[3]])
    }

    @Test func manyBatchesGoThroughOneProgram() throws {
        var transform = try stage.make(
            ExecTransform.self,
            ExecStage.shell(Self.streaming + "echo \"{\\\"pid\\\":$$}\"; done")
        )
        var answers: Set<String> = []
        for _ in 0..<20 {
            let batch = EventBatch(records: Self.records)
            try transform.process(batch)
            answers.formUnion(ExecStage.lines(batch))
        }
        try transform.finish()
        #expect(answers.count == 1)
    }

    @Test func aBatchLargerThanEveryPipeGoesThrough() throws {
        let long = String(repeating: "long ", count: 20_000)
        let records = (0..<60).map { #"{"n":\#($0),"text":"\#(long)"}"# }
        #expect(try batch("command: cat", records).map(\.json) == records)
    }

    @Test func aProgramThatAnswersAtItsEndIsStartedForEveryBatch() throws {
        var transform = try stage.make(ExecTransform.self, "command: [awk, '{ print }']")
        for _ in 0..<3 {
            let batch = EventBatch(records: Self.records)
            try transform.process(batch)
            #expect(batch.map(\.json) == Self.records)
        }
        try transform.finish()
        #expect(stage.warnings.count == 1)
        #expect(stage.warnings.first?.contains("answers only when its input ends") ?? false)
    }

    @Test func theLastAnswerNeedsNoLineEnd() throws {
        let batch = try batch("command: [awk, 'NR > 1 { print \"\" } { printf \"%s\", $0 }']")
        #expect(batch.map(\.json) == Self.records)
    }

    @Test func aProgramThatPausesBehindAnAnswerIsNotTakenForOneThatAnswersAtItsEnd() throws {
        // The second answer comes when the input has ended, as from a program that is slow.
        let script = "IFS= read -r line; echo \"$line\"; cat >rest; cat rest; rm rest"
        let folder = try TemporaryDirectory()
        let batch = try batch(ExecStage.shell("cd \(ExecStage.quoted(folder.path(""))); " + script))
        #expect(batch.map(\.json) == Self.records)
        #expect(stage.warnings.isEmpty)
    }

    @Test func standardErrorIsPassedOnLineByLine() throws {
        let script = Self.streaming + #"echo "saw it" >&2; printf '%s\n' "$line"; done; printf "no line end" >&2"#
        _ = try batch(ExecStage.shell(script))
        #expect(stage.relayed == Array(repeating: "saw it", count: 4) + ["no line end"])
    }

    @Test func aFloodOnStandardErrorHoldsNothingUp() throws {
        let script = Self.streaming + "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2; echo \"$line\"; done"
        let batch = try batch(ExecStage.shell(script))
        #expect(batch.count == 4)
        #expect(stage.relayed.map(\.count) == Array(repeating: 4097, count: 4))
    }

    @Test func anExitStatusBehindTheLastAnswerIsAWarning() throws {
        let batch = try batch(ExecStage.shell(Self.streaming + "echo \"$line\"; done; exit 4"))
        #expect(batch.count == 4)
        #expect(stage.warnings.map { $0.hasSuffix("ended with status 4, after it had answered every event") } == [true])
    }

    @Test func aProgramThatIgnoresTheEndOfItsInputIsEnded() throws {
        let script = "trap '' TERM; " + Self.streaming + "echo \"$line\"; done; while :; do sleep 100; done"
        let batch = try batch(ExecStage.shell(script, "timeout: 1"))
        #expect(batch.count == 4)
        #expect(stage.warnings.map { $0.hasSuffix("did not end with its input, and was ended") } == [true])
    }
}
