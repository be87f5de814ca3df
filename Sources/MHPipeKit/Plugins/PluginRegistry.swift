/// The plugins that a binary knows.
///
/// A custom binary adds its own to the built-in ones: `PluginRegistry.builtin.adding(transforms: [MyTransform.self])`.
public struct PluginRegistry: Sendable {
    /// The sources, in the order in which they are listed.
    public private(set) var sources: [any Source.Type]
    /// The transforms.
    public private(set) var transforms: [any TransformPlugin.Type]
    /// The sinks.
    public private(set) var sinks: [any Sink.Type]

    /// Makes a registry.
    ///
    /// - Parameters:
    ///   - sources: Sources, with names that differ.
    ///   - transforms: Transforms, likewise.
    ///   - sinks: Sinks, likewise.
    public init(
        sources: [any Source.Type] = [],
        transforms: [any TransformPlugin.Type] = [],
        sinks: [any Sink.Type] = []
    ) {
        self.sources = sources
        self.transforms = transforms
        self.sinks = sinks
        Self.checkDistinct(.source, sources.map { $0.name })
        Self.checkDistinct(.transform, transforms.map { $0.name })
        Self.checkDistinct(.sink, sinks.map { $0.name })
    }

    private static func checkDistinct(_ kind: PluginDescription.Kind, _ names: [String]) {
        // A precondition would say nothing of it in a release build.
        if Set(names).count != names.count { fatalError("two \(kind.rawValue)s of one name in \(names)") }
    }

    /// A registry with more plugins.
    ///
    /// - Parameters:
    ///   - sources: Sources, with names that are not taken.
    ///   - transforms: Transforms, likewise.
    ///   - sinks: Sinks, likewise.
    /// - Returns: Both together.
    public func adding(
        sources: [any Source.Type] = [],
        transforms: [any TransformPlugin.Type] = [],
        sinks: [any Sink.Type] = []
    ) -> PluginRegistry {
        PluginRegistry(
            sources: self.sources + sources,
            transforms: self.transforms + transforms,
            sinks: self.sinks + sinks
        )
    }

    /// What the plugins say about themselves: sources, then transforms, then sinks.
    public var descriptions: [PluginDescription] {
        sources.map { PluginDescription(.source, $0) } + transforms.map { PluginDescription(.transform, $0) }
            + sinks.map { PluginDescription(.sink, $0) }
    }

    /// The source of a name, or nil.
    ///
    /// - Parameter name: The name in pipeline files.
    /// - Returns: Its type.
    public func source(_ name: String) -> (any Source.Type)? { sources.first { $0.name == name } }

    /// The transform of a name, or nil.
    ///
    /// - Parameter name: The name in pipeline files.
    /// - Returns: Its type.
    public func transform(_ name: String) -> (any TransformPlugin.Type)? { transforms.first { $0.name == name } }

    /// The sink of a name, or nil.
    ///
    /// - Parameter name: The name in pipeline files.
    /// - Returns: Its type.
    public func sink(_ name: String) -> (any Sink.Type)? { sinks.first { $0.name == name } }

    /// A registry with the plugins of another one as well; those that are in both are there once.
    ///
    /// - Parameter other: The others.
    /// - Returns: Both together.
    /// - Throws: `PluginClash` when another plugin has the same kind and name.
    package func merging(_ other: PluginRegistry) throws(PluginClash) -> PluginRegistry {
        PluginRegistry(
            sources: try Self.merging(sources, other.sources, .source) { $0.name },
            transforms: try Self.merging(transforms, other.transforms, .transform) { $0.name },
            sinks: try Self.merging(sinks, other.sinks, .sink) { $0.name }
        )
    }

    private static func merging<Kind>(
        _ types: [Kind],
        _ others: [Kind],
        _ kind: PluginDescription.Kind,
        name: (Kind) -> String
    ) throws(PluginClash) -> [Kind] {
        var all = types
        for other in others {
            guard let known = all.first(where: { name($0) == name(other) }) else {
                all.append(other)
                continue
            }
            guard known as? Any.Type == other as? Any.Type else { throw PluginClash(kind: kind, name: name(other)) }
        }
        return all
    }
}

/// Two plugins of one kind have one name.
package struct PluginClash: Error, Equatable {
    package let kind: PluginDescription.Kind
    package let name: String
}
