import MHPipeKit
import MHPipeMatching

/// Fields of an event as bytes that compare as the fields do.
///
/// Values have classes, in this order: false and true, numbers, times, other texts, lists and objects; and behind them, in
/// rising and in falling order, what is missing or null. Numbers compare by their exact value, times as moments, texts by
/// their UTF-8, lists and objects by their JSON text.
struct SortKey {
    private enum Class: UInt8 {
        case bool = 1
        case number, time, text, composite
        /// Also behind classes whose bits are turned round.
        case absent = 0xFF
    }

    private let isDescending: Bool
    private(set) var bytes: [UInt8] = []

    init(descending: Bool) {
        isDescending = descending
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ event: borrowing FieldValues, _ field: Int) {
        let start = bytes.count
        switch event.kind(field) {
        case .missing, .null: return bytes.append(Class.absent.rawValue)
        case .bool: append(.bool, [event.bool(field) == true ? 1 : 0])
        case .number: event.withText(field) { append(number: $0) }
        case .string: event.withText(field) { append(text: $0) }
        case .object, .array:
            bytes.append(Class.composite.rawValue)
            event.withText(field) { append(terminated: $0) }
        }
        if isDescending { for place in start..<bytes.count { bytes[place] = ~bytes[place] } }
    }

    private mutating func append(_ class: Class, _ content: [UInt8]) {
        bytes.append(`class`.rawValue)
        bytes += content
    }

    private mutating func append(text: Span<UInt8>) {
        // Nearly all texts are no times, which begin with a year.
        guard text.count >= 20, text[4] == UInt8(ascii: "-"), let time = Timestamp(rfc3339: text) else {
            bytes.append(Class.text.rawValue)
            return append(terminated: text)
        }
        append(.time, [])
        // The years 1 to 9999 fit into 39 bits.
        append(bigEndian: UInt64(bitPattern: time.seconds + 1 << 38), bytes: 5)
        append(bigEndian: UInt64(time.nanoseconds), bytes: 4)
    }

    /// Appends bytes with an end that comes before any byte, turned round too, so that nothing runs into them.
    private mutating func append(terminated text: Span<UInt8>) {
        for place in text.indices {
            bytes.append(text[place])
            if text[place] == 0 { bytes.append(0xFF) }
        }
        bytes += [0, 1]
    }

    private mutating func append(number text: Span<UInt8>) {
        bytes.append(Class.number.rawValue)
        guard let parts = unsafe text.withUnsafeBufferPointer({ unsafe DecimalNumber($0) })?.parts,
            !parts.digits.isEmpty
        else {
            return bytes.append(1)
        }
        bytes.append(parts.isNegative ? 0 : 2)
        let start = bytes.count
        append(bigEndian: UInt64(bitPattern: Int64(parts.exponent) + 1 << 62), bytes: 8)
        bytes += parts.digits.map { $0 + 1 }
        bytes.append(0)
        if parts.isNegative { for place in start..<bytes.count { bytes[place] = ~bytes[place] } }
    }

    private mutating func append(bigEndian number: UInt64, bytes count: Int) {
        for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
    }
}
