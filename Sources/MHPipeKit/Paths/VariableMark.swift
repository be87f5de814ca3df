/// A variable or a command in a path, in a form that mhpipe does not replace: `$LOGS`, `$(date)`.
struct VariableMark {
    private enum Kind: Equatable {
        /// `$NAME`.
        case bare(name: String)
        /// `${NAME}`, in a place where nothing is replaced.
        case braced
        /// `$(command)`, or the same in backticks.
        case command
    }

    let range: Range<String.Index>
    private let kind: Kind

    init?(in path: String) {
        guard let start = path.indices.first(where: { Self.mark(path[$0...]) != nil }),
            let (kind, length) = Self.mark(path[start...])
        else { return nil }
        self.kind = kind
        range = start..<path.index(start, offsetBy: length)
    }

    func mistake(in path: String, isArgument: Bool) -> Diagnostic {
        let mark = path[range]
        let shown = mark == path ? "'\(mark)'" : "'\(mark)' in '\(path)'"
        if isArgument {
            return Diagnostic(
                "\(shown) was not replaced",
                notes: ["a shell replaces it in double quotes and without quotes, not in single quotes"]
            )
        }
        switch kind {
        case .bare(let name):
            return Diagnostic(
                "\(shown) is not replaced: in pipelines, the name of a variable stands in braces",
                label: "write \"\(path[..<range.lowerBound])${\(name)}\(path[range.upperBound...])\"",
                notes: ["its value comes from `--set \(name)=...`, or from the environment"]
            )
        case .braced:
            return Diagnostic(
                "\(shown) is not replaced: variables are replaced in double quotes and without quotes",
                label: "write \"\(path)\"",
                notes: ["not in single quotes, in | and > texts, and in the values of other variables"]
            )
        case .command:
            return Diagnostic(
                "\(shown) is not replaced: pipelines run no commands",
                notes: ["write ${NAME} in its place, and give the value to mhpipe: --set NAME=\"\(mark)\""]
            )
        }
    }

    /// What a text begins with, and how long it is.
    private static func mark(_ text: Substring) -> (Kind, Int)? {
        if text.hasPrefix("`"), let end = text.dropFirst().firstIndex(of: "`") {
            return (.command, text.distance(from: text.startIndex, to: end) + 1)
        }
        guard text.hasPrefix("$") else { return nil }
        for (opening, closing, kind) in [("${", "}", Kind.braced), ("$(", ")", .command)] where text.hasPrefix(opening)
        {
            return text.firstIndex(of: Character(closing)).map {
                (kind, text.distance(from: text.startIndex, to: $0) + 1)
            }
        }
        let name = text.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber else { return nil }
        return (.bare(name: String(name)), name.count + 1)
    }
}
