import MHPipeKit

/// A mistake in the arguments, in the words the user will read.
struct UsageError: Error, Equatable {
    var message: String
    /// What to do next; a line each.
    var advice: [String] = []
    /// 2, but where a path may be right and the machine does not open it.
    var exitCode = ExitCode.mistake
    /// True when the command's help would help.
    var pointsToHelp = true

    /// A mistake in how the command is written.
    init(_ message: String, advice: [String] = []) {
        self.message = message
        self.advice = advice
    }

    /// A mistake in what the arguments name, such as a file that is not there.
    static func refused(_ message: String, advice: [String] = []) -> UsageError {
        var error = UsageError(message, advice: advice)
        error.pointsToHelp = false
        return error
    }

    static func unknownCommand(_ typed: String, among known: [String]) -> UsageError {
        UsageError("there is no command '\(typed)'" + meant(Suggestion.label(for: typed, among: known)))
    }

    /// A word that several commands begin with is not followed by one of their second words.
    static func unknownMember(_ typed: String, of word: String, among known: [String]) -> UsageError {
        let needed = "'\(word)' needs one of: \(known.joined(separator: ", "))"
        guard !typed.isEmpty, !typed.hasPrefix("-") else { return UsageError(needed) }
        var error = UsageError(
            "there is no command '\(word) \(typed)'" + meant(Suggestion.label(for: typed, among: known))
        )
        error.advice = [needed]
        return error
    }

    static func unknownOption(_ typed: String, of command: String, among known: [String]) -> UsageError {
        let name = String(typed.drop { $0 == "-" })
        let nearest = known.contains(name) ? name : Suggestion.nearest(to: name, among: known)
        return UsageError("'\(command)' has no option '\(typed)'" + meant(nearest.map { "did you mean '--\($0)'?" }))
    }

    static func missingValue(_ option: ParameterDescription) -> UsageError {
        UsageError("'--\(option.name)' needs a value: \(option.shown)")
    }

    /// An option that takes one value is given again.
    static func repeatedOption(_ option: ParameterDescription) -> UsageError {
        UsageError("'--\(option.name)' is given twice, and takes one value: leave one of them out")
    }

    /// A word that looks like an option stands where a value is expected.
    static func optionAsValue(_ option: ParameterDescription, _ typed: String) -> UsageError {
        UsageError(
            "'--\(option.name)' needs a value, and '\(typed)' looks like an option",
            advice: ["if it is the value, write '--\(option.name)=\(typed)'"]
        )
    }

    static func unwantedValue(_ option: ParameterDescription, _ value: String) -> UsageError {
        UsageError("'--\(option.name)' takes no value, but was given '\(value)'")
    }

    static func badValue(_ parameter: ParameterDescription, _ error: OptionError) -> UsageError {
        let name = parameter.count == nil ? "--\(parameter.name)" : parameter.name
        return UsageError("'\(name)' \(error.message)" + meant(error.label))
    }

    static func missingPositional(
        _ positionals: [ParameterDescription],
        of command: String,
        given words: [String]
    ) -> UsageError {
        let given = words.isEmpty ? "" : ", not only " + words.map { "'\($0)'" }.joined(separator: " ")
        return UsageError("'\(command)' needs " + positionals.map(\.shown).joined(separator: " ") + given)
    }

    static func unwantedPositional(_ typed: String, of command: String) -> UsageError {
        UsageError("'\(command)' has no use for '\(typed)'")
    }

    private static func meant(_ suggestion: String?) -> String {
        suggestion.map { "; \($0)" } ?? ""
    }
}
