import MHPipeKit

/// What a program says of itself in its first line.
struct ExecDeclaration {
    /// One option that it takes.
    struct Option {
        let key: String
        let type: ExecOptionType
        let isRequired: Bool
        /// The texts that it may be; any when empty.
        let choices: [String]
        let help: String?
    }

    let name: String
    let version: String?
    let kind: String
    let options: [Option]

    /// The name and the version, for messages.
    var title: String { version.map { "\(name) \($0)" } ?? name }

    init(_ body: JSONValue) throws(ExecFailure) {
        func wrong(_ reason: String) -> ExecFailure {
            ExecFailure("declares itself wrongly: \(reason)", isFinal: true)
        }
        guard body["protocol"]?.int == ExecHandshake.version else {
            let version = body["protocol"]?.json ?? "none"
            throw wrong("it speaks protocol \(version), and this mhpipe \(ExecHandshake.version)")
        }
        guard let kind = body["kind"]?.string, PluginDescription.Kind(rawValue: kind) != nil else {
            throw wrong("'kind' must be source, transform or sink")
        }
        guard let name = body["name"]?.string, !name.isEmpty else { throw wrong("'name' must be a text") }
        self.kind = kind
        self.name = name
        version = body["version"]?.string
        var options: [Option] = []
        for (key, value) in body["options"]?.members ?? [] {
            let word = value["type"]?.string ?? "text"
            guard let type = ExecOptionType(rawValue: word) else {
                let known = ExecOptionType.allCases.map(\.rawValue).joined(separator: ", ")
                throw wrong("the type of option '\(key)' is '\(word)', not one of \(known)")
            }
            options.append(
                Option(
                    key: key,
                    type: type,
                    isRequired: value["required"]?.bool ?? false,
                    choices: value["choices"]?.elements.compactMap(\.string) ?? [],
                    help: value["help"]?.string
                )
            )
        }
        self.options = options
    }

    /// The options of a stage as a JSON object, each of the type that was declared.
    ///
    /// - Throws: `OptionError` at the first that does not fit.
    func json(_ written: ExecOptions) throws(OptionError) -> String {
        var members: [String] = []
        for entry in written.entries {
            guard let option = options.first(where: { $0.key == entry.key }) else { throw unknown(entry) }
            do throws(OptionError) {
                let value = try option.type.json(entry.value)
                if !option.choices.isEmpty, !option.choices.contains(entry.value.text ?? "") {
                    let label = entry.value.text.flatMap { Suggestion.label(for: $0, among: option.choices) }
                    let choices = option.choices.joined(separator: ", ")
                    throw OptionError("needs one of \(choices), not \(entry.value.shown)", label: label)
                }
                members.append("\(ExecOptionType.quoted(entry.key)):\(value)")
            } catch {
                var placed = error
                placed.message = "of '\(title)': '\(entry.key)' \(error.message)"
                placed.label = error.label ?? option.help
                placed.span = entry.value.span ?? entry.keySpan
                throw placed
            }
        }
        let missing = options.first { option in
            option.isRequired && !written.entries.contains { $0.key == option.key }
        }
        if let missing {
            throw OptionError("of '\(title)' need '\(missing.key)' (\(missing.type.typeName))", label: missing.help)
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    private func unknown(_ entry: ConfigEntry) -> OptionError {
        let keys = options.map(\.key)
        let takes = keys.isEmpty ? "it takes no options" : "it takes: \(keys.joined(separator: ", "))"
        var error = OptionError(
            "of '\(title)': it has no option '\(entry.key)'; \(takes)",
            label: Suggestion.label(for: entry.key, among: keys)
        )
        error.span = entry.keySpan
        return error
    }
}

/// The types that a program may declare its options to have.
enum ExecOptionType: String, CaseIterable {
    case text, integer, number, boolean, list, mapping, any

    /// What the user has to write.
    var typeName: String {
        switch self {
        case .text: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .list: "a list of texts"
        case .mapping: "a mapping"
        case .any: "anything"
        }
    }

    /// The JSON text of what was written.
    func json(_ node: ConfigNode) throws(OptionError) -> String {
        switch self {
        case .text: return Self.quoted(try String(config: node))
        case .integer: return String(try Int(config: node))
        case .boolean: return String(try Bool(config: node))
        case .number:
            // YAML writes more numbers than JSON does, such as .5 and 0x1F; only what JSON reads goes through.
            guard let text = node.text, let value = JSONValue.checked(Array(text.utf8)), value.kind == .number else {
                throw OptionError("needs a number, not \(node.shown)")
            }
            return text
        case .list:
            return "[" + (try [String](config: node)).map(Self.quoted).joined(separator: ",") + "]"
        case .mapping:
            guard node.entries != nil else { throw OptionError("needs a mapping, not \(node.shown)") }
            return Self.tree(node)
        case .any: return Self.tree(node)
        }
    }

    /// A text as JSON.
    static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.escape(text.utf8, into: &bytes)
        return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
    }

    /// The JSON text of a tree, with its scalars as texts.
    private static func tree(_ node: ConfigNode) -> String {
        switch node.content {
        case .null: "null"
        case .text(let text): quoted(text)
        case .list(let elements): "[" + elements.map(tree).joined(separator: ",") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\(quoted($0.key)):\(tree($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
