import Libc

/// The escapes of JSON strings (RFC 8259 section 7), both ways.
@usableFromInline
package enum JSONText {
    @usableFromInline
    package static func hasBackslash(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        return unsafe memchr(base, 0x5C, bytes.count) != nil
    }

    /// The text that the bytes between two quotes stand for.
    package static func decode(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard unsafe hasBackslash(bytes) else { return unsafe String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        unsafe decode(bytes) { plain.append($0) }
        return String(decoding: plain, as: UTF8.self)
    }

    /// True when the bytes between two quotes stand for `plain`.
    @usableFromInline
    package static func decodedEquals(_ bytes: UnsafeBufferPointer<UInt8>, _ plain: UnsafeBufferPointer<UInt8>) -> Bool
    {
        var decoded: [UInt8] = []
        unsafe decode(bytes) { decoded.append($0) }
        return unsafe decoded.elementsEqual(plain)
    }

    /// Hands out the UTF-8 that the bytes between two quotes stand for, byte by byte.
    ///
    /// An unpaired surrogate becomes U+FFFD, since UTF-8 has no place for it (RFC 3629 section 3). The escapes must
    /// be well formed, which the record scan has seen to.
    package static func decode(_ bytes: UnsafeBufferPointer<UInt8>, to put: (UInt8) -> Void) {
        var position = 0
        while position < bytes.count {
            let byte = unsafe bytes[position]
            guard byte == UInt8(ascii: "\\"), position + 1 < bytes.count else {
                put(byte)
                position += 1
                continue
            }
            let escape = unsafe bytes[position + 1]
            position += 2
            switch escape {
            case UInt8(ascii: "n"): put(0x0A)
            case UInt8(ascii: "t"): put(0x09)
            case UInt8(ascii: "r"): put(0x0D)
            case UInt8(ascii: "b"): put(0x08)
            case UInt8(ascii: "f"): put(0x0C)
            case UInt8(ascii: "u"): unsafe putUnicode(bytes, &position, put)
            default: put(escape)
            }
        }
    }

    /// Appends the bytes that stand for `text` between two quotes.
    package static func escape(_ text: some Sequence<UInt8>, into bytes: inout [UInt8]) {
        let isDone: Void? = text.withContiguousStorageIfAvailable { unsafe escape($0, into: &bytes) }
        if isDone == nil { unsafe Array(text).withUnsafeBufferPointer { unsafe escape($0, into: &bytes) } }
    }

    private static func escape(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var plain = 0
        for place in text.indices {
            let byte = unsafe text[place]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            unsafe bytes += text[plain..<place]
            plain = place + 1
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += Array(#"\n"#.utf8)
            case 0x0D: bytes += Array(#"\r"#.utf8)
            case 0x09: bytes += Array(#"\t"#.utf8)
            default: bytes += Array(#"\u00"#.utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
            }
        }
        unsafe bytes += text[plain...]
    }

    /// The bytes between two quotes, with only those escapes left that JSON demands.
    ///
    /// What is left of escapes are quotes, backslashes, control characters and unpaired surrogates, so any other ASCII
    /// character of the text is a byte of its own, and nothing of the text is lost.
    package static func normalized(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            let byte = unsafe bytes[position]
            guard byte == UInt8(ascii: "\\"), position + 1 < bytes.count else {
                plain.append(byte)
                position += 1
                continue
            }
            let start = position
            position += 2
            switch unsafe bytes[start + 1] {
            case UInt8(ascii: "/"):
                plain.append(UInt8(ascii: "/"))
            case UInt8(ascii: "u"):
                if let scalar = unsafe unicodeScalar(bytes, &position) {
                    escape(String(scalar).utf8, into: &plain)
                } else {
                    unsafe plain += bytes[start..<min(position, bytes.count)]
                }
            default:
                unsafe plain += bytes[start..<position]
            }
        }
        return plain
    }

    private static func putUnicode(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ put: (UInt8) -> Void) {
        for byte in unsafe String(unicodeScalar(bytes, &position) ?? "\u{FFFD}").utf8 { put(byte) }
    }

    /// The scalar whose hexadecimal digits begin at `position`, which moves behind them; nil for half a pair.
    private static func unicodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Unicode.Scalar? {
        var scalar = unsafe hexNumber(bytes, position)
        position += 4
        if (0xD800..<0xDC00).contains(scalar), position + 6 <= bytes.count,
            unsafe bytes[position] == UInt8(ascii: "\\"),
            unsafe bytes[position + 1] == UInt8(ascii: "u"), case let low = unsafe hexNumber(bytes, position + 2),
            (0xDC00..<0xE000).contains(low)
        {
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            position += 6
        }
        return Unicode.Scalar(scalar)
    }

    private static func hexNumber(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
        guard start + 4 <= bytes.count else { return 0xFFFD }
        return unsafe bytes[start..<start + 4].reduce(0) { $0 << 4 | UInt32(hexValue($1) ?? 0) }
    }

    package static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
