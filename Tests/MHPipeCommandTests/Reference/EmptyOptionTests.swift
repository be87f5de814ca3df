import MHPipeBuiltins
import MHPipeKit
import PipelineConfig
import Testing

/// What is said of an option that was written with nothing in it.
@Suite struct EmptyOptionTests {
    /// Whoever reads that a mapping is needed and not a mapping learns nothing.
    @Test(arguments: ["{}", "[]"])
    func nothingIsAskedForThatIsThere(value: String) {
        var seen = 0
        for plugin in PluginRegistry.builtin.descriptions {
            for option in plugin.options {
                let text = "\(plugin.kind.rawValue)s:\n  a: {type: \(plugin.name), \(option.key): \(value)}\n"
                let source = SourceText(name: "p.conf", text: text)
                let checked = PipelineFile.check(source, plugins: .builtin, outputs: .none)
                for message in checked.diagnostics.map({ $0.message }) where message.contains("needs a") {
                    seen += 1
                    let needed = message.split(separator: "needs a").last.map { $0.prefix(8) } ?? ""
                    #expect(!message.contains(", not a" + needed), "\(plugin.name).\(option.key): \(message)")
                }
            }
        }
        #expect(seen > 20)
    }
}
