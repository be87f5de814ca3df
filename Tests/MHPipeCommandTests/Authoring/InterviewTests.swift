import MHPipeBuiltins
import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

@Suite struct InterviewTests {
    /// What `init` makes of answers, one a line, and what it shows.
    private func ask(_ answers: [String], _ command: InitCommand = InitCommand()) throws -> (InitCommand, String) {
        var (command, rest, shown) = (command, answers[...], "")
        try command.ask(Interview(show: { shown += $0 }, read: { rest.popFirst() }), .builtin)
        return (command, shown)
    }

    /// The command with what its options say.
    private func given(_ words: [String]) throws -> InitCommand {
        let parser = ArgumentParser(command: InitCommand.name, parameters: InitCommand.parameters)
        guard case .values(let command) = try parser.parse(words[...], into: InitCommand()) else {
            throw UsageError("no values")
        }
        return command
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

    /// An answer never takes the place of an option: what one says is not asked for.
    @Test(arguments: [
        (["--hub"], ["Only what AWS Migration Hub"]), (["--migration"], ["Only what AWS Migration Hub"]),
        (["--identity"], ["Add who made"]), (["--since", "7d"], ["From when on?"]),
        (["--input", "-"], ["Where are the log files?"]), (["--output", "x.db"], ["Which file is to be written?"]),
        (["a.conf"], ["Which file is the pipeline"]),
        (["--hub", "--identity", "--since", "7d"], ["Only what AWS", "Add who made", "From when on?"]),
    ]) func whatAnOptionSaysIsNotAsked(arguments: [String], questions: [String]) throws {
        let all = [
            "Where are the log files?", "Which file is to be written?", "Only what AWS Migration Hub", "Add who made",
            "From when on?", "Which file is the pipeline",
        ]
        let folder = try TemporaryDirectory()
        let logs = try folder.write("", to: "a.json")
        let command = try given(arguments)
        let answers = command.inputs.isEmpty ? [logs, "", "", "", "", ""] : ["", "", "", "", ""]
        let (asked, shown) = try ask(answers, command)
        for question in all {
            #expect(shown.contains(question) != questions.contains { question.hasPrefix($0) }, "\(question)")
        }
        #expect(asked.choice.keepsMigrationHub == arguments.contains("--hub"))
        #expect(asked.choice.addsIdentity)
        #expect(asked.choice.selection.since?.optionText == (arguments.contains("--since") ? "7d" : nil))
    }

    @Test(arguments: [
        ["--output", "x.txt"], ["--input", "nowhere"], ["--output", "x.csv", "--hub", "--migration"],
        ["--hub", "--migration"], ["--where", "eventNam == 'x'"], ["--where", "has("], ["--columns", "eventtime"],
        ["--quarantine", "no such folder/bad.jsonl"], ["--excel", "--output", "x.db"], ["--delimiter", "long"],
        ["--since", "2026-06", "--until", "2026-05"], ["a.conf", "--quarantine", "a.conf"],
        ["--output", "x.csv", "--quarantine", "x.csv"],
    ])
    func aMistakeInAnOptionIsToldBeforeAnythingIsAsked(arguments: [String]) throws {
        var (command, shown) = (try given(arguments), "")
        #expect(throws: UsageError.self) {
            try command.ask(Interview(show: { shown += $0 }, read: { nil }), .builtin)
        }
        #expect(shown == "")
    }

    /// With the question that it answers, before the next one.
    @Test(arguments: [
        (["--excel"], ["LOGS", "x.db", "x.csv"], "'--excel' is for CSV: name an output with .csv at its end"),
        (["--until", "2026-05"], ["LOGS", "", "", "", "2026-06", "2026-04"], "'since' is behind 'until'"),
        (["--quarantine", "q.jsonl"], ["LOGS", "q.jsonl", "x.csv"], "the quarantine writes the same file"),
        ([], ["LOGS", "x.jsonl", "", "", "", "x.jsonl", "y.conf"], "would overwrite the pipeline file"),
    ]) func anAnswerThatCannotBeIsAskedForAgain(arguments: [String], answers: [String], words: String) throws {
        let folder = try TemporaryDirectory()
        let logs = try folder.write("", to: "a.json")
        let (_, shown) = try ask(
            answers.map { $0 == "LOGS" ? logs : $0 } + ["", "", "", "", ""],
            given(arguments)
        )
        #expect(shown.contains(words), "\(shown)")
        #expect(!shown.contains("--to ") && !shown.contains("(line "), "\(shown)")
    }

    @Test func theEndOfInputEndsIt() throws {
        #expect(throws: UsageError.refused("no answer, so nothing was written")) { try ask([]) }
    }
}
