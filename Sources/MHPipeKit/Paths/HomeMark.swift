/// A `~` at the start of a path, which only shells replace.
struct HomeMark {
    /// Where `~` or `~name` ends.
    let end: String.Index
    private let isOwn: Bool

    init?(in path: String) {
        guard path.hasPrefix("~") else { return nil }
        end = path.firstIndex(of: "/") ?? path.endIndex
        isOwn = path[..<end] == "~"
        // Editors name their copies `~name`.
        guard isOwn || end < path.endIndex else { return nil }
    }

    func mistake(in path: String, isArgument: Bool) -> Diagnostic {
        let written = (isArgument ? "$HOME" : "${HOME}") + path[end...]
        return Diagnostic(
            "'\(path)' is not replaced: only shells know what '~' means",
            label: isOwn ? "write \"\(written)\"" : nil,
            notes: isArgument
                ? ["shells replace it at the start of a word that is not in quotes"]
                : isOwn ? [] : ["write the path of that user's folder"]
        )
    }
}
