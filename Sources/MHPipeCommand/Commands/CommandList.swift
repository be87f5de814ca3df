/// The commands, in the order in which help shows them.
enum CommandList {
    static let all: [any Command.Type] = [
        RunCommand.self,
        CheckCommand.self,
        ConvertCommand.self,
        PluginsCommand.self,
    ]

    static var names: [String] { all.map { $0.name } }

    /// Finds a command by its word.
    ///
    /// - Throws: `UsageError` when there is none.
    static func command(_ word: String) throws(UsageError) -> any Command.Type {
        if let command = all.first(where: { $0.name == word }) { return command }
        if word.hasPrefix("-") {
            throw UsageError("a command comes first, then its options, not '\(word)'")
        }
        var error = UsageError.unknownCommand(word, among: names + ["help"])
        if word.contains(".") || word.contains("/") {
            error.advice.append("to run a pipeline file, write: mhpipe run \(word)")
        }
        throw error
    }

    /// The help of one command, or of the tool.
    ///
    /// - Throws: `UsageError` when there is no such command.
    static func help(on word: String?) throws(UsageError) -> String {
        guard let word else { return overview }
        return HelpPage(try command(word)).text
    }

    /// What `mhpipe --help` shows.
    static var overview: String {
        """
        mhpipe \(Version.current) reads AWS CloudTrail logs, keeps what you ask for and writes it as JSON
        lines, CSV or SQLite.

        Usage: mhpipe COMMAND [options] ...

        Commands:
        \(HelpPage.table(all.map { ($0.name, $0.summary) }))

        'mhpipe COMMAND --help' or 'mhpipe help COMMAND' shows what a command takes; 'mhpipe --version'
        shows the version.

        Exit codes: 0 done; 1 the run failed; 2 a mistake in the pipeline file or the arguments;
        3 done, but some input could not be read; 130 interrupted.

        """
    }
}
