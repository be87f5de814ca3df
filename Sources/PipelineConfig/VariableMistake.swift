import MHPipeKit

/// A mistake in a reference to a variable, with the words for it.
struct VariableMistake {
    /// The reference as it was written: `${NAME}`.
    var reference: String
    private var message: String
    private var label: String?
    private var notes: [String] = []

    static func unset(_ reference: String, _ name: String, known: [String]) -> Self {
        Self(
            reference: reference,
            message: "the variable '\(name)' is not set",
            label: Suggestion.label(for: name, among: known),
            notes: ["set it with `--set \(name)=value` or in the environment, or write a default: ${\(name):-default}"]
        )
    }

    static func unclosed(_ reference: String) -> Self {
        Self(
            reference: reference,
            message: "this '${' has no '}'",
            notes: ["a literal ${ is written $${"]
        )
    }

    static func name(_ reference: String) -> Self {
        Self(
            reference: reference,
            message: "expected '${NAME}' or '${NAME:-default}' here",
            notes: ["a name is letters, digits and '_', and begins with no digit; a literal ${ is written $${"]
        )
    }

    static func nested(_ reference: String) -> Self {
        Self(reference: reference, message: "a default cannot hold a variable")
    }

    /// The mistake at its place in the text.
    func inYAML(at range: Range<Int>) -> YAMLMistake {
        YAMLMistake(message, at: range, label: label, notes: notes)
    }
}
