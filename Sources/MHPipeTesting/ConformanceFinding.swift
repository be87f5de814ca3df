public import MHPipeKit

/// Something that must hold for any plugin, and does not hold for this one.
public struct ConformanceFinding: Sendable, Hashable, CustomStringConvertible {
    /// The plugin's kind.
    public let kind: PluginDescription.Kind
    /// The plugin's name.
    public let plugin: String
    /// The options with which it was seen; nil for what has nothing to do with options.
    public let sample: String?
    /// What does not hold.
    public let text: String

    init(_ plugin: PluginDescription, _ sample: PluginSample?, _ text: String) {
        kind = plugin.kind
        self.plugin = plugin.name
        self.sample = sample?.options
        self.text = text
    }

    /// The options, as a remark behind the text; empty when there are none.
    public var place: String {
        guard let sample, !sample.isEmpty else { return "" }
        return " (\(sample.replacing("\n", with: ", ")))"
    }

    /// The plugin, what does not hold, and the options.
    public var description: String { "\(kind.rawValue) '\(plugin)': \(text)\(place)" }
}
