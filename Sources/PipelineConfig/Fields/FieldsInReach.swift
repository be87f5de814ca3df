import MHPipeKit

/// The fields that events have where they come to a stage: those of CloudTrail, and what stages before it have added.
struct FieldsInReach {
    /// False behind a stage of which nobody can tell what it adds.
    private(set) var isKnown = true
    /// What was added, by its key.
    private(set) var added: [String: EventField] = [:]
    /// The fields of the records; nil for those of CloudTrail, as long as no stage writes records anew.
    private var records: [EventField]?
    /// False until the fields behind a stage were taken in.
    private var isMerged = false

    /// All of them; what was added hides a field of the record.
    var all: [EventField] {
        let records = records ?? CloudTrailFields.all
        return added.isEmpty
            ? records : added.values.sorted { $0.key < $1.key } + records.filter { added[$0.key] == nil }
    }

    /// The fields behind a stage that adds some, and writes records anew; nil when nobody can tell what it adds.
    ///
    /// A stage that is `extending` leaves the other keys of an object that it adds to.
    func behind(adding fields: [EventField]?, extending: Bool, _ shape: FieldShape?) -> FieldsInReach {
        var reach = self
        reach.isKnown = isKnown && fields != nil
        for field in fields ?? [] {
            let old = extending ? reach.added[field.key] : nil
            reach.added[field.key] = old.map { EventField(field.key, $0.content.or(field.content)) } ?? field
        }
        guard let shape else { return reach }
        let all = shape.applied(to: reach.all)
        reach.added = reach.added.compactMapValues { old in all.first { $0.key == old.key } }
        reach.records = all.filter { reach.added[$0.key] == nil }
        return reach
    }

    /// Takes in the fields behind one stage.
    mutating func merge(_ other: FieldsInReach) {
        isKnown = isKnown && other.isKnown
        added.merge(other.added) { EventField($0.key, $0.content.or($1.content)) }
        guard isMerged else {
            isMerged = true
            records = other.records
            return
        }
        guard records != nil || other.records != nil else { return }
        let (mine, others) = (records ?? CloudTrailFields.all, other.records ?? CloudTrailFields.all)
        guard case .object(let fields) = EventField.Content.object(mine).or(.object(others)) else { return }
        records = fields
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
