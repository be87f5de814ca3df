import MHPipeKit

/// The commands, in the order in which help shows them.
enum CommandList {
    static let all: [any Command.Type] = [
        InitCommand.self,
        RunCommand.self,
        CheckCommand.self,
        GraphCommand.self,
        ListCommand.self,
        ExplainCommand.self,
        TestCommand.self,
        ConvertCommand.self,
        StatsCommand.self,
        ReportCommand.self,
        MergeCommand.self,
        VerifyCommand.self,
        VerifyTrailCommand.self,
        ReplayCommand.self,
        PluginsCommand.self,
        PluginNewCommand.self,
        PluginBuildCommand.self,
        PluginTestCommand.self,
        PluginStampCommand.self,
        CompletionsCommand.self,
        ManCommand.self,
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
        var error = UsageError.unknownCommand(word, among: firstWords + ["help", "version"])
        if word.contains(".") || word.contains("/") {
            error.advice.append("to run a pipeline file, write: mhpipe run \(word)")
        }
        throw error
    }

    /// True for a word with which several commands begin.
    static func isGroup(_ word: String) -> Bool { all.contains { $0.name.hasPrefix(word + " ") } }

    /// The help of one command, of a group of them, or of the tool.
    ///
    /// - Throws: `UsageError` when there is no such command.
    static func help(on words: ArraySlice<String>, width: Int = HelpPage.widest) throws(UsageError) -> String {
        let words = words.filter { !helpFlags.contains($0) }[...]
        guard let word = words.first else { return overview(width) }
        if words.count == 1, isGroup(word) { return group(word, width) }
        do throws(UsageError) {
            return HelpPage(try command(words).command, width: width).text
        } catch {
            var error = error
            if Suggestion.label(for: word, among: firstWords) == nil {
                error.advice.append("'mhpipe plugins NAME' shows what a source, a transform or a sink does")
            }
            throw error
        }
    }

    /// What the codes say that a command ends with, most of them.
    static let exitCodes: [(code: ExitCode, meaning: String)] = [
        (.success, "done"), (.failure, "the run failed"),
        (.mistake, "a mistake in the pipeline file or the arguments"),
        (.inputProblems, "done, but some input could not be read"),
        (.unsettled, "done, but '--summary' or '--manifest' could not be written or a disk not be synced"),
        (.different, "what was verified is not as it should be"), (.interrupted, "interrupted"),
    ]

    /// What asks for help in place of an option.
    static let helpFlags = ["--help", "-h"]

    private static func group(_ word: String, _ width: Int) -> String {
        let members = all.filter { $0.name.hasPrefix(word + " ") }
        let text = """
            The commands that begin with '\(word)':

            Usage: mhpipe \(word) COMMAND [options] ...

            Commands:
            \(HelpPage.table(members.map { ($0.name, $0.summary) }, width: width))

            'mhpipe \(word) COMMAND --help' shows what a command takes.
            """
        return TextWrapping.fitted(text, width: width) + "\n"
    }

    /// What `mhpipe --help` shows.
    private static func overview(_ width: Int) -> String {
        let text = """
            mhpipe \(Version.current) reads AWS CloudTrail logs, keeps what you ask for and writes it as JSON
            lines, CSV or SQLite.

            Usage: mhpipe COMMAND [options] ...

            Commands:
            \(HelpPage.table(all.map { ($0.name, $0.summary) }, width: width))

            'mhpipe COMMAND --help' or 'mhpipe help COMMAND' shows what a command takes; 'mhpipe --version'
            shows the version.

            Exit codes: \(exitCodes.map { "\($0.code.value) \($0.meaning)" }.joined(separator: "; ")).
            """
        return TextWrapping.fitted(text, width: width) + "\n"
    }
}
