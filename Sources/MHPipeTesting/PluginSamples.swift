public import MHPipeKit
import PipelineConfig

/// The options with which a check tries plugins.
///
/// A plugin for which none are given is tried with the examples of the options that it needs.
public struct PluginSamples: Sendable {
    private var samples: [Key: [PluginSample]]
    /// Where the samples of a plugin begin: `samples.conf:3`.
    private var places: [Key: String] = [:]

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
    /// - Parameters:
    ///   - text: For each section of pipelines, for each plugin, a list of options.
    ///   - file: The file that it stands in, for messages; nil when it stands in none.
    /// - Throws: `PluginSample.Mistake` when the text says something else.
    public init(parsing text: String, file: String? = nil) throws {
        self.init()
        func place(_ span: SourceSpan?) -> String? {
            file.map { file in span.map { "\(file):\($0.line)" } ?? file }
        }
        func mistake(_ description: String, _ entry: ConfigEntry) -> PluginSample.Mistake {
            PluginSample.Mistake(description: (place(entry.keySpan).map { "\($0): " } ?? "") + description)
        }
        for section in try PluginSample.entries(text, file: file) {
            guard let kind = PluginDescription.Kind.allCases.first(where: { $0.rawValue + "s" == section.key }) else {
                throw mistake("'\(section.key)' is no section of samples: sources, transforms, sinks", section)
            }
            for plugin in section.value.entries ?? [] {
                guard let list = plugin.value.elements else {
                    throw mistake("'\(plugin.key)' needs a list of samples, each with options", plugin)
                }
                places[Key(kind: kind, name: plugin.key)] = place(plugin.keySpan)
                for index in list.indices {
                    let name = "\(section.key).\(plugin.key), sample \(index + 1)"
                    let span = list[index].entries?.first?.keySpan ?? list[index].span ?? plugin.keySpan
                    add(
                        PluginSample(name, file: file, line: span?.line) { folder in
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
        unusedPlaces(by: plugins).map(\.name)
    }

    /// The same with the places where they stand: `samples.conf:3`.
    package func unusedPlaces(by plugins: [PluginDescription]) -> [(name: String, place: String?)] {
        let known = Set(plugins.map { Key(kind: $0.kind, name: $0.name) })
        return samples.keys.filter { !known.contains($0) }
            .map { ("\($0.kind.rawValue)s.\($0.name)", places[$0]) }
            .sorted { $0.name < $1.name }
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
