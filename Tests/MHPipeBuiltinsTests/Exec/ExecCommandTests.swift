import Foundation
import MHPipeKit
import MHPipePlan
import MHPipeTestSupport
import Testing

@testable import MHPipeBuiltins

/// What can be said of a command before it is run.
@Suite struct ExecCommandTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
        try folder.write("", to: "office.py")
        try folder.write("", to: "all.jq")
    }

    private func warnings(_ words: [String]) throws -> [OptionWarning] {
        // Relative paths would be those of the whole test process.
        let words = words.map { $0.replacing("DIR/", with: folder.path("")) }
        let nodes = words.enumerated().map { number, word in
            ConfigNode(.text(word), span: SourceSpan(line: 1, column: 10 * number + 1))
        }
        return try ExecCommand(config: ConfigNode(.list(nodes))).warnings
    }

    @Test(
        arguments: [
            (["python3", "DIR/ofice.py"], 11), (["/usr/bin/python3.12", "-u", "-B", "DIR/ofice.py", "x"], 31),
            (["sh", "DIR/ofice.py"], 11), (["bash", "-eu", "DIR/ofice.py"], 21), (["perl", "-w", "DIR/ofice.py"], 21),
            (["node", "DIR/ofice.py"], 11), (["ruby", "DIR/ofice.py"], 11),
        ] as [([String], Int)]
    )
    func aScriptThatIsNotThereIsNamed(words: [String], column: Int) throws {
        let warning = try #require(warnings(words).first)
        #expect(warning.message == "'\(words[0])' is to run '\(folder.path("ofice.py"))', which does not exist")
        #expect(warning.notes.first == "did you mean 'office.py'?")
        #expect(warning.span?.column == column)
        #expect(warning.option == "command")
    }

    @Test(arguments: [
        ["jq", "-c", "-f", "DIR/al.jq"], ["awk", "-f", "DIR/ofice.py"], ["sed", "-f", "DIR/x"],
        ["python3", "no_such_script_anywhere"],
    ])
    func aFileBehindAnOptionIsLookedFor(words: [String]) throws {
        #expect(try warnings(words).count == 1)
    }

    /// What is there, what is no file, and what nobody can know.
    @Test(arguments: [
        ["python3", "DIR/office.py"], ["python3", "-u", "DIR/office.py"], ["python3"], ["python3", "-"],
        ["python3", "-c", "print(1)", "x.py"], ["python3", "-m", "office"],
        ["python3", "-W", "error", "DIR/office.py"],
        ["sh", "-c", "exec ./x.sh"], ["sh", "-ec", "exec ./x.sh"], ["perl", "-ne", "print"], ["ruby", "-e", "1"],
        ["node", "-e", "1"], ["sh", "env"], ["jq", "-f", "DIR/all.jq"], ["jq", "-c", "."], ["jq", "-f"],
        ["awk", "{ print }"], ["./x.sh", "y.py"], ["grep", "-f", "DIR/x"], ["cat", "DIR/x"],
    ])
    func nothingIsSaidOfOthers(words: [String]) throws {
        #expect(try warnings(words) == [])
    }

    @Test func aProgramThatIsNotThereIsShownInItsPlace() throws {
        let nodes = ["no_such_program", "x"].enumerated().map { number, word in
            ConfigNode(.text(word), span: SourceSpan(line: 1, column: 10 * number + 1))
        }
        var settings = ExecSettings()
        settings.command = try ExecCommand(config: ConfigNode(.list(nodes), span: SourceSpan(line: 1, column: 5)))
        let error = #expect(throws: OptionError.self) {
            try settings.launch(.transform, PluginContext(stage: "x", isCheck: true))
        }
        #expect(error?.span == SourceSpan(line: 1, column: 1))
    }
}
