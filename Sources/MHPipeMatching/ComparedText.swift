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
        guard slice.kind == .string, unsafe slice.bytes.count >= bytes.count else { return false }
        return unsafe bytes.withUnsafeBufferPointer { wanted in
            guard unsafe slice.bytes.count == wanted.count else {
                guard let first = unsafe wanted.first,
                    unsafe slice.bytes[0] == first || slice.bytes[0] == UInt8(ascii: "\\")
                else {
                    return false
                }
                return unsafe JSONText.hasBackslash(slice.bytes) && JSONText.decodedEquals(slice.bytes, wanted)
            }
            guard let left = unsafe slice.bytes.baseAddress, let right = wanted.baseAddress, !wanted.isEmpty else {
                return true
            }
            return unsafe memcmp(left, right, wanted.count) == 0 && !hasBackslash
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
            guard let found = unsafe memchr(text + place, Int32(part[0]), last + 1) else { return false }
            if unsafe memcmp(found, part, other.count) == 0 { return true }
            place = unsafe UnsafeRawPointer(found) - UnsafeRawPointer(text) + 1
        }
        return false
    }
}
