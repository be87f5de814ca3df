import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct InterviewTests {
    /// What `init` makes of answers, one a line, and what it shows.
    private func ask(_ answers: [String], _ command: InitCommand = InitCommand()) throws -> (InitCommand, String) {
        var (command, rest, shown) = (command, answers[...], "")
        try command.ask(Interview(show: { shown += $0 }, read: { rest.popFirst() }))
        return (command, shown)
    }

    @Test func answersBecomeOptions() throws {
        let folder = try TemporaryDirectory()
        let logs = try folder.write("", to: "a.json")
        let (command, shown) = try ask(["", logs, "x.parquet", "x.db", "maybe", "y", "no", "soon", "7d", "audit.conf"])
        #expect(command.inputs == [logs])
        #expect(command.outputs == ["x.db"])
        #expect(command.choice.keepsMigrationHub && !command.choice.addsIdentity)
        #expect(command.choice.selection.since?.optionText == "7d")
        #expect(command.file == "audit.conf")
        #expect(shown.contains("  yes or no, not 'maybe'\n"))
        #expect(shown.contains("'x.parquet' would hold JSON lines, and its name says Parquet"))
        #expect(shown.contains("needs a day, a month, a time or an age"))
    }

    @Test func anEmptyLineIsTheUsualAnswer() throws {
        var given = InitCommand()
        given.inputs = ["-"]
        let (command, _) = try ask(["", "", "", "", ""], given)
        #expect(command.outputs == ["events.csv"])
        #expect(
            !command.choice.keepsMigrationHub && command.choice.addsIdentity && command.choice.selection.since == nil
        )
        #expect(command.file == InitCommand.usualFile)
    }

    @Test func theEndOfInputEndsIt() throws {
        #expect(throws: UsageError.refused("no answer, so nothing was written")) { try ask([]) }
    }
}
