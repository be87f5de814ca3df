/// What a parameter says about itself, as plain values.
struct ParameterDescription: Sendable, Hashable {
    /// How often an argument without a dash is given.
    enum Count: Sendable, Hashable {
        case one
        case optional
        case several
    }

    /// How it is written.
    enum Form: Sendable, Hashable {
        case flag
        case option(valueName: String)
        case positional(Count)
    }

    /// The name without dashes, or the word in capitals that stands for an argument.
    var name: String
    /// The one-letter name of a flag.
    var short: Character?
    /// How it is written.
    var form: Form
    /// What it does: one sentence with a full stop, or several.
    var help: String
    /// What a shell offers for its value.
    var completion = Completion.nothing

    /// How often it is given; nil for options.
    var count: Count? {
        if case .positional(let count) = form { count } else { nil }
    }

    /// The word that stands for an option's value; nil for anything else.
    var valueName: String? {
        if case .option(let valueName) = form { valueName } else { nil }
    }

    /// The way it is shown in help: `-q, --quiet`, `--workers N`, `FILE...`.
    var shown: String {
        switch form {
        case .flag: (short.map { "-\($0), " } ?? "") + "--\(name)"
        case .option(let valueName): "--\(name) \(valueName)"
        case .positional(.several): "\(name)..."
        case .positional(.optional): "[\(name)]"
        case .positional(.one): name
        }
    }

    /// The help that every command has.
    static let help = ParameterDescription(name: "help", short: "h", form: .flag, help: "Shows this help.")
}
