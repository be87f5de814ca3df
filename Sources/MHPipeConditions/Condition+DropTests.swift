package import MHPipeKit
import MHPipeMatching

extension Condition {
    /// Of an event that fails one of these tests it is certain that it does not meet the condition.
    ///
    /// They are the comparisons of top-level fields with texts and booleans that the condition begins with, and `has` of such
    /// fields, joined by `&&`, in their order. What stands behind other parts is no test, since such a part may be a pattern
    /// that is given up.
    package var dropTests: [FieldTest] {
        let parts = if case .both(let parts) = expression.form { parts } else { [expression] }
        var tests: [FieldTest] = []
        for part in parts {
            guard let test = part.dropTest(unless: true) else { break }
            tests.append(test)
        }
        return tests
    }
}

extension Expression {
    /// What drops an event unless the expression is so.
    fileprivate func dropTest(unless wanted: Bool) -> FieldTest? {
        switch form {
        case .not(let inner):
            return inner.dropTest(unless: !wanted)
        case .presence(let inner):
            return inner.topLevelField.map { field in
                FieldTest(field) { value in if case .missing = value { wanted } else { !wanted } }
            }
        case .comparison(let comparison, let left, let right):
            guard !comparison.isOrdering, let field = left.topLevelField ?? right.topLevelField else { return nil }
            let isWanted = (comparison == .equal) == wanted
            if let text = left.text ?? right.text {
                let bytes = Array(text.utf8)
                return FieldTest(field) { value in unsafe (value.text?.elementsEqual(bytes) ?? false) != isWanted }
            }
            guard let boolean = left.boolean ?? right.boolean else { return nil }
            return FieldTest(field) { if case .boolean(boolean) = $0 { !isWanted } else { isWanted } }
        case .membership(let element, let list):
            guard let field = element.topLevelField, case .list(let elements) = list.form,
                case let texts = elements.compactMap(\.text), texts.count == elements.count
            else { return nil }
            let set = ByteStringSet(texts)
            return FieldTest(field) { value in unsafe (value.text.map { unsafe set.contains($0) } ?? false) != wanted }
        default:
            return nil
        }
    }

    private var topLevelField: KnownField? {
        if case .field(let path) = form, path.keys.count == 1 { path.known } else { nil }
    }

    private var boolean: Bool? { if case .bool(let boolean) = form { boolean } else { nil } }
}
