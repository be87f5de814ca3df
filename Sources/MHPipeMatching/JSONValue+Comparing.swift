package import MHPipeKit

extension JSONValue {
    /// True when two values have the same content: members in any order, numbers by their value.
    package func hasContent(of other: JSONValue?) -> Bool {
        guard let other, kind == other.kind else { return false }
        switch kind {
        case .missing, .null: return true
        case .bool: return bool == other.bool
        case .string: return string == other.string
        case .number: return DecimalNumber(Array(json.utf8)) == DecimalNumber(Array(other.json.utf8))
        case .array:
            let (elements, others) = (elements, other.elements)
            return elements.count == others.count && zip(elements, others).allSatisfy { $0.hasContent(of: $1) }
        case .object:
            let keys = Set(members.map(\.key))
            return keys == Set(other.members.map(\.key))
                && keys.allSatisfy { self[$0]?.hasContent(of: other[$0]) == true }
        }
    }
}
