import MHPipeKit

/// How a plugin reads its options.
enum OptionConformance {
    /// Where the value stands in what the checks write.
    private static let span = SourceSpan(line: 2, column: 7, length: 4)

    static func check<P: Plugin>(_ type: P.Type, _ kind: PluginDescription.Kind, _ findings: inout Findings) {
        let title = "\(kind.rawValue) '\(P.name)'"
        for option in P.Options.all {
            let name = "\(title), option '\(option.key)'"
            checkTexts(option, type, kind, name, &findings)
            for (what, content) in wrongValues(option.typeName) {
                let entry = ConfigEntry(key: option.key, value: ConfigNode(content, span: span))
                let (options, diagnostics) = decode(type, kind, [entry])
                findings.expect(options == nil && diagnostics.count == 1, "\(name): takes \(what)")
                findings.expect(
                    diagnostics.allSatisfy { $0.span == span },
                    "\(name): does not say where \(what) stands"
                )
                findings.expect(
                    diagnostics.allSatisfy { $0.message.hasPrefix("'\(option.key)' ") },
                    "\(name): the message does not name it: \(diagnostics.map(\.message))"
                )
            }
            checkMistyped(option.key, type, kind, name, &findings)
        }
    }

    /// What is shown as the example and as the default can be written, and the default means what leaving it out does.
    private static func checkTexts<P: Plugin>(
        _ option: Option<P.Options>,
        _ type: P.Type,
        _ kind: PluginDescription.Kind,
        _ name: String,
        _ findings: inout Findings
    ) {
        if let example = option.example {
            findings.attempt("\(name), example \(example)") { findings in
                let entries = try PluginSample.entries("\(option.key): \(example)")
                let diagnostics = decode(type, kind, entries).diagnostics
                findings.expect(diagnostics.isEmpty, "\(name): its example is refused: \(diagnostics.map(\.message))")
            }
        }
        guard !option.defaultText.isEmpty else { return }
        findings.attempt("\(name), default \(option.defaultText)") { findings in
            let entries = try PluginSample.entries("\(option.key): \(option.defaultText)")
            let (options, diagnostics) = decode(type, kind, entries)
            let isDefault = options.map { String(describing: $0) == String(describing: P.Options()) } ?? false
            findings.expect(diagnostics.isEmpty, "\(name): its default is refused: \(diagnostics.map(\.message))")
            findings.expect(isDefault, "\(name): writing its default is not the same as leaving it out")
        }
    }

    private static func checkMistyped<P: Plugin>(
        _ key: String,
        _ type: P.Type,
        _ kind: PluginDescription.Kind,
        _ name: String,
        _ findings: inout Findings
    ) {
        let mistyped = key + key.suffix(1)
        let entry = ConfigEntry(key: mistyped, keySpan: span, value: ConfigNode(.text("x")))
        let diagnostics = decode(type, kind, [entry]).diagnostics
        let isHelpful = diagnostics.count == 1 && diagnostics[0].label == "did you mean '\(key)'?"
        findings.expect(isHelpful, "\(name): '\(mistyped)' gets no suggestion: \(diagnostics)")
        findings.expect(diagnostics.allSatisfy { $0.span == span }, "\(name): '\(mistyped)' has no place")
    }

    /// Values that are not of a type, by what the type says of itself.
    private static func wrongValues(_ typeName: String) -> [(what: String, ConfigNode.Content)] {
        let mapping = ConfigNode.Content.mapping([ConfigEntry(key: "a", value: ConfigNode(.text("b")))])
        var values: [(String, ConfigNode.Content)] = [
            ("nothing", .null), ("a list with a mapping in it", .list([ConfigNode(mapping)])),
        ]
        if typeName.hasPrefix("a mapping") { return values + [("a text", .text("x")), ("a list", .list([]))] }
        values.append(("a mapping", mapping))
        if !typeName.contains("a list") { values.append(("a list", .list([ConfigNode(.text("1"))]))) }
        if typeName.contains("a whole number") { values.append(("no number", .text("many"))) }
        if typeName.contains("true or false") { values.append(("no boolean", .text("yes"))) }
        if typeName.contains("one of ") { values.append(("a word that is no choice", .text("no_such_choice"))) }
        if typeName.contains("path") { values.append(("an empty path", .text(""))) }
        if typeName.contains("a size") { values.append(("no size", .text("large"))) }
        return values
    }

    /// Decodes some of a stage's options; what is missing is not said.
    private static func decode<P: Plugin>(
        _ type: P.Type,
        _ kind: PluginDescription.Kind,
        _ entries: [ConfigEntry]
    ) -> (options: P.Options?, diagnostics: [Diagnostic]) {
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: kind.rawValue, plugin: P.name, isComplete: false)
        let options = OptionDecoder.decode(P.Options.self, entries, stage: label, diagnostics: &diagnostics)
        return (options, diagnostics)
    }
}
