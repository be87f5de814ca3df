/// One of the tool's commands: what it takes, what its help says, and what it does.
///
/// Its stored properties are the values of its parameters; a new instance has the defaults.
protocol Command: Sendable {
    /// The word after `mhpipe`.
    static var name: String { get }
    /// What it does: one sentence with a full stop.
    static var summary: String { get }
    /// What stands at the end of its help: examples, and what the options cannot say.
    static var notes: String { get }
    /// What it takes.
    static var parameters: [Parameter<Self>] { get }

    init()

    /// Does the work, on the calling thread.
    ///
    /// - Throws: `UsageError` for arguments that do not fit together; `StageError` and `OptionError` end with exit
    ///   code 1, but a closed pipe ends quietly.
    func run(in context: CommandContext) throws -> ExitCode
}

extension Command {
    static var notes: String { "" }

    /// Reads the words after the command's name and does what they say.
    static func run(_ words: ArraySlice<String>, in context: CommandContext) throws -> ExitCode {
        switch try ArgumentParser(command: name, parameters: parameters).parse(words, into: Self()) {
        case .values(let command):
            return try command.run(in: context)
        case .help:
            try context.console.write(HelpPage(Self.self, width: context.console.helpWidth).text)
            return .success
        }
    }
}
