import Libc

/// Builds a structural index one byte at a time.
///
/// The fast index of the runtime is made by simdjson and refuses damaged text as a whole. This one says where the
/// damage is and goes on, so it reads the windows that the fast one refuses, small texts that need no speed, and it
/// is the fast one's oracle in the tests. What it calls a token is what simdjson's first stage calls one.
package enum ScalarIndexer {
    /// What a text looks like.
    package struct Result {
        /// Offsets as `IndexedText` wants them, with its two entries behind the end.
        package var index: [UInt32]
        package var defects: [TextDefect]
        /// The offset of the quote of a string that does not end, if there is one.
        package var unclosedString: Int?
    }

    /// Indexes a text.
    ///
    /// - Parameter text: At most 4 GiB.
    /// - Returns: The tokens before the first unclosed string, and everything that is wrong with the bytes.
    package static func index(_ text: UnsafeBufferPointer<UInt8>) -> Result {
        var result = Result(index: [], defects: [], unclosedString: nil)
        var position = 0
        var afterScalar = false
        while position < text.count {
            let byte = unsafe text[position]
            switch byte {
            case UInt8(ascii: " "), 0x09, 0x0A, 0x0D:
                afterScalar = false
                position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
                UInt8(ascii: ":"):
                result.index.append(UInt32(position))
                afterScalar = false
                position += 1
            case UInt8(ascii: "\""):
                // A quote in the middle of a scalar opens a string, but starts no token.
                if !afterScalar { result.index.append(UInt32(position)) }
                guard let end = unsafe string(text, from: position, &result) else {
                    result.unclosedString = position
                    if !afterScalar { result.index.removeLast() }
                    position = text.count
                    continue
                }
                afterScalar = false
                position = end
            case UInt8(ascii: "\\"):
                // No JSON outside a string, but simdjson's first stage has it escape the quote behind it all the same.
                if !afterScalar { result.index.append(UInt32(position)) }
                afterScalar = true
                if unsafe !isEscape(text, position) {
                    result.defects.append(TextDefect(offset: position, reason: .invalidEscape))
                }
                let next = unsafe position + 1 < text.count ? text[position + 1] : 0
                position += next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") ? 2 : 1
            default:
                if !afterScalar { result.index.append(UInt32(position)) }
                afterScalar = true
                position += 1
            }
        }
        unsafe result.defects += invalidUTF8(text)
        result.defects.sort { $0.offset < $1.offset }
        result.index += [UInt32(text.count), UInt32(text.count)]
        return result
    }

    /// The offset behind the string that opens at `start`; notes what it holds that it may not.
    private static func string(_ text: UnsafeBufferPointer<UInt8>, from start: Int, _ result: inout Result) -> Int? {
        var position = start + 1
        while position < text.count {
            switch unsafe text[position] {
            case UInt8(ascii: "\""):
                return position + 1
            case UInt8(ascii: "\\"):
                if unsafe !isEscape(text, position) {
                    result.defects.append(TextDefect(offset: position, reason: .invalidEscape))
                }
                position += 2
            case let byte where byte < 0x20:
                result.defects.append(TextDefect(offset: position, reason: .controlCharacter(byte)))
                position += 1
            default:
                position += 1
            }
        }
        return nil
    }

    /// The backslashes that begin no escape, which stage 1 of simdjson does not look at.
    package static func badEscapes(_ text: UnsafeBufferPointer<UInt8>) -> [TextDefect] {
        guard let base = text.baseAddress else { return [] }
        var defects: [TextDefect] = []
        var position = 0
        while position < text.count, let found = unsafe memchr(base + position, 0x5C, text.count - position) {
            position = unsafe UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
            if unsafe !isEscape(text, position) {
                defects.append(TextDefect(offset: position, reason: .invalidEscape))
            }
            position += 2
        }
        return defects
    }

    /// True when the backslash at `position` begins an escape of RFC 8259 section 7.
    package static func isEscape(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        guard position + 1 < text.count else { return false }
        switch unsafe text[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        case UInt8(ascii: "u"):
            guard position + 5 < text.count else { return false }
            return (2...5).allSatisfy { unsafe JSONText.hexValue(text[position + $0]) != nil }
        default:
            return false
        }
    }

    /// The places where the text stops being UTF-8 (RFC 3629 section 4).
    package static func invalidUTF8(_ text: UnsafeBufferPointer<UInt8>) -> [TextDefect] {
        var defects: [TextDefect] = []
        var position = 0
        while position < text.count {
            let length = unsafe sequenceLength(text, position)
            if length == 0 {
                defects.append(TextDefect(offset: position, reason: .invalidUTF8))
                position += 1
            } else {
                position += length
            }
        }
        return defects
    }

    /// The number of bytes of the well-formed sequence at `position`, or 0.
    private static func sequenceLength(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
        let first = unsafe text[position]
        if first < 0x80 { return 1 }
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0...0)
            }
        guard length > 0, position + length <= text.count, unsafe second.contains(text[position + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where unsafe text[position + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
