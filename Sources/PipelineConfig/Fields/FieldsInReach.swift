import MHPipeKit

/// The fields that events have where they come to a stage: those of CloudTrail, and what stages before it have added.
struct FieldsInReach {
    /// False behind a stage of which nobody can tell what it adds.
    private(set) var isKnown = true
    /// What was added, by its key.
    private(set) var added: [String: EventField] = [:]

    /// All of them; what was added hides a field of the record.
    var all: [EventField] {
        added.isEmpty
            ? CloudTrailFields.all
            : added.values.sorted { $0.key < $1.key } + CloudTrailFields.all.filter { added[$0.key] == nil }
    }

    /// Takes in the fields behind one stage; nil when nobody can tell what they are.
    mutating func merge(_ other: FieldsInReach, adding fields: [EventField]?) {
        isKnown = isKnown && other.isKnown && fields != nil
        var behind = other.added
        for field in fields ?? [] { behind[field.key] = field }
        added.merge(behind) { EventField($0.key, $0.content.or($1.content)) }
    }
}

extension [EventField] {
    /// With those of others whose keys are not there.
    func adding(_ others: [EventField]) -> [EventField] {
        self + others.filter { other in !contains { $0.key == other.key } }
    }
}

extension EventField.Content {
    /// What is known of a value that two ways lead to.
    fileprivate func or(_ other: EventField.Content) -> EventField.Content {
        guard self != other else { return self }
        guard case .object(let fields) = self, case .object(let others) = other else { return .anything }
        let merged = fields.map { field in
            let twin = others.first { $0.key == field.key }
            return EventField(field.key, twin.map { field.content.or($0.content) } ?? field.content)
        }
        return .object(merged.adding(others))
    }
}
