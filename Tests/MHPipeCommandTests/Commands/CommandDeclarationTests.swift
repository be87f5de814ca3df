import MHPipeKit
import MHPipeTestSupport
import Testing

@testable import MHPipeCommand

/// What holds for every command and all that it takes.
@Suite struct CommandDeclarationTests {
    private static let parameters: [(command: String, parameter: ParameterDescription)] = CommandList.all.flatMap {
        named($0)
    }

    private static func named<C: Command>(_ command: C.Type) -> [(String, ParameterDescription)] {
        C.parameters.map { (C.name, $0.description) }
    }

    @Test func commandsHaveNamesOfTheirOwn() {
        #expect(Set(CommandList.names + ["help"]).count == CommandList.all.count + 1)
    }

    @Test func summariesAreSentences() {
        for command in CommandList.all { expectSentence(command.summary) }
    }

    @Test func everyHelpIsASentence() {
        for (_, parameter) in Self.parameters { expectSentence(parameter.help) }
    }

    @Test func namesAreUniqueInTheirCommand() {
        let help = ParameterDescription.help
        for command in CommandList.names {
            let own = Self.parameters.filter { $0.command == command }.map(\.parameter) + [help]
            #expect(Set(own.map(\.name)).count == own.count, "two parameters of '\(command)' have one name")
            let shorts = own.compactMap(\.short)
            #expect(Set(shorts).count == shorts.count, "two flags of '\(command)' have one letter")
        }
    }

    @Test func namesFollowTheCustom() {
        for (command, parameter) in Self.parameters {
            let pattern = parameter.count == nil ? /[a-z][a-z-]*[a-z]/ : /[A-Z]+/
            #expect(parameter.name.wholeMatch(of: pattern) != nil, "'\(parameter.name)' of '\(command)'")
            if let valueName = parameter.valueName {
                #expect(valueName.wholeMatch(of: /[A-Z]+(=[A-Z]+)?/) != nil, "'\(valueName)' of '\(command)'")
            }
        }
    }

    /// The second value would take the place of the first in silence.
    @Test func anOptionWithOneValueIsGivenOnce() throws {
        var tried: Set<String> = []
        func tryOptions<C: Command>(_ command: C.Type) {
            let parser = ArgumentParser(command: C.name, parameters: C.parameters)
            for parameter in C.parameters where parameter.description.valueName != nil {
                let name = parameter.description.name
                tried.insert(name)
                let value = Self.values[name] ?? "x"
                var message = ""
                do throws(UsageError) {
                    _ = try parser.parse(["--\(name)", value, "--\(name)=\(value)"], into: C())
                } catch {
                    message = error.message
                }
                #expect(message.contains("twice") == !Self.adding.contains(name), "\(C.name) --\(name): \(message)")
            }
        }
        for command in CommandList.all { tryOptions(command) }
        #expect(tried.isSuperset(of: Self.adding) && tried.isSuperset(of: Self.values.keys))
    }

    /// Options whose values add up; two values of `--set` have different names.
    private static let adding: Set = [
        "account", "region", "where", "columns", "plugin", "public-keys", "change-window", "input",
        "output",
    ]

    /// What options take that do not take any text.
    private static let values = [
        "endpoint": "https://s3.example.com", "bucket-region": "eu-west-1",
        "to": "csv", "delimiter": "tab", "since": "7d", "until": "2026", "late": "2d", "account": "111122223333",
        "region": "us-east-1",
        "set": "A=1", "workers": "2", "on-error": "fail", "on-interrupt": "abort", "on-empty": "warn",
        "exit-codes": "sysexits",
        "metrics": "127.0.0.1:9464", "metrics-file": "x.prom", "progress": "never", "mode": "append", "kind": "sink",
        "format": "dot", "top": "3",
    ]

    @Test func atMostOneArgumentStandsForSeveral() {
        for command in CommandList.names {
            #expect(Self.parameters.count { $0.command == command && $0.parameter.count == .several } <= 1)
        }
    }

    @Test(arguments: CommandList.names + ["overview"])
    func helpIsAsRecorded(name: String) throws {
        let words = name == "overview" ? [] : name.split(separator: " ").map(String.init)
        let text = try CommandList.help(on: words[...])
        let tooLong = text.split(separator: "\n").filter { $0.count > 100 }
        #expect(tooLong == [])
        if let difference = try Golden().difference(
            text,
            from: "help-\(words.isEmpty ? name : words.joined(separator: "-")).txt"
        ) {
            Issue.record(Comment(rawValue: difference))
        }
    }

    @Test(arguments: [30, 40, 60, 80, 99])
    func helpIsWrappedToTheTerminal(width: Int) throws {
        let pages = try CommandList.names.map { try CommandList.help(on: [$0], width: width) }
        for page in try pages + [
            CommandList.help(on: [], width: width), CommandList.help(on: ["plugin"], width: width),
            FirstSteps.text(width: width),
        ] {
            let tooLong = page.split(separator: "\n").filter { line in
                // What has no space in it cannot be wrapped.
                line.count > width && line.drop { $0 == " " }.contains(" ")
            }
            #expect(tooLong == [])
        }
    }

    @Test func theWidthIsThatOfTheTerminal() {
        func lines(_ columns: Int?) -> [Substring] {
            let output = RecordedOutput(isTerminal: columns != nil, columns: columns)
            let console = Console(standardOutput: output, standardError: RecordedOutput())
            _ = CommandLineTool.run(["run", "--help"], plugins: PluginRegistry(), console: console)
            return output.text.split(separator: "\n")
        }
        #expect(lines(50).allSatisfy { $0.count <= 50 })
        #expect(lines(nil) == lines(300))
        #expect(lines(80).contains { $0.count > 50 })
    }

    private func expectSentence(_ text: String) {
        #expect(text.first?.isUppercase == true && text.last == ".", "'\(text)' is no sentence")
        #expect(!text.utf8.contains { $0 > 0x7E }, "'\(text)' is not ASCII")
    }
}
