package import MHPipeKit
import MHPipeMatching

extension Condition {
    /// Of an event that fails one of these tests it is certain that it does not meet the condition.
    ///
    /// They are the comparisons with texts of top-level fields that the condition begins with, joined by `&&`, in their order.
    /// What stands behind other parts is no test, since such a part may be a pattern that is given up.
    package var dropTests: [FieldTextTest] {
        let parts = if case .both(let parts) = expression.form { parts } else { [expression] }
        var tests: [FieldTextTest] = []
        for part in parts {
            guard let test = part.dropTest else { break }
            tests.append(test)
        }
        return tests
    }
}

extension Expression {
    fileprivate var dropTest: FieldTextTest? {
        switch form {
        case .comparison(let comparison, let left, let right):
            guard !comparison.isOrdering, let field = left.topLevelField ?? right.topLevelField,
                let text = left.text ?? right.text
            else { return nil }
            let wanted = Array(text.utf8)
            let isWanted = comparison == .equal
            return unsafe FieldTextTest(field) { unsafe $0.elementsEqual(wanted) != isWanted }
        case .membership(let element, let list):
            guard let field = element.topLevelField, case .list(let elements) = list.form,
                case let texts = elements.compactMap(\.text), texts.count == elements.count
            else { return nil }
            let wanted = ByteStringSet(texts)
            return unsafe FieldTextTest(field) { unsafe !wanted.contains($0) }
        default:
            return nil
        }
    }

    private var topLevelField: KnownField? {
        if case .field(let path) = form, path.keys.count == 1 { path.known } else { nil }
    }
}
