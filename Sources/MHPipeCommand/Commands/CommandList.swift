/// The commands, in the order in which help shows them.
enum CommandList {
    static let all: [any Command.Type] = [
        RunCommand.self,
        CheckCommand.self,
        ConvertCommand.self,
        PluginsCommand.self,
        PluginNewCommand.self,
        PluginBuildCommand.self,
        PluginTestCommand.self,
        PluginStampCommand.self,
    ]

    static var names: [String] { all.map { $0.name } }

    /// The words with which a line can begin; several commands can have the first one in common.
    static var firstWords: [String] {
        names.map { String($0.prefix { $0 != " " }) }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }

    /// Finds the command that a line begins with.
    ///
    /// - Returns: The command, and the words behind its name.
    /// - Throws: `UsageError` when there is none.
    static func command(
        _ words: ArraySlice<String>
    ) throws(UsageError) -> (command: any Command.Type, rest: ArraySlice<String>) {
        let word = words.first ?? ""
        if let command = all.first(where: { $0.name == word }) { return (command, words.dropFirst()) }
        let group = all.filter { $0.name.hasPrefix(word + " ") }
        guard group.isEmpty else {
            let second = words.dropFirst().first ?? ""
            guard let command = group.first(where: { $0.name == "\(word) \(second)" }) else {
                throw .unknownMember(second, of: word, among: group.map { String($0.name.dropFirst(word.count + 1)) })
            }
            return (command, words.dropFirst(2))
        }
        if word.hasPrefix("-") {
            throw UsageError("a command comes first, then its options, not '\(word)'")
        }
        var error = UsageError.unknownCommand(word, among: firstWords + ["help"])
        if word.contains(".") || word.contains("/") {
            error.advice.append("to run a pipeline file, write: mhpipe run \(word)")
        }
        throw error
    }

    /// The help of one command, or of the tool.
    ///
    /// - Throws: `UsageError` when there is no such command.
    static func help(on words: ArraySlice<String>) throws(UsageError) -> String {
        if words.isEmpty { return overview }
        return HelpPage(try command(words).command).text
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
        3 done, but some input could not be read; 4 done, but the file of '--summary' could not be
        written; 130 interrupted.

        """
    }
}
