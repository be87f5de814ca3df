/// Replaces `${NAME}` and `${NAME:-default}` in a text; `$${` becomes `${`.
///
/// The values come from `--set NAME=value` first, then from the environment. As in the shell, the default also stands
/// in for an empty value. What is put in is text and is not looked at again.
struct Interpolator {
    /// A text with its variables replaced.
    struct Result {
        /// The text; a variable that has no value stays as it was written.
        var text: String
        /// What is wrong, in the order of the text.
        var mistakes: [VariableMistake]
        /// The bytes of the text as it was that have been replaced, and by what.
        var replacements: [(range: Range<Int>, text: String)] = []

        fileprivate mutating func replace(_ written: Substring, by text: String) {
            let start = written.base.utf8.distance(from: written.base.startIndex, to: written.startIndex)
            replacements.append((start..<start + written.utf8.count, text))
            self.text += text
        }
    }

    private let variables: [String: String]
    private let environment: [String: String]
    /// The names that the text asked for.
    private(set) var asked: Set<String> = []

    init(variables: [String: String], environment: [String: String]) {
        self.variables = variables
        self.environment = environment
    }

    mutating func replaceVariables(in text: String) -> Result {
        var result = Result(text: "", mistakes: [])
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result.text += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result.replace(rest.prefix(3), by: "${")
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                let end = rest.firstIndex(of: "}").map { rest.index(after: $0) } ?? rest.endIndex
                result.replace(rest[..<end], by: value(of: rest[..<end], mistakes: &result.mistakes))
                rest = rest[end...]
            } else {
                result.text += "$"
                rest = rest.dropFirst()
            }
        }
        result.text += rest
        return result
    }

    /// The value of a reference, or the reference itself after a mistake.
    private mutating func value(of reference: Substring, mistakes: inout [VariableMistake]) -> String {
        guard reference.hasSuffix("}") else {
            mistakes.append(.unclosed(String(reference)))
            return String(reference)
        }
        let inside = reference.dropFirst(2).dropLast()
        let name = String(inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        let rest = inside.dropFirst(name.count)
        guard let first = name.first, !first.isNumber, rest.isEmpty || rest.hasPrefix(":-") else {
            mistakes.append(.name(String(reference)))
            return String(reference)
        }
        asked.insert(name)
        let value = variables[name] ?? environment[name]
        if let value, rest.isEmpty || !value.isEmpty { return value }
        guard !rest.isEmpty else {
            mistakes.append(.unset(String(reference), name, known: variables.keys.sorted()))
            return String(reference)
        }
        guard !rest.contains("${") else {
            mistakes.append(.nested(String(reference)))
            return String(reference)
        }
        return String(rest.dropFirst(2))
    }
}
