import MHPipeKit

/// A piece of a pipeline file that shows a plugin: what is required, and as comments what may be added.
struct PipelineSnippet {
    let text: String

    init(_ plugin: PluginDescription) {
        var lines = ["\(plugin.kind.plural):", "  \(plugin.name):", "    type: \(plugin.name)"]
        for option in plugin.options {
            let value = option.example ?? (option.defaultText.isEmpty ? "..." : option.defaultText)
            lines.append("    " + (option.isRequired ? "" : "# ") + "\(option.key): \(value)")
        }
        text = lines.joined(separator: "\n") + "\n"
    }
}
