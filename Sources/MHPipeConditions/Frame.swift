import MHPipeKit
import MHPipeMatching

/// What a condition needs while it looks at one event.
@safe
final class Frame {
    /// The elements that quantifiers look at, outermost first.
    var variables: [Value] = []
    /// True once a limit was reached before an answer.
    @exclusivity(unchecked) var hasGivenUp = false
    // Invariant: each was allocated by `keep`, and is freed by `clear`.
    @exclusivity(unchecked) private var kept: [UnsafeMutableBufferPointer<UInt8>] = unsafe []

    deinit {
        unsafe kept.forEach { unsafe $0.deallocate() }
    }

    /// Begins with another event.
    func clear() {
        unsafe hasGivenUp = false
        guard unsafe !kept.isEmpty else { return }
        unsafe kept.forEach { unsafe $0.deallocate() }
        unsafe kept.removeAll(keepingCapacity: true)
    }

    /// Keeps bytes until the next event.
    func keep(_ bytes: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = unsafe copy.initialize(from: bytes)
        unsafe kept.append(copy)
        return unsafe UnsafeBufferPointer(rebasing: copy[..<bytes.count])
    }

    /// The value of a field.
    func value(of slice: JSONSlice) -> Value {
        switch slice.kind {
        case .missing, .null: .missing
        case .bool: unsafe .bool(slice.bytes.first == UInt8(ascii: "t"))
        case .number: unsafe DecimalNumber(slice.bytes).map(Value.number) ?? .missing
        case .string: unsafe .text(slice.isEscaped ? keep(JSONText.decode(slice.bytes).utf8) : slice.bytes)
        case .object, .array:
            unsafe JSONValue(sound: String(decoding: slice.bytes, as: UTF8.self)).map(Value.tree) ?? .missing
        }
    }

    /// The value of a part of an object or an array.
    func value(of json: JSONValue?) -> Value {
        guard let json else { return .missing }
        switch json.kind {
        case .missing, .null: return .missing
        case .bool: return json.bool.map(Value.bool) ?? .missing
        case .number: return DecimalNumber(Array(json.json.utf8)).map(Value.number) ?? .missing
        case .string: return unsafe .text(keep((json.string ?? "").utf8))
        case .object, .array: return .tree(json)
        }
    }
}
