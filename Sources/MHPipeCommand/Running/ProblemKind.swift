import MHPipeRuntime

/// What problems have in common whose reasons differ in numbers and quoted text only.
struct ProblemKind: Hashable {
    private let scope: InputProblem.Scope
    /// The reason with `...` for what differs.
    let reason: String

    init(_ problem: InputProblem) {
        scope = problem.scope
        let words = Self.withoutQuotes(problem.reason).split(separator: " ", omittingEmptySubsequences: false)
        reason = words.map { word in
            let core = word.drop { "([".contains($0) }
            let end = core.last.map { ",;:)]".contains($0) } == true ? 1 : 0
            guard core.contains(where: \.isNumber) else { return String(word) }
            return word.prefix(word.count - core.count) + "..." + core.suffix(end)
        }.joined(separator: " ")
    }

    /// The text with `'...'` for what stands in single quotes.
    private static func withoutQuotes(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let quote = rest.firstIndex(of: "'") {
            let isInWord = quote > rest.startIndex && rest[rest.index(before: quote)].isLetter
            let behind = rest[rest.index(after: quote)...]
            guard !isInWord, let end = behind.firstIndex(of: "'") else {
                result += rest[...quote]
                rest = behind
                continue
            }
            result += rest[..<quote] + "'...'"
            rest = behind[behind.index(after: end)...]
        }
        return result + rest
    }
}
