import MHPipeKit

/// The names and texts of plugins, as pipeline files and reference pages show them.
enum DeclarationConformance {
    static func check(_ plugins: [PluginDescription], _ findings: inout Findings) {
        for kind in PluginDescription.Kind.allCases {
            let names = plugins.filter { $0.kind == kind }.map(\.name)
            findings.expect(Set(names).count == names.count, "two \(kind.rawValue)s have one name: \(names)")
        }
        for plugin in plugins {
            let title = "\(plugin.kind.rawValue) '\(plugin.name)'"
            findings.expect(isName(plugin.name), "\(title): the name is not lower case with underscores")
            findings.expect(isSentence(plugin.summary), "\(title): the summary is no sentence: \(plugin.summary)")
            let keys = plugin.options.map(\.key)
            findings.expect(Set(keys).count == keys.count, "\(title): two options have one key: \(keys)")
            for option in plugin.options {
                findings.expect(
                    isName(option.key),
                    "\(title): the key '\(option.key)' is not lower case with underscores"
                )
                findings.expect(
                    !["type", "inputs"].contains(option.key),
                    "\(title): every stage has a key '\(option.key)'"
                )
                findings.expect(
                    isSentence(option.help),
                    "\(title): the help of '\(option.key)' is no sentence: \(option.help)"
                )
                findings.expect(
                    !option.isRequired || option.example != nil,
                    "\(title): '\(option.key)' must be written, and has no example"
                )
            }
        }
    }

    private static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil
    }

    /// True for one sentence: a capital, a full stop, and no second sentence behind one.
    private static func isSentence(_ text: String) -> Bool {
        text.wholeMatch(of: /\p{Lu}.*[^.]\./) != nil && text.firstMatch(of: /[.!?] +\p{Lu}/) == nil
    }
}
