import MHPipeConditions
import MHPipeKit

extension FilterTransform: ReasoningTransform {
    func reasons(_ event: Event) -> [Reason] {
        if let condition = options.condition { return condition.reasons(event, start: started) }
        guard let field = options.field else { return [] }
        return [Reason(asked, [Reason.Reading(field: field.text, json: event[field]?.json)])]
    }

    /// The test of one field in words.
    private var asked: String {
        let not = options.not ? ", turned round by 'not'" : ""
        if let text = options.equals { return "equals '\(text)'" + not }
        if let texts = options.anyOf { return "any_of \(texts.map { "'\($0)'" }.joined(separator: ", "))" + not }
        if let pattern = options.matches { return "matches '\(pattern)'" + not }
        return "exists: \(options.exists ?? true)" + not
    }
}
