import MHPipeKit
import MHPipeMatching

/// A test of an event.
typealias EventTest = (borrowing FieldValues, Frame) -> Bool

/// What a part of a condition has in an event.
typealias EventValue = (borrowing FieldValues, Frame) -> Value

/// Turns a condition that was checked into closures.
///
/// Where a condition stands, a part becomes a test: two-valued, so that `!` is a complement. Where an operand stands, it
/// becomes a value, which may be missing.
struct Compiler {
    /// The number of each field among the values of an event.
    let fields: [FieldPath: Int]
    /// When the run began.
    let start: Timestamp

    func test(_ part: Expression) -> EventTest {
        switch part.form {
        case .bool(let answer): return { _, _ in answer }
        case .not(let inner):
            let inner = test(inner)
            return { event, frame in !inner(event, frame) }
        case .both(let parts):
            return join(parts[...]) { left, right in { event, frame in left(event, frame) && right(event, frame) } }
        case .either(let parts):
            return join(parts[...]) { left, right in { event, frame in left(event, frame) || right(event, frame) } }
        case .choice(let asked, let first, let second):
            let (asked, first, second) = (test(asked), test(first), test(second))
            return { event, frame in asked(event, frame) ? first(event, frame) : second(event, frame) }
        case .comparison(let comparison, let left, let right): return compare(comparison, left, right)
        case .membership(let element, let list): return membership(element, list)
        case .presence(let inner):
            if let field = field(inner) { return { event, _ in !event.isAbsent(field) } }
            let inner = value(inner)
            return { event, frame in !inner(event, frame).isMissing }
        case .quantifier(let quantifier, let list, let variable, let inner):
            let (list, inner) = (value(list), test(inner))
            return { event, frame in
                guard let elements = list(event, frame).elements(frame) else { return false }
                for element in elements {
                    frame.variables.removeSubrange(variable...)
                    frame.variables.append(element)
                    if inner(event, frame) == (quantifier == .exists) { return quantifier == .exists }
                }
                return quantifier == .all
            }
        case .call(let function, let arguments):
            // A field and a text that is written there, as in most calls, are compared where they stand.
            if let body = unsafe comparison(function), let field = field(arguments[0]), let text = arguments[1].text {
                let wanted = ComparedText(text)
                return { event, _ in unsafe wanted.compare(event.slice(field), body) }
            }
            let value = value(part)
            return { event, frame in value(event, frame).isTrue }
        default:
            let value = value(part)
            return { event, frame in value(event, frame).isTrue }
        }
    }

    /// Joins tests in twos, so that a long chain is no deep one; in arrays, closures would be called in a dearer way.
    private func join(
        _ parts: ArraySlice<Expression>,
        _ pair: (@escaping EventTest, @escaping EventTest) -> EventTest
    ) -> EventTest {
        let middle = parts.startIndex + parts.count / 2
        guard middle > parts.startIndex else { return test(parts[middle]) }
        return pair(join(parts[..<middle], pair), join(parts[middle...], pair))
    }

    private func field(_ part: Expression) -> Int? {
        if case .field(let path) = part.form { fields[path] } else { nil }
    }

    // MARK: - Comparing

    private func compare(_ comparison: Comparison, _ left: Expression, _ right: Expression) -> EventTest {
        if let field = field(right), left.text != nil { return compare(comparison.turned, field, left) }
        if let field = field(left), right.text != nil { return compare(comparison, field, right) }
        let (left, right) = (value(left), value(right))
        return { event, frame in left(event, frame).compares(comparison, right(event, frame), frame) }
    }

    private func compare(_ comparison: Comparison, _ field: Int, _ text: Expression) -> EventTest {
        let wanted = ComparedText(text.text ?? "")
        let isWanted = comparison == .equal
        if !comparison.isOrdering { return { event, _ in wanted.isText(of: event.slice(field)) == isWanted } }
        return { event, _ in
            unsafe wanted.compare(event.slice(field)) { unsafe comparison.holds($0.order($1)) }
        }
    }

    private func membership(_ element: Expression, _ list: Expression) -> EventTest {
        if let field = field(element), case .list(let elements) = list.form,
            case let texts = elements.compactMap(\.text), texts.count == elements.count
        {
            let set = ByteStringSet(texts)
            return { event, frame in
                let slice = event.slice(field)
                guard slice.kind == .string else { return false }
                return unsafe set.contains(
                    slice.isEscaped ? frame.keep(JSONText.decode(slice.bytes).utf8) : slice.bytes
                )
            }
        }
        let (element, list) = (value(element), value(list))
        return { event, frame in element(event, frame).isIn(list(event, frame), frame) }
    }

    // MARK: - Values

    /// What is the same in every event and is worked out once: times, durations and networks.
    private func constant(_ part: Expression) -> Value? {
        switch part.form {
        case .call(.now, _): return .time(start)
        case .call(let function, let arguments) where [.timestamp, .duration, .cidr].contains(function):
            let kept = Frame()
            return withExtendedLifetime(kept) { arguments[0].constant(kept).map(function.read) }
        case .sum(let left, let isDifference, let right):
            return constant(left).flatMap { left in constant(right).map(isDifference ? left.minus : left.plus) }
        default: return nil
        }
    }

    func value(_ part: Expression) -> EventValue {
        if let value = constant(part) { return { _, _ in value } }
        switch part.form {
        case .bool(let answer): return { _, _ in .bool(answer) }
        case .number(let number): return { _, _ in .number(number) }
        case .text(let text):
            let kept = Frame()
            let bytes = unsafe kept.keep(text.utf8)
            return { _, _ in withExtendedLifetime(kept) { unsafe .text(bytes) } }
        case .list(let elements):
            let elements = elements.map(value)
            return { event, frame in
                var values: [Value] = []
                for element in elements { values.append(element(event, frame)) }
                return .list(values)
            }
        case .field(let path):
            guard let field = fields[path] else { return { _, _ in .missing } }
            return { event, frame in frame.value(of: event.slice(field)) }
        case .variable(let number): return { _, frame in frame.variables[number] }
        case .member(let inner, let key):
            let inner = value(inner)
            return { event, frame in
                guard case .tree(let tree) = inner(event, frame) else { return .missing }
                return frame.value(of: tree[key])
            }
        case .element(let inner, let number):
            let inner = value(inner)
            return { event, frame in inner(event, frame).elements(frame)?.dropFirst(number).first ?? .missing }
        case .choice(let asked, let first, let second):
            let (asked, first, second) = (test(asked), value(first), value(second))
            return { event, frame in asked(event, frame) ? first(event, frame) : second(event, frame) }
        case .sum(let left, let isDifference, let right):
            let (left, right) = (value(left), value(right))
            if isDifference { return { event, frame in left(event, frame).minus(right(event, frame)) } }
            return { event, frame in left(event, frame).plus(right(event, frame)) }
        case .call(let function, let arguments): return call(function, arguments)
        case .not, .both, .either, .comparison, .membership, .presence, .quantifier:
            let test = test(part)
            return { event, frame in .bool(test(event, frame)) }
        }
    }

    /// How a function compares two texts, when it does.
    private func comparison(
        _ function: ConditionFunction
    ) -> ((UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool)? {
        switch function {
        case .startsWith: { unsafe $0.hasStart($1) }
        case .endsWith: { unsafe $0.hasEnd($1) }
        case .contains: { unsafe $0.hasPart($1) }
        default: nil
        }
    }

    private func call(_ function: ConditionFunction, _ arguments: [Expression]) -> EventValue {
        let values = arguments.map(value)
        switch function {
        case .now: return { _, _ in .time(start) }
        case .size: return unary(values) { value, _ in value.size }
        case .timestamp, .duration, .cidr: return unary(values) { value, _ in function.read(value) }
        case .lowerAscii:
            return unary(values) { value, frame in
                guard case .text(let text) = value else { return .missing }
                return unsafe .text(frame.keep(text.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }))
            }
        case .startsWith, .endsWith, .contains:
            let (first, second, body) = unsafe (values[0], values[1], comparison(function))
            return { event, frame in
                guard case .text(let text) = first(event, frame), case .text(let part) = second(event, frame) else {
                    return .missing
                }
                return unsafe .bool(body?(text, part) ?? false)
            }
        case .containsIP:
            let (network, address) = (values[0], values[1])
            return { event, frame in
                guard case .network(let network) = network(event, frame), case .text(let text) = address(event, frame),
                    let address = unsafe Address(text)
                else { return .missing }
                return .bool(network.contains(address))
            }
        case .matches: return matches(arguments, values[0])
        }
    }

    private func unary(_ values: [EventValue], _ body: @escaping (Value, Frame) -> Value) -> EventValue {
        let operand = values[0]
        return { event, frame in body(operand(event, frame), frame) }
    }

    private func matches(_ arguments: [Expression], _ operand: @escaping EventValue) -> EventValue {
        guard let pattern = arguments[1].text.flatMap({ try? RegularExpression($0) }) else {
            return { _, _ in .missing }
        }
        return { event, frame in
            guard case .text(let text) = operand(event, frame) else { return .missing }
            let outcome = unsafe pattern.search(text)
            if outcome == .gaveUp { unsafe frame.hasGivenUp = true }
            return .bool(outcome == .match)
        }
    }
}
