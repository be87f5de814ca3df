/// What a plugin says about itself and its options, as plain values: for `mhpipe plugins` and the reference pages.
public struct PluginDescription: Sendable {
    /// The three kinds of plugins.
    public enum Kind: String, Sendable, CaseIterable {
        /// Finds input.
        case source
        /// Drops events and adds to them.
        case transform
        /// Writes events.
        case sink
    }

    /// One option.
    public struct OptionDescription: Sendable {
        /// The key in pipeline files.
        public let key: String
        /// What it does.
        public let help: String
        /// What the user has to write.
        public let typeName: String
        /// What a user might write.
        public let example: String?
        /// The default as a user would write it; empty when there is none.
        public let defaultText: String
        /// True when the pipeline is wrong without it.
        public let isRequired: Bool
    }

    /// The kind.
    public let kind: Kind
    /// The name in pipeline files.
    public let name: String
    /// What it does.
    public let summary: String
    /// The options, in the order of their declaration.
    public let options: [OptionDescription]

    init<P: Plugin>(_ kind: Kind, _ plugin: P.Type) {
        self.kind = kind
        name = plugin.name
        summary = plugin.summary
        options = P.Options.all.map { option in
            OptionDescription(
                key: option.key,
                help: option.help,
                typeName: option.typeName,
                example: option.example,
                defaultText: option.defaultText,
                isRequired: option.isRequired
            )
        }
    }
}
