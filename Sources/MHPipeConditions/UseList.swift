import MHPipeKit
import MHPipeMatching

/// What a condition takes fields for, at every place.
struct UseList {
    /// A field, what it is taken for, and where the constant is that it is compared with.
    private(set) var uses: [(mention: FieldMention, use: FieldUsage.Use, constant: Range<Int>?)] = []

    init(of expression: Expression) {
        look(atCondition: expression, isNegated: false)
    }

    private mutating func add(_ use: FieldUsage.Use, _ part: Expression, constant: Range<Int>? = nil) {
        if let mention = part.mention { uses.append((mention, use, constant)) }
    }

    /// Looks at a part that stands where a condition does, with `isNegated` below an odd number of `!`.
    private mutating func look(atCondition part: Expression, isNegated: Bool) {
        add(.condition, part)
        switch part.form {
        case .not(let test): look(atCondition: test, isNegated: !isNegated)
        case .both(let tests), .either(let tests): tests.forEach { look(atCondition: $0, isNegated: isNegated) }
        case .choice(let test, let first, let second):
            look(atCondition: test, isNegated: false)
            [first, second].forEach { look(atCondition: $0, isNegated: isNegated) }
        case .comparison(let comparison, let left, let right):
            note([left, right], isNegated: isNegated != (comparison == .unequal))
            look(atValue: part)
        case .quantifier(_, let list, _, _):
            note([list], isNegated: isNegated)
            look(atValue: part)
        case .membership, .call:
            note(part.parts, isNegated: isNegated)
            look(atValue: part)
        case .field, .variable, .member, .element: note([part], isNegated: isNegated)
        default: look(atValue: part)
        }
    }

    /// Looks at a part whatever it is there for.
    private mutating func look(atValue part: Expression) {
        switch part.form {
        case .not, .both, .either: return look(atCondition: part, isNegated: false)
        case .choice(let test, let first, let second):
            look(atCondition: test, isNegated: false)
            return [first, second].forEach { look(atValue: $0) }
        case .comparison(let comparison, let left, let right):
            compare(left, right, comparison)
            compare(right, left, comparison.turned)
        case .membership(let element, let list):
            if case .list(let elements) = list.form { elements.forEach { compare(element, $0, .equal) } }
            add(.list(user: "in"), list)
        case .presence(let value): return add(.presence, value)
        case .quantifier(let quantifier, let list, _, let test):
            add(.list(user: quantifier.rawValue), list)
            look(atValue: list)
            return look(atCondition: test, isNegated: false)
        case .call(let function, let arguments):
            if [.startsWith, .endsWith, .contains].contains(function), let text = arguments[1].text {
                add(.searchedText(text), arguments[0])
            }
            if function != .size { arguments.forEach { add(.text(user: function.rawValue), $0) } }
        default: break
        }
        part.parts.forEach { look(atValue: $0) }
    }

    /// Notes that a field is compared with a constant.
    private mutating func compare(_ part: Expression, _ constant: Expression, _ comparison: Comparison) {
        switch constant.form {
        case .text(let text):
            add(.comparedText(text, isOrdering: comparison.isOrdering), part, constant: constant.range)
            if [.greater, .lessOrEqual].contains(comparison) {
                add(.comparedEnd(text), part, constant: constant.range)
            }
        case .number: add(.comparedNumber, part, constant: constant.range)
        case .bool(let flag): add(.comparedFlag(flag), part, constant: constant.range)
        default: break
        }
    }

    /// Notes fields whose absence makes a test come true.
    private mutating func note(_ parts: [Expression], isNegated: Bool) {
        guard isNegated else { return }
        for part in parts {
            add(.negation, part)
            // Also what a function makes of a field is missing when the field is.
            if case .call = part.form { part.parts.forEach { add(.negation, $0) } }
        }
    }
}
