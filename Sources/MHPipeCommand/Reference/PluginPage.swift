import MHPipeKit

/// What `mhpipe plugins NAME` shows.
struct PluginPage {
    let plugin: PluginDescription

    private let width: Int

    init(_ plugin: PluginDescription, width: Int = HelpPage.widest) {
        self.plugin = plugin
        self.width = width
    }

    var text: String {
        let options =
            plugin.options.isEmpty ? "It takes no options.\n" : "Options:\n" + plugin.options.map(option).joined()
        let snippet = PipelineSnippet(plugin).text.split(separator: "\n").map { "  \($0)\n" }.joined()
        return """
            \(plugin.name) (\(plugin.kind.rawValue))
            \(TextWrapping.lines(plugin.summary, width: width).joined(separator: "\n"))

            \(options)
            In a pipeline:
            \(snippet)
            """
    }

    private func option(_ option: PluginDescription.OptionDescription) -> String {
        var lines = ["  \(option.key): \(option.typeName)" + (option.isRequired ? "; required" : "")]
        var details = [option.help]
        if !option.defaultText.isEmpty { details.append("Default: \(option.defaultText)") }
        if let example = option.example { details.append("Example: \(example)") }
        lines += details.flatMap { TextWrapping.lines($0, width: width - 6) }.map { "      " + $0 }
        return lines.map { $0 + "\n" }.joined()
    }
}
