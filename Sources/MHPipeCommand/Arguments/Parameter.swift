import MHPipeKit

/// The only statement of something that a command takes on its line.
///
/// Parsing, `--help`, "did you mean" and the tests over all commands read it. Values are read by the same types as
/// plugin options, and a default is whatever `Root()` holds.
struct Parameter<Root: Sendable>: Sendable {
    let description: ParameterDescription
    /// True for one whose values add up; any other option stands once, since nobody could tell which value was meant.
    var repeats = false
    let read: @Sendable (String, inout Root) throws(OptionError) -> Void
    let defaultText: @Sendable (Root) -> String

    /// Declares an option without a value.
    static func flag(
        _ name: String,
        short: Character? = nil,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Bool>,
        _ help: String
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(name: name, short: short, form: .flag, help: help),
            read: { _, root throws(OptionError) in root[keyPath: path()] = true },
            defaultText: { _ in "" }
        )
    }

    /// Declares an option with a value, which is given once at most.
    static func option<Value: OptionValue>(
        _ name: String,
        _ valueName: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Value>,
        _ help: String,
        completion: Completion? = nil
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name,
                form: .option(valueName: valueName),
                help: help,
                completion: completion ?? .of(Value.self, named: valueName, isPositional: false)
            ),
            read: setting(path),
            defaultText: { $0[keyPath: path()].optionText }
        )
    }

    /// Declares an option whose values add up when it is given several times, but for those of which only one can count.
    static func repeated<Value: OptionValue>(
        _ name: String,
        _ valueName: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, [Value]>,
        _ help: String,
        distinctBy key: (@Sendable (Value) -> String)? = nil,
        completion: Completion? = nil
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name,
                form: .option(valueName: valueName),
                help: help,
                completion: completion ?? .of(Value.self, named: valueName, isPositional: false)
            ),
            repeats: true,
            read: adding(path, distinctBy: key),
            defaultText: { _ in "" }
        )
    }

    /// Declares an argument that must be given.
    static func positional<Value: OptionValue>(
        _ name: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Value>,
        _ help: String,
        completion: Completion? = nil
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name,
                form: .positional(.one),
                help: help,
                completion: completion ?? .of(Value.self, named: name, isPositional: true)
            ),
            read: setting(path),
            defaultText: { _ in "" }
        )
    }

    /// Declares an argument that may be left out.
    static func optionalPositional<Value: OptionValue>(
        _ name: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Value?>,
        _ help: String,
        completion: Completion? = nil
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name,
                form: .positional(.optional),
                help: help,
                completion: completion ?? .of(Value.self, named: name, isPositional: true)
            ),
            read: setting(path),
            defaultText: { _ in "" }
        )
    }

    /// Declares an argument that is given once or more.
    static func positionals<Value: OptionValue>(
        _ name: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, [Value]>,
        _ help: String,
        completion: Completion? = nil
    ) -> Parameter {
        Parameter(
            description: ParameterDescription(
                name: name,
                form: .positional(.several),
                help: help,
                completion: completion ?? .of(Value.self, named: name, isPositional: true)
            ),
            read: adding(path),
            defaultText: { _ in "" }
        )
    }

    /// The same parameter in a larger type, so that commands can share a group of options.
    func within<Larger: Sendable>(_ path: any WritableKeyPath<Larger, Root> & Sendable) -> Parameter<Larger> {
        Parameter<Larger>(
            description: description,
            repeats: repeats,
            read: { text, larger throws(OptionError) in try read(text, &larger[keyPath: path]) },
            defaultText: { defaultText($0[keyPath: path]) }
        )
    }

    private static func setting<Value: OptionValue>(
        _ path: @escaping @Sendable () -> WritableKeyPath<Root, Value>
    ) -> @Sendable (String, inout Root) throws(OptionError) -> Void {
        { text, root throws(OptionError) in root[keyPath: path()] = try Value(config: ConfigNode(.text(text))) }
    }

    private static func adding<Value: OptionValue>(
        _ path: @escaping @Sendable () -> WritableKeyPath<Root, [Value]>,
        distinctBy key: (@Sendable (Value) -> String)? = nil
    ) -> @Sendable (String, inout Root) throws(OptionError) -> Void {
        { text, root throws(OptionError) in
            let value = try Value(config: ConfigNode(.text(text)))
            if let key, root[keyPath: path()].contains(where: { key($0) == key(value) }) {
                throw OptionError("gives '\(key(value))' twice: leave one of them out")
            }
            root[keyPath: path()].append(value)
        }
    }
}
