/// The options of one plugin: a value type with a default for each, and the list that declares them.
public protocol PluginOptions: Sendable {
    /// Makes the options as they are when nothing is written; required ones hold some empty value.
    init()

    /// The declarations, in the order in which reference pages show them.
    static var all: [Option<Self>] { get }
}

extension PluginOptions {
    /// What the plugin will read and write, as far as its options tell.
    package var pathUses: [PathUse] {
        Self.all.flatMap { $0.pathUses(self) }
    }

    /// What each option makes the plugin read and write.
    package var pathUsesByOption: [(key: String, uses: [PathUse])] {
        Self.all.map { ($0.key, $0.pathUses(self)) }
    }

    /// The fields of events that each option names.
    package var fieldPathsByOption: [(key: String, paths: [FieldPath])] {
        Self.all.map { ($0.key, $0.fieldPaths(self)) }
    }
}

/// The only statement of an option.
///
/// Decoding, checking, "did you mean", `mhpipe plugins NAME` and the reference page all read it. The default is
/// whatever `Root()` holds, so it cannot be written twice.
public struct Option<Root: PluginOptions>: Sendable {
    /// The key in pipeline files: lower case with underscores.
    public let key: String
    /// What it does: one sentence with a full stop.
    public let help: String
    /// What a user might write.
    public let example: String?
    /// True when the pipeline is wrong without it.
    public let isRequired: Bool
    /// What the user has to write: `a whole number`.
    public let typeName: String

    let read: @Sendable (ConfigNode, inout Root) throws(OptionError) -> Void
    let text: @Sendable (Root) -> String
    private(set) var pathUses: @Sendable (Root) -> [PathUse]
    let fieldPaths: @Sendable (Root) -> [FieldPath]

    /// Declares an option that must be written.
    ///
    /// - Parameters:
    ///   - key: The key in pipeline files.
    ///   - path: Where the value goes.
    ///   - help: One sentence with a full stop.
    ///   - example: What a user might write.
    /// - Returns: The declaration.
    public static func required<Value: OptionValue>(
        _ key: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ help: String,
        example: String? = nil
    ) -> Option {
        Option(key, path, help, example: example, isRequired: true)
    }

    /// Declares an option that may be left out.
    ///
    /// - Parameters:
    ///   - key: The key in pipeline files.
    ///   - path: Where the value goes, and where its default is.
    ///   - help: One sentence with a full stop.
    ///   - example: What a user might write.
    /// - Returns: The declaration.
    public static func optional<Value: OptionValue>(
        _ key: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ help: String,
        example: String? = nil
    ) -> Option {
        Option(key, path, help, example: example, isRequired: false)
    }

    private init<Value: OptionValue>(
        _ key: String,
        _ path: any WritableKeyPath<Root, Value> & Sendable,
        _ help: String,
        example: String?,
        isRequired: Bool
    ) {
        self.key = key
        self.help = help
        self.example = example
        self.isRequired = isRequired
        typeName = Value.typeName
        read = { node, root throws(OptionError) in root[keyPath: path] = try Value(config: node) }
        text = { $0[keyPath: path].optionText }
        pathUses = { $0[keyPath: path].pathUses }
        fieldPaths = { $0[keyPath: path].fieldPaths }
    }

    /// The default as a user would write it; empty when there is none.
    public var defaultText: String {
        isRequired ? "" : text(Root())
    }
}

/// The options of a plugin that has none.
public struct NoOptions: PluginOptions {
    /// Makes the one value.
    public init() {}

    /// Nothing.
    public static var all: [Option<NoOptions>] { [] }
}

extension Option {
    /// The same option where what is read or written depends on others as well.
    package func using(_ pathUses: @escaping @Sendable (Root) -> [PathUse]) -> Option {
        var option = self
        option.pathUses = pathUses
        return option
    }
}
