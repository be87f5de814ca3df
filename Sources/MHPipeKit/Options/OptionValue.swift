/// A type that an option can have.
///
/// Conformers exist for `String`, `Int`, `Bool`, `ByteSize`, `FieldPath`, `InputPath`, `InputTree`, `OutputPath`, `OutputTree`, and
/// for lists, mappings and optionals of them; an enum gets its conformance from `OptionChoice`.
public protocol OptionValue: Sendable {
    /// What the user has to write, for messages and reference pages: `a whole number`.
    static var typeName: String { get }

    /// Reads a value.
    ///
    /// Called while the pipeline file is checked, before anything runs.
    ///
    /// - Parameter node: What was written; its scalars are text.
    /// - Throws: `OptionError`, whose message says what was expected.
    init(config node: ConfigNode) throws(OptionError)

    /// The value as a user would write it, for showing defaults.
    var optionText: String { get }

    /// The files and folders that this value makes the plugin read or write.
    var pathUses: [PathUse] { get }

    /// The fields of events that the value names, which the check of pipelines compares with those that events have.
    var fieldPaths: [FieldPath] { get }
}

extension OptionValue {
    /// No files, unless the type says otherwise.
    public var pathUses: [PathUse] { [] }

    /// None, unless the type says otherwise.
    public var fieldPaths: [FieldPath] { [] }
}

/// A file or folder that a stage will read or write, for the checks that need no file system.
public enum PathUse: Sendable, Hashable {
    /// A file that is read.
    case inputFile(String)
    /// A folder that is read with all below it.
    case inputTree(String)
    /// A file that is run.
    case program(String)
    /// A file that is written.
    case output(String)
    /// A folder that is written into, or whatever else a plugin makes ready by itself.
    case outputTree(String)
    /// Files whose names depend on the events.
    case outputFiles(PathTemplate)

    package var path: String {
        switch self {
        case .inputFile(let path), .inputTree(let path), .program(let path), .output(let path), .outputTree(let path):
            path
        case .outputFiles(let template): template.path
        }
    }
}

/// A mistake in the options of one plugin.
public struct OptionError: Error, Hashable, CustomStringConvertible {
    /// The option's key; filled in by the decoder when a value throws.
    public var option: String?
    /// What is wrong, after the option's name: `needs a whole number, not 'many'`.
    public var message: String
    /// What stands beside the caret.
    public var label: String?
    /// The text that is wrong, such as one element of a list, when that is not the whole value of the option.
    ///
    /// The caret stands below the last text of the value that reads so.
    public var text: String?
    /// Where it stands, when whoever throws it knows better than that: `ConfigNode.span(ofBytes:)`.
    public var span: SourceSpan?

    /// States a mistake.
    ///
    /// - Parameters:
    ///   - option: The option's key, when the thrower knows it.
    ///   - message: What is wrong, phrased to follow the option's name.
    ///   - label: What stands beside the caret.
    ///   - text: The text that is wrong, when that is not the whole value.
    ///   - span: Where it stands, when that is known better.
    public init(
        option: String? = nil,
        _ message: String,
        label: String? = nil,
        at text: String? = nil,
        span: SourceSpan? = nil
    ) {
        self.option = option
        self.message = message
        self.span = span
        self.label = label
        self.text = text
    }

    /// The message with the option's name before it.
    public var description: String {
        option.map { "'\($0)' \(message)" } ?? message
    }
}
