import MHPipeIO
import MHPipeKit

/// What the three `exec` plugins are told about the program that they run.
struct ExecSettings: Sendable {
    var command = ExecCommand()
    var conversation = ExecProtocol.lines
    var options = ExecOptions()
    /// Seconds.
    var timeout = 60
    var restarts = 3

    /// Checks what can be known before anything runs, and finds the program.
    ///
    /// - Parameters:
    ///   - kind: What the program is to be.
    ///   - context: The stage.
    /// - Returns: How to start it.
    /// - Throws: `OptionError`.
    func launch(_ kind: PluginDescription.Kind, _ context: PluginContext) throws -> ExecLaunch {
        guard let name = command.words.first else {
            throw OptionError(option: "command", "needs the name of a program")
        }
        guard command.words.allSatisfy({ !$0.contains("\0") }) else {
            throw OptionError(option: "command", "holds a NUL character, which no program can be given")
        }
        guard timeout >= 1 else { throw OptionError(option: "timeout", "needs at least 1 second, not '\(timeout)'") }
        guard restarts >= 0 else { throw OptionError(option: "restarts", "needs 0 or more, not '\(restarts)'") }
        if conversation == .lines, let entry = options.entries.first {
            throw OptionError(
                option: "options",
                "names '\(entry.key)', but a program is told of options only with `protocol: handshake`",
                label: "a program of `protocol: lines` takes its arguments in `command`"
            )
        }
        let path: String
        do {
            path = try ProgramPath.find(name, path: ExecLaunch.environment["PATH"] ?? "/usr/bin:/bin")
        } catch {
            let isSentence = error.isMissing && command.words.count == 1 && name.contains(" ")
            let list = name.split(separator: " ").joined(separator: ", ")
            var mistake = OptionError(
                option: "command",
                "names '\(name)', which cannot be started: \(error.reason)",
                label: isSentence ? "write the program and its arguments as a list: [\(list)]" : error.advice
            )
            mistake.span = command.spans.first ?? nil
            throw mistake
        }
        let launch = ExecLaunch(kind: kind, path: path, settings: self, context: context)
        // Its declaration is what tells whether the options are right; a run hears it when it starts the program.
        if context.isCheck, conversation == .handshake { try launch.check() }
        return launch
    }
}

/// How mhpipe and the program talk.
enum ExecProtocol: String, OptionChoice {
    /// JSON lines and nothing else.
    case lines
    /// The program says first what it is, is told its options, and answers for what it was given.
    case handshake
}

/// The options of the program itself, as they were written: the program's declaration says what they mean.
struct ExecOptions: OptionValue {
    var entries: [ConfigEntry] = []

    static var typeName: String { "a mapping" }

    init() {}

    init(config node: ConfigNode) throws(OptionError) {
        guard let entries = node.entries else { throw OptionError("needs a mapping, not \(node.shown)") }
        self.entries = entries
    }

    var optionText: String { "" }
}
