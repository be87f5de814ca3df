import MHPipeKit
import MHPipeMatching

/// What a condition needs while it looks at one event.
final class Frame {
    /// When the run began.
    let start: Timestamp
    /// The elements that quantifiers look at, outermost first.
    var variables: [Value] = []
    /// True once a limit was reached before an answer.
    @exclusivity(unchecked) var hasGivenUp = false
    // Invariant: each was allocated by `keep`, and is freed by `clear`.
    @exclusivity(unchecked) private var kept: [UnsafeMutableBufferPointer<UInt8>] = []

    init(start: Timestamp) {
        self.start = start
    }

    deinit {
        for bytes in kept { bytes.deallocate() }
    }

    /// Begins with another event.
    func clear() {
        hasGivenUp = false
        guard !kept.isEmpty else { return }
        for bytes in kept { bytes.deallocate() }
        kept.removeAll(keepingCapacity: true)
    }

    /// Keeps a text until the next event.
    func keep(_ text: String) -> UnsafeBufferPointer<UInt8> {
        var text = text
        return text.withUTF8 { keep($0) }
    }

    /// Keeps bytes until the next event.
    func keep(_ bytes: some Collection<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        _ = copy.initialize(from: bytes)
        kept.append(copy)
        return UnsafeBufferPointer(rebasing: copy[..<bytes.count])
    }

    /// The value of a field.
    func value(of slice: JSONSlice) -> Value {
        switch slice.kind {
        case .missing, .null: .missing
        case .bool: .bool(slice.bytes.first == UInt8(ascii: "t"))
        case .number: DecimalNumber(slice.bytes).map(Value.number) ?? .missing
        case .string: .text(slice.isEscaped ? keep(JSONText.decode(slice.bytes)) : slice.bytes)
        case .object, .array:
            JSONValue(parsing: String(decoding: slice.bytes, as: UTF8.self)).map(Value.tree) ?? .missing
        }
    }

    /// The value of a part of an object or an array.
    func value(of json: JSONValue?) -> Value {
        guard let json else { return .missing }
        switch json.kind {
        case .missing, .null: return .missing
        case .bool: return json.bool.map(Value.bool) ?? .missing
        case .number: return DecimalNumber(Array(json.json.utf8)).map(Value.number) ?? .missing
        case .string: return .text(keep(json.string ?? ""))
        case .object, .array: return .tree(json)
        }
    }
}
