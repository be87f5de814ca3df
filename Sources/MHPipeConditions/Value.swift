import MHPipeKit
import MHPipeMatching

/// A value that a part of a condition has in one event.
///
/// The bytes of texts are those of the event, or are kept by the frame; both until the next event.
@safe
enum Value {
    /// There is none: the field is missing or `null`, or a function got something that it cannot work on.
    case missing
    case bool(Bool)
    case number(DecimalNumber)
    case text(UnsafeBufferPointer<UInt8>)
    case time(Timestamp)
    case span(Duration)
    case network(Network)
    case list([Value])
    /// An object or an array of the event.
    case tree(JSONValue)

    var isMissing: Bool { if case .missing = self { true } else { false } }

    /// True for the value that lets a condition hold.
    var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}

extension Value {
    /// Whether a comparison holds; what is of different types is neither equal nor in an order.
    func compares(_ comparison: Comparison, _ other: Value, _ frame: Frame) -> Bool {
        if comparison.isOrdering { return order(other).map(comparison.holds) ?? false }
        return equals(other, frame) == (comparison == .equal)
    }

    func equals(_ other: Value, _ frame: Frame) -> Bool {
        switch (self, other) {
        case (.network(let left), .network(let right)): left == right
        case (.tree(let left), .tree(let right)): left.hasContent(of: right)
        case (.list, .list), (.list, .tree), (.tree, .list): equalLists(elements(frame), other.elements(frame), frame)
        default: order(other) == 0
        }
    }

    private func equalLists(_ left: [Value]?, _ right: [Value]?, _ frame: Frame) -> Bool {
        guard let left, let right, left.count == right.count else { return false }
        return zip(left, right).allSatisfy { $0.equals($1, frame) }
    }

    /// Less than 0 when this stands before the other; by code points for texts, which is the order of their UTF-8.
    private func order(_ other: Value) -> Int? {
        switch (self, other) {
        case (.text(let left), .text(let right)): return unsafe left.order(right)
        case (.number(let left), .number(let right)): return Self.order(left, right)
        case (.bool(let left), .bool(let right)): return Self.order(left ? 1 : 0, right ? 1 : 0)
        case (.time(let left), .time(let right)): return Self.order(left, right)
        case (.span(let left), .span(let right)): return Self.order(left, right)
        // Beside a time, a text is read as one.
        case (.time, .text): return order(other.asTime)
        case (.text, .time): return asTime.order(other)
        default: return nil
        }
    }

    private static func order<Item: Comparable>(_ left: Item, _ right: Item) -> Int {
        left < right ? -1 : left == right ? 0 : 1
    }
}

extension Value {
    /// The elements of a list; nil for anything else.
    func elements(_ frame: Frame) -> [Value]? {
        switch self {
        case .list(let elements): elements
        case .tree(let tree) where tree.kind == .array: tree.elements.map { frame.value(of: $0) }
        default: nil
        }
    }

    /// Whether this is an element of a list, or a key of an object that has a value.
    func isIn(_ list: Value, _ frame: Frame) -> Bool {
        if isMissing { return false }
        if case .tree(let tree) = list, tree.kind == .object, case .text(let key) = self {
            return unsafe !frame.value(of: tree[String(decoding: key, as: UTF8.self)]).isMissing
        }
        return list.elements(frame)?.contains { equals($0, frame) } ?? false
    }

    /// The characters of a text, the elements of a list, the keys of an object.
    var size: Value {
        switch self {
        case .text(let bytes): unsafe .count(bytes.count { $0 & 0xC0 != 0x80 })
        case .list(let elements): .count(elements.count)
        case .tree(let tree):
            .count(tree.kind == .array ? tree.elements.count : Set(tree.members.map(\.key)).count)
        default: .missing
        }
    }

    private static func count(_ count: Int) -> Value { .number(.whole(Int64(count))) }

    /// A time as it is, a text read as RFC 3339, a number as seconds since 1970.
    var asTime: Value {
        switch self {
        case .time: self
        case .text(let bytes): unsafe Timestamp(rfc3339: bytes.span).map(Value.time) ?? .missing
        case .number(.whole(let seconds)): Self.inRange(Timestamp(seconds: seconds))
        default: .missing
        }
    }

    /// A time that is later, or a longer duration.
    func plus(_ other: Value) -> Value {
        switch (self, other) {
        case (.span(let left), .span(let right)): Self.inRange(left + right)
        case (.time(let time), .span(let span)), (.span(let span), .time(let time)):
            Self.inRange(time.advanced(by: span))
        case (.text, .span): asTime.isMissing ? .missing : asTime.plus(other)
        case (.span, .text): other.plus(self)
        default: .missing
        }
    }

    /// The duration between two times, an earlier time, or a shorter duration.
    func minus(_ other: Value) -> Value {
        switch (self, other) {
        case (.time(let left), .time(let right)): .span(left.duration(since: right))
        case (.text, .time): asTime.isMissing ? .missing : asTime.minus(other)
        case (.time, .text): other.asTime.isMissing ? .missing : minus(other.asTime)
        case (_, .span(let span)): plus(.span(.zero - span))
        default: .missing
        }
    }

    private static func inRange(_ time: Timestamp) -> Value { time.isInRange ? .time(time) : .missing }

    private static func inRange(_ span: Duration) -> Value { span.isInRange ? .span(span) : .missing }
}
