public import MHPipeKit
import PipelineConfig

/// The options with which a check tries plugins.
///
/// A plugin for which none are given is tried with the examples of the options that it needs.
public struct PluginSamples: Sendable {
    private var samples: [Key: [PluginSample]]

    private struct Key: Hashable {
        var kind: PluginDescription.Kind
        var name: String
    }

    /// Makes samples out of the examples of options alone.
    public init() {
        samples = [:]
    }

    /// Reads samples from a text like that of a pipeline file.
    ///
    /// ```yaml
    /// transforms:
    ///   tag_team:
    ///     - teams: { "111122223333": payments }
    ///     - teams: {}
    ///       owned_only: true
    /// ```
    ///
    /// `${FOLDER}` stands for a folder of the check's own; see `PluginSample`.
    ///
    /// - Parameter text: For each section of pipelines, for each plugin, a list of options.
    /// - Throws: `PluginSample.Mistake` when the text says something else.
    public init(parsing text: String) throws {
        self.init()
        for section in try PluginSample.entries(text) {
            guard let kind = PluginDescription.Kind.allCases.first(where: { $0.rawValue + "s" == section.key }) else {
                throw PluginSample.Mistake(
                    description: "'\(section.key)' is no section of samples: sources, transforms, sinks"
                )
            }
            for plugin in section.value.entries ?? [] {
                guard let list = plugin.value.elements else {
                    throw PluginSample.Mistake(
                        description: "'\(plugin.key)' needs a list of samples, each with options"
                    )
                }
                for index in list.indices {
                    let place = "\(section.key).\(plugin.key), sample \(index + 1)"
                    add(
                        PluginSample(place) { folder in
                            let tree = ConfigNode(.mapping(try PluginSample.entries(text, folder: folder)))
                            return tree[section.key]?[plugin.key]?.elements?[index].entries ?? []
                        },
                        kind,
                        plugin.key
                    )
                }
            }
        }
    }

    /// Adds a sample.
    ///
    /// - Parameters:
    ///   - sample: The options.
    ///   - kind: The kind of the plugin.
    ///   - name: Its name.
    public mutating func add(_ sample: PluginSample, _ kind: PluginDescription.Kind, _ name: String) {
        samples[Key(kind: kind, name: name), default: []].append(sample)
    }

    /// The samples for a plugin; never none.
    ///
    /// - Parameter plugin: The plugin.
    /// - Returns: What was given for it, or what its examples make.
    public func samples(for plugin: PluginDescription) -> [PluginSample] {
        samples[Key(kind: plugin.kind, name: plugin.name)] ?? [Self.examples(of: plugin)]
    }

    /// The plugins that have samples and are not among these, as a pipeline would name them: a slip of the pen.
    ///
    /// - Parameter plugins: The plugins that are checked.
    /// - Returns: For example `transforms.tag_taem`.
    public func unused(by plugins: [PluginDescription]) -> [String] {
        let known = Set(plugins.map { Key(kind: $0.kind, name: $0.name) })
        return samples.keys.filter { !known.contains($0) }.map { "\($0.kind.rawValue)s.\($0.name)" }.sorted()
    }

    /// What must be written for a plugin, with the examples of its declarations.
    private static func examples(of plugin: PluginDescription) -> PluginSample {
        let lines = plugin.options.filter(\.isRequired).map { option in
            "\(option.key): \(value(of: option, plugin.kind))"
        }
        return PluginSample(lines.joined(separator: "\n"))
    }

    private static func value(of option: PluginDescription.OptionDescription, _ kind: PluginDescription.Kind) -> String
    {
        let example = option.example ?? "x"
        guard !option.typeName.contains("field path"), option.typeName.contains("path") else { return example }
        switch kind {
        case .source: return option.typeName.contains("folder") ? "${FOLDER}" : "${FOLDER}/a.json"
        case .transform: return example
        case .sink: return "${FOLDER}/" + (example.split(separator: "/").last.map(String.init) ?? "out")
        }
    }
}
