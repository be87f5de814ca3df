import MHPipeKit

/// Cutting and comparing strings where they stand.
///
/// The bytes must be normalized (`AddedColumn.normalized`), so that a character of ASCII is one byte. A part is a
/// missing slice when it is empty: to the rules, an empty text is none.
extension JSONSlice {
    /// True when there is a value.
    var isPresent: Bool { kind != .missing }

    /// This slice, or the other when this one is missing.
    func or(_ other: @autoclosure () -> JSONSlice) -> JSONSlice {
        kind == .missing ? other() : self
    }

    /// True when the bytes are exactly those of `text`.
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        unsafe bytes.count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// True when the bytes are those of `text`, which is in lower case, but for the case of ASCII letters.
    func equals(ignoringCase text: StaticString) -> Bool {
        guard unsafe bytes.count == text.utf8CodeUnitCount else { return false }
        return unsafe bytes.indices.allSatisfy { index in
            let byte = unsafe bytes[index]
            return unsafe ((0x41...0x5A).contains(byte) ? byte | 0x20 : byte) == text.utf8Start[index]
        }
    }

    /// True when the bytes begin with those of `text`.
    @inline(__always)
    func hasPrefix(_ text: StaticString) -> Bool {
        guard unsafe bytes.count >= text.utf8CodeUnitCount, let base = unsafe bytes.baseAddress else { return false }
        return unsafe equalBytes(base, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// True when the bytes end with those of `text`.
    func hasSuffix(_ text: StaticString) -> Bool {
        let start = unsafe bytes.count - text.utf8CodeUnitCount
        guard start >= 0, let base = unsafe bytes.baseAddress else { return false }
        return unsafe equalBytes(base + start, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// True when two slices have the same bytes.
    func equals(_ other: JSONSlice) -> Bool {
        guard let left = unsafe bytes.baseAddress, let right = unsafe other.bytes.baseAddress else { return false }
        return unsafe bytes.count == other.bytes.count && equalBytes(left, right, bytes.count)
    }

    /// What stands behind the last `separator`; missing when there is none.
    func afterLast(_ separator: UInt8) -> JSONSlice {
        var position = unsafe bytes.count
        while position > 0 {
            if unsafe bytes[position - 1] == separator { return dropFirst(position) }
            position -= 1
        }
        return .missing
    }

    /// What stands behind the first `separator`; missing when there is none.
    func afterFirst(_ separator: UInt8) -> JSONSlice {
        for position in unsafe 0..<bytes.count where unsafe bytes[position] == separator {
            return dropFirst(position + 1)
        }
        return .missing
    }

    /// What stands before the first `separator`, or everything.
    func upTo(_ separator: UInt8) -> JSONSlice {
        for position in unsafe 0..<bytes.count where unsafe bytes[position] == separator { return part(0, position) }
        return self
    }

    /// What is left without the first `count` bytes.
    func dropFirst(_ count: Int) -> JSONSlice {
        unsafe part(count, bytes.count)
    }

    /// What stands from one byte up to another; missing when that is nothing.
    func part(_ start: Int, _ end: Int) -> JSONSlice {
        guard start < end, let base = unsafe bytes.baseAddress else { return .missing }
        return unsafe JSONSlice(kind: .string, bytes: UnsafeBufferPointer(start: base + start, count: end - start))
    }
}
