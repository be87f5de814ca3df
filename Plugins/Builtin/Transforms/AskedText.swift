import MHPipeConditions
import MHPipeKit

/// A text that a condition asks a field for, and what events have that is nearly it.
struct AskedText {
    let field: FieldPath
    private let text: String
    /// True when the field is to hold no more than the text.
    private let isWhole: Bool

    /// Those of a condition.
    static func all(of condition: Condition) -> [AskedText] {
        condition.fieldUses.compactMap { use in
            switch use.use {
            case .comparedText(let text, isOrdering: false): AskedText(field: use.path, text: text, isWhole: true)
            // Of times, every beginning is like every other.
            case .searchedText(let text) where use.path != FieldPath("eventTime"):
                AskedText(field: use.path, text: text, isWhole: false)
            default: nil
            }
        }
    }

    /// The question whether something else was meant; nil where events have the text, or nothing like it.
    func meant(_ sightings: [FieldSighting]) -> String? {
        guard let seen = sightings.first(where: { $0.path == field })?.texts,
            !seen.contains(where: { isWhole ? $0 == text : $0.contains(text) }),
            let meant = isWhole ? Suggestion.nearest(to: text, among: seen.sorted()) : part(of: seen.sorted())
        else { return nil }
        return "did you mean '\(meant)', not '\(text)', in '\(field.conditionText)'?"
    }

    /// The same letters in another case, or else a beginning that is like them.
    private func part(of seen: [String]) -> String? {
        let letters = Array(text.lowercased())
        for candidate in seen {
            let (characters, lower) = (Array(candidate), Array(candidate.lowercased()))
            guard characters.count == lower.count, lower.count >= letters.count else { continue }
            for start in 0...(lower.count - letters.count) where Array(lower[start..<start + letters.count]) == letters
            {
                return String(characters[start..<start + letters.count])
            }
        }
        return Suggestion.nearest(to: text, among: seen.map { String($0.prefix(text.count)) })
    }
}
