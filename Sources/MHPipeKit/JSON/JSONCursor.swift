/// Steps through an indexed text that has passed the record scan.
///
/// Positions are places in the structural index, never byte offsets. No bound is checked: the scan has proved that
/// the value at hand is whole, and every step stays inside it.
@usableFromInline
@safe
package struct JSONCursor {
    @usableFromInline let text: UnsafePointer<UInt8>
    @usableFromInline let index: UnsafePointer<UInt32>

    package init(_ window: IndexedText) {
        unsafe text = unsafe window.text
        unsafe index = unsafe window.index
    }

    /// The byte at a position: a structural character, a quote, or the first of a scalar.
    @inlinable
    @inline(__always)
    package func byte(at position: Int) -> UInt8 {
        unsafe text[Int(index[position])]
    }

    /// The position behind the value at `position`.
    @inlinable
    package func skip(_ position: Int) -> Int {
        var next = position + 1
        let first = byte(at: position)
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return next }
        var depth = 1
        while depth > 0 {
            // `{` and `[` differ from `}` and `]` by 2, and from the other tokens in the low bits.
            switch byte(at: next) {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            next += 1
        }
        return next
    }

    /// The bytes between the quotes of the string at `position`.
    @inlinable
    package func stringBytes(_ position: Int) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe Int(index[position]) + 1
        // Behind a string only white space stands before the next token, so its last quote is the nearest one back.
        var end = unsafe Int(index[position + 1]) - 1
        while unsafe text[end] != UInt8(ascii: "\"") { end -= 1 }
        return unsafe UnsafeBufferPointer(start: text + start, count: end - start)
    }

    @inlinable
    package func slice(_ position: Int) -> JSONSlice {
        let start = unsafe Int(index[position])
        switch unsafe text[start] {
        case UInt8(ascii: "\""):
            return unsafe JSONSlice(kind: .string, bytes: stringBytes(position))
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            let end = unsafe Int(index[skip(position) - 1]) + 1
            let kind: JSONKind = unsafe text[start] == UInt8(ascii: "{") ? .object : .array
            return unsafe JSONSlice(kind: kind, bytes: UnsafeBufferPointer(start: text + start, count: end - start))
        case let first:
            let kind: JSONKind =
                switch first {
                case UInt8(ascii: "n"): .null
                case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
                default: .number
                }
            var end = start + 1
            while unsafe !Self.endsScalar(text[end]) { end += 1 }
            return unsafe JSONSlice(kind: kind, bytes: UnsafeBufferPointer(start: text + start, count: end - start))
        }
    }

    /// The position of the value under `key` in the object at `position`, or -1; the last of repeated keys counts.
    @inlinable
    package func find(_ key: UnsafeBufferPointer<UInt8>, in position: Int) -> Int {
        guard byte(at: position) == UInt8(ascii: "{") else { return -1 }
        var found = -1
        var next = position + 1
        while byte(at: next) == UInt8(ascii: "\"") {
            if unsafe keyEquals(next, key) { found = next + 2 }
            next = skip(next + 2)
            if byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return found
    }

    /// True when the key at `position` is `key`, escapes considered.
    @inlinable
    package func keyEquals(_ position: Int, _ key: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = unsafe Int(index[position]) + 1
        let end = start + key.count
        guard let wanted = key.baseAddress else { return unsafe stringBytes(position).isEmpty }
        // The closing quote stands before the colon, which bounds what may be looked at.
        if unsafe end < Int(index[position + 1]), unsafe text[end] == UInt8(ascii: "\""),
            unsafe equalBytes(text + start, wanted, key.count)
        {
            // A key that holds a backslash is written with two.
            return unsafe !JSONText.hasBackslash(key)
        }
        let bytes = unsafe stringBytes(position)
        return unsafe bytes.count > key.count && JSONText.hasBackslash(bytes) && JSONText.decodedEquals(bytes, key)
    }

    /// The position of element `number` of the array at `position`, or -1.
    package func element(_ number: Int, in position: Int) -> Int {
        guard byte(at: position) == UInt8(ascii: "["), byte(at: position + 1) != UInt8(ascii: "]") else { return -1 }
        var next = position + 1
        for _ in 0..<number {
            next = skip(next)
            guard byte(at: next) == UInt8(ascii: ",") else { return -1 }
            next += 1
        }
        return next
    }

    /// True for the bytes that may follow a number or a literal.
    @inlinable
    @inline(__always)
    package static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: " "),
            UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"), UInt8(ascii: "{"), UInt8(ascii: "["), 0:
            true
        default: false
        }
    }
}
