package import MHPipeKit

/// A text that fields are compared with, where they stand; escapes are considered.
package struct ComparedText {
    private let bytes: [UInt8]
    private let hasBackslash: Bool

    package init(_ text: String) {
        bytes = Array(text.utf8)
        hasBackslash = bytes.contains(UInt8(ascii: "\\"))
    }

    /// True when a value is a string with exactly this text.
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
            return unsafe slice.bytes.hasStart(wanted) && !hasBackslash
        }
    }

    /// Compares the text of a string with this one.
    ///
    /// - Parameters:
    ///   - slice: A value.
    ///   - body: Gets the value's text, and this one.
    /// - Returns: What the body says; false for what is no string.
    package func compare(
        _ slice: JSONSlice,
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Bool {
        guard slice.kind == .string else { return false }
        return unsafe bytes.withUnsafeBufferPointer { own in
            guard slice.isEscaped else { return unsafe body(slice.bytes, own) }
            var text = unsafe JSONText.decode(slice.bytes)
            return text.withUTF8 { unsafe body($0, own) }
        }
    }
}
