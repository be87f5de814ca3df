import MHPipeKit

/// A value from the command line for one place in the tree: `--set sinks.audit.path=x.db`.
struct ConfigOverride {
    /// The path, as it was given.
    var path: String
    /// The text to put there.
    var value: String

    /// Sets the value, whose mapping must be in the tree; the last key of the path need not be.
    ///
    /// - Parameter tree: The tree; unchanged after a mistake.
    /// - Returns: The mistake, or nil.
    func apply(to tree: inout ConfigNode) -> Diagnostic? {
        set(path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)[...], in: &tree, above: [])
    }

    private func set(_ keys: ArraySlice<String>, in node: inout ConfigNode, above: [String]) -> Diagnostic? {
        guard let key = keys.first, !key.isEmpty else {
            return Diagnostic("--set '\(path)' is no path: expected keys with dots between, such as sinks.audit.path")
        }
        let place = above.isEmpty ? "the file" : "'\(above.joined(separator: "."))'"
        guard var entries = node.entries else {
            return Diagnostic("--set '\(path)' leads nowhere: \(place) is \(node.kindName)")
        }
        let index = entries.firstIndex { $0.key == key }
        if keys.count == 1 {
            let value = ConfigNode(.text(value), span: index.flatMap { entries[$0].keySpan })
            if let index { entries[index].value = value } else { entries.append(ConfigEntry(key: key, value: value)) }
        } else {
            guard let index else {
                return Diagnostic(
                    "--set '\(path)' leads nowhere: \(place) has no '\(key)'",
                    label: Suggestion.label(for: key, among: entries.map(\.key))
                )
            }
            if let mistake = set(keys.dropFirst(), in: &entries[index].value, above: above + [key]) { return mistake }
        }
        node.content = .mapping(entries)
        return nil
    }
}
