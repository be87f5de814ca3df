/// A set of texts that is asked with bytes, without making a `String` of them.
///
/// - Complexity: Asking is O(*n*) in the bytes, whatever the number of texts.
package struct ByteStringSet {
    private var map = ByteStringMap()

    package init(_ texts: [String]) {
        for text in texts { _ = map.insert(0, under: Array(text.utf8)) }
    }

    /// True when the bytes are those of one of the texts.
    package func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        unsafe map.value(of: bytes) != nil
    }
}
