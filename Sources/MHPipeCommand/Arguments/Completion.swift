import MHPipeKit

/// What a shell offers in the place of a value.
enum Completion: Sendable, Hashable {
    /// Any text, of which nobody knows more.
    case nothing
    /// One of some words.
    case words([String])
    /// Files, and the folders on the way to them.
    case files
    /// Folders alone.
    case folders
    /// The name of a plugin.
    case plugins
    /// The name of a command.
    case commands
    /// A variable of the pipeline file that the line names, or a place in it, then `=`.
    case settings
    /// The name of a test that stands in the pipeline files of the line.
    case tests

    /// What the type of a value says, then the word that stands for it in help.
    static func of<Value: OptionValue>(_ type: Value.Type, named name: String, isPositional: Bool) -> Completion {
        if let optional = type as? any OptionalValue.Type { return optional.completion(named: name, isPositional) }
        if let choice = type as? any OptionChoice.Type { return .words(words(of: choice)) }
        let isFolder = ["DIR", "FOLDER"].contains(name)
        switch type {
        case is InputTree.Type, is OutputTree.Type: return .folders
        case is InputPath.Type, is OutputPath.Type: return isFolder ? .folders : .files
        case is Setting.Type: return .settings
        case is String.Type:
            if isFolder { return .folders }
            return isPositional || ["FILE", "PATH"].contains(name) ? .files : .nothing
        default: return .nothing
        }
    }

    private static func words<Choice: OptionChoice>(of type: Choice.Type) -> [String] { type.allCases.map(\.rawValue) }
}

/// An optional, whatever it may hold.
private protocol OptionalValue {
    static func completion(named name: String, _ isPositional: Bool) -> Completion
}

extension Optional: OptionalValue where Wrapped: OptionValue {
    fileprivate static func completion(named name: String, _ isPositional: Bool) -> Completion {
        .of(Wrapped.self, named: name, isPositional: isPositional)
    }
}
