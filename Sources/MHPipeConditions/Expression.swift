import MHPipeKit
import MHPipeMatching

/// A condition, or a part of one, as it was written.
struct Expression: Sendable {
    indirect enum Form: Sendable {
        case bool(Bool)
        case number(DecimalNumber)
        case text(String)
        case list([Expression])
        case field(FieldPath)
        /// The element that a quantifier around this looks at, counted from the outermost.
        case variable(Int)
        case member(Expression, String)
        case element(Expression, Int)
        case not(Expression)
        case both([Expression])
        case either([Expression])
        case choice(Expression, Expression, Expression)
        case comparison(Comparison, Expression, Expression)
        case membership(Expression, Expression)
        /// `+` or `-` of times and durations.
        case sum(Expression, isDifference: Bool, Expression)
        case presence(Expression)
        case call(ConditionFunction, [Expression])
        case quantifier(Quantifier, Expression, variable: Int, Expression)
    }

    var form: Form
    /// The bytes of the condition's text.
    var range: Range<Int>
    /// The field whose value it is; also for what a quantifier looks at in a field.
    var mention: FieldMention?

    /// Everything that it is made of directly.
    var parts: [Expression] {
        switch form {
        case .bool, .number, .text, .field, .variable: []
        case .list(let parts), .both(let parts), .either(let parts), .call(_, let parts): parts
        case .member(let part, _), .element(let part, _), .not(let part), .presence(let part): [part]
        case .choice(let test, let first, let second): [test, first, second]
        case .comparison(_, let left, let right), .membership(let left, let right), .sum(let left, _, let right),
            .quantifier(_, let left, _, let right):
            [left, right]
        }
    }

    /// Every field that it reads, in the order of the text.
    var fields: [FieldPath] {
        if case .field(let path) = form { [path] } else { parts.flatMap(\.fields) }
    }

    /// Every field that is written in it, also by way of a quantifier's element.
    var mentions: [FieldMention] {
        mention.map { [$0] } ?? parts.flatMap(\.mentions)
    }

    /// The text, when that is what it is.
    var text: String? { if case .text(let text) = form { text } else { nil } }
}

/// A field as it is written in a condition.
struct FieldMention: Sendable, Hashable {
    /// The keys, outermost first.
    var keys: [String]
    /// Where each of them is written: the bytes of the condition's text.
    var ranges: [Range<Int>]

    var path: FieldPath { FieldPath(keys: keys) }

    /// Where it is written.
    var range: Range<Int> {
        (ranges.map(\.lowerBound).min() ?? 0)..<(ranges.map(\.upperBound).max() ?? 0)
    }

    func appending(_ key: String, _ range: Range<Int>) -> FieldMention {
        FieldMention(keys: keys + [key], ranges: ranges + [range])
    }
}

/// Which elements of a list a test has to hold for.
enum Quantifier: String, Sendable {
    /// One or more.
    case exists
    /// Every one.
    case all
}
