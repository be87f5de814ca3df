import MHPipeKit

/// A value for `${NAME}` in a pipeline file, or for a place in it: `NAME=VALUE`.
struct Setting: OptionValue, Hashable {
    let name: String
    let value: String

    static var typeName: String { "NAME=VALUE" }

    init(config node: ConfigNode) throws(OptionError) {
        let parts = (node.text ?? "").split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
        name = String(parts[0])
        value = String(parts[1])
    }

    var optionText: String { "\(name)=\(value)" }
}

extension Sequence<Setting> {
    /// The values by name, of which each command takes one alone.
    var variables: [String: String] {
        Dictionary(map { ($0.name, $0.value) }) { _, last in last }
    }
}
