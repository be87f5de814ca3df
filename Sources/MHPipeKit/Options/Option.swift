/// The options of one plugin: a value type with a default for each, and the list that declares them.
public protocol PluginOptions: Sendable {
    /// Makes the options as they are when nothing is written; required ones hold some empty value.
    init()

    /// The declarations, in the order in which reference pages show them.
    static var all: [Option<Self>] { get }
}

extension PluginOptions {
    /// What the plugin will read and write, as far as its options tell.
    package var pathUses: [PathUse] { pathUsesByOption.flatMap { $0.uses } }

    /// What each option makes the plugin read and write.
    package var pathUsesByOption: [(key: String, uses: [PathUse])] {
        Self.all.map { ($0.key, $0.pathUses(self)) }
    }

    /// The fields of events that options name.
    package var fieldPaths: [FieldPath] { Self.all.flatMap { $0.fieldPaths(self) } }

    /// The declaration of an option.
    package static func option(_ key: String) -> Option<Self>? {
        for option in all where option.key == key { return option }
        return nil
    }
}

/// The only statement of an option.
///
/// Decoding, checking, "did you mean", `mhpipe plugins NAME` and the reference page all read it. The default is
/// whatever `Root()` holds, so it cannot be written twice.
public struct Option<Root: Sendable>: Sendable {
    /// The key in pipeline files: lower case with underscores.
    public let key: String
    /// What it does: one sentence with a full stop.
    public let help: String
    /// What a user might write.
    public let example: String?
    /// True when the pipeline is wrong without it.
    public let isRequired: Bool

    let read: @Sendable (ConfigNode, inout Root) throws(OptionError) -> Void
    private let type: any OptionValue.Type
    private let value: @Sendable (Root) -> any OptionValue
    private var ownPathUses: (@Sendable (Root) -> [PathUse])?

    /// Declares an option that must be written.
    ///
    /// - Parameters:
    ///   - key: The key in pipeline files.
    ///   - path: Where the value goes.
    ///   - help: One sentence with a full stop.
    ///   - example: What a user might write.
    /// - Returns: The declaration.
    @inlinable
    @inline(__always)
    public static func required<Value: OptionValue>(
        _ key: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Value>,
        _ help: String,
        example: String? = nil
    ) -> Option {
        Option(key, path, help, example, isRequired: true)
    }

    /// Declares an option that may be left out.
    ///
    /// - Parameters:
    ///   - key: The key in pipeline files.
    ///   - path: Where the value goes, and where its default is.
    ///   - help: One sentence with a full stop.
    ///   - example: What a user might write.
    /// - Returns: The declaration.
    @inlinable
    @inline(__always)
    public static func optional<Value: OptionValue>(
        _ key: String,
        _ path: @autoclosure @escaping @Sendable () -> WritableKeyPath<Root, Value>,
        _ help: String,
        example: String? = nil
    ) -> Option {
        Option(key, path, help, example, isRequired: false)
    }

    // Inlined into the declaration, it needs no key path while the program runs: each takes longer to make than its option
    // to read.
    @inlinable
    @inline(__always)
    init<Value: OptionValue>(
        _ key: String,
        _ path: @escaping @Sendable () -> WritableKeyPath<Root, Value>,
        _ help: String,
        _ example: String?,
        isRequired: Bool
    ) {
        self.init(
            key,
            help,
            example,
            isRequired: isRequired,
            Value.self,
            { node, root throws(OptionError) in root[keyPath: path()] = try Value(config: node) },
            { $0[keyPath: path()] }
        )
    }

    @usableFromInline
    init(
        _ key: String,
        _ help: String,
        _ example: String?,
        isRequired: Bool,
        _ type: any OptionValue.Type,
        _ read: @escaping @Sendable (ConfigNode, inout Root) throws(OptionError) -> Void,
        _ value: @escaping @Sendable (Root) -> any OptionValue
    ) {
        self.key = key
        self.help = help
        self.example = example
        self.isRequired = isRequired
        self.type = type
        self.read = read
        self.value = value
    }

    /// What the user has to write: `a whole number`.
    public var typeName: String { type.typeName }

    /// The value as a user would write it; empty when there is none.
    package func text(_ root: Root) -> String { value(root).optionText }

    package func pathUses(_ root: Root) -> [PathUse] { ownPathUses?(root) ?? value(root).pathUses }

    package func fieldPaths(_ root: Root) -> [FieldPath] { value(root).fieldPaths }

    /// The same option of a larger type, so that plugins can share a group of options.
    func within<Larger>(_ path: any WritableKeyPath<Larger, Root> & Sendable) -> Option<Larger> {
        let option = Option<Larger>(
            key,
            help,
            example,
            isRequired: isRequired,
            type,
            { node, larger throws(OptionError) in try read(node, &larger[keyPath: path]) },
            { value($0[keyPath: path]) }
        )
        return ownPathUses.map { uses in option.using { uses($0[keyPath: path]) } } ?? option
    }

    /// The same option where what is read or written depends on others as well.
    package func using(_ pathUses: @escaping @Sendable (Root) -> [PathUse]) -> Option {
        var option = self
        option.ownPathUses = pathUses
        return option
    }
}

extension Option where Root: PluginOptions {
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
