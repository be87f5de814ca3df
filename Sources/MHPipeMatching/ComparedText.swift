package import MHPipeKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A text that fields are compared with, where they stand.
package struct ComparedText {
    private let bytes: [UInt8]
    private let hasBackslash: Bool

    package init(_ text: String) {
        bytes = Array(text.utf8)
        hasBackslash = bytes.contains(UInt8(ascii: "\\"))
    }

    /// True when a value is a string with exactly this text, escapes considered.
    package func isText(of slice: JSONSlice) -> Bool {
        // An escape is longer than what it stands for.
        guard slice.kind == .string, slice.bytes.count >= bytes.count else { return false }
        return bytes.withUnsafeBufferPointer { wanted in
            guard slice.bytes.count == wanted.count else {
                guard let first = wanted.first, slice.bytes[0] == first || slice.bytes[0] == UInt8(ascii: "\\") else {
                    return false
                }
                return JSONText.hasBackslash(slice.bytes) && JSONText.decodedEquals(slice.bytes, wanted)
            }
            guard let left = slice.bytes.baseAddress, let right = wanted.baseAddress, !wanted.isEmpty else {
                return true
            }
            return memcmp(left, right, wanted.count) == 0 && !hasBackslash
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// True when the other bytes stand somewhere in these.
    package func hasPart(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let text = baseAddress, let part = other.baseAddress, !other.isEmpty else { return other.isEmpty }
        var place = 0
        while place + other.count <= count {
            let last = count - other.count - place
            guard let found = memchr(text + place, Int32(part[0]), last + 1) else { return false }
            if memcmp(found, part, other.count) == 0 { return true }
            place = UnsafeRawPointer(found) - UnsafeRawPointer(text) + 1
        }
        return false
    }
}
