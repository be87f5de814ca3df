import MHPipeKit
import MHPipePlan
import PipelineConfig
import Testing

@testable import MHPipeCommand

@Suite struct SettingTests {
    @Test(arguments: [("A=1", "A", "1"), ("A=", "A", ""), ("A=b=c", "A", "b=c"), ("A= x y ", "A", " x y ")])
    func splitsAtTheFirstEqualsSign(text: String, name: String, value: String) throws {
        let setting = try Setting(config: ConfigNode(.text(text)))
        #expect(setting.name == name)
        #expect(setting.value == value)
        #expect(setting.optionText == text)
    }

    @Test(arguments: ["", "A", "=1"])
    func refusesWhatHasNoName(text: String) {
        #expect(throws: OptionError("needs NAME=VALUE, not '\(text)'")) { try Setting(config: ConfigNode(.text(text))) }
    }

    /// What is said of a key that `--set` names is what there is.
    @Test func theKeysWithOptionsAreThoseOfRun() throws {
        var command = RunCommand()
        command.state = "x"
        command.mode = .append
        command.options.workers = try WorkerCount(config: ConfigNode(.text("1")))
        command.options.quarantine = "x"
        command.options.manifest = "x"
        command.options.onError = .fail
        command.options.onInterrupt = .commit
        command.options.onEmpty = .fail
        command.options.metrics = try ListenAddress(config: ConfigNode(.text("127.0.0.1:9464")))
        command.options.metricsFile = "x"
        #expect(Set(command.optionSettings.map(\.key)) == Set(TopLevelKey.ofOptions))
        for key in TopLevelKey.ofOptions {
            let name = key.replacing("_", with: "-")
            #expect(RunCommand.parameters.contains { $0.description.name == name }, "\(name)")
        }
    }

    @Test(arguments: ["run", "check", "replay"])
    func aNameIsGivenOnce(command: String) {
        let errors = RecordedOutput()
        let console = Console(standardOutput: RecordedOutput(), standardError: errors)
        let words = [command, "x.conf", "--set", "A=1", "--set", "B=2", "--set", "A=3"]
        #expect(CommandLineTool.run(words, plugins: PluginRegistry(), console: console) == 2)
        #expect(errors.text.contains("'--set' gives 'A' twice"), "\(errors.text)")
    }
}
