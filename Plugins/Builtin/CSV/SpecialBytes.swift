/// What the bytes between the quotes of a JSON string hold that matters to a table.
///
/// A quote or a line end can be there behind a backslash only.
struct SpecialBytes {
    let hasDelimiter: Bool
    let hasBackslash: Bool

    /// Looks at eight bytes at a time, each of which is compared with the delimiter.
    @inline(__always)
    init(in bytes: UnsafeBufferPointer<UInt8>, delimiters: UInt64) {
        let raw = UnsafeRawBufferPointer(bytes)
        var found: UInt64 = 0
        var backslashes: UInt64 = 0
        if raw.count >= 8 {
            var next = 0
            let last = raw.count - 8
            while next < last {
                let word = unsafe raw.loadUnaligned(fromByteOffset: next, as: UInt64.self)
                found |= Self.zeroBytes(word ^ delimiters)
                backslashes |= Self.zeroBytes(word ^ Self.backslashes)
                next += 8
            }
            // The last eight bytes; some of them may have been looked at already.
            let word = unsafe raw.loadUnaligned(fromByteOffset: last, as: UInt64.self)
            found |= Self.zeroBytes(word ^ delimiters)
            backslashes |= Self.zeroBytes(word ^ Self.backslashes)
        } else {
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                found |= byte == UInt8(truncatingIfNeeded: delimiters) ? 1 : 0
                backslashes |= byte == UInt8(ascii: "\\") ? 1 : 0
            }
        }
        hasDelimiter = found != 0
        hasBackslash = backslashes != 0
    }

    /// Eight times a byte.
    static func eight(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    private static let backslashes = eight(UInt8(ascii: "\\"))

    /// Not 0 when one of the eight bytes is 0.
    @inline(__always)
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
