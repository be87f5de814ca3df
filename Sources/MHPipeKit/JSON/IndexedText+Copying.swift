extension IndexedText {
    /// Bytes and index of a text that was copied, with the padding that the layout asks for.
    @safe
    private final class Copy {
        let text: UnsafeMutablePointer<UInt8>
        let index: UnsafeMutablePointer<UInt32>

        init(_ bytes: [UInt8], _ offsets: [UInt32]) {
            unsafe text = .allocate(capacity: bytes.count + IndexedText.padding)
            unsafe text.initialize(repeating: 0, count: bytes.count + IndexedText.padding)
            unsafe text.update(from: bytes, count: bytes.count)
            unsafe index = .allocate(capacity: offsets.count)
            unsafe index.initialize(from: offsets, count: offsets.count)
        }

        deinit {
            unsafe text.deallocate()
            unsafe index.deallocate()
        }
    }

    /// The same text and index in memory of their own.
    func copy() -> IndexedText {
        let copy = unsafe Copy(
            Array(UnsafeBufferPointer(start: text, count: count)),
            Array(UnsafeBufferPointer(start: index, count: indexCount + 2))
        )
        return unsafe IndexedText(
            text: copy.text,
            count: count,
            index: copy.index,
            indexCount: indexCount,
            defects: defects,
            owner: copy
        )
    }

    /// Copies and indexes a small text, one byte at a time.
    ///
    /// Nil when a string is not closed.
    ///
    /// - Parameter bytes: Any bytes; what is wrong with them is in `defects`.
    package convenience init?(copying bytes: [UInt8]) {
        let result = unsafe bytes.withUnsafeBufferPointer { unsafe ScalarIndexer.index($0) }
        guard result.unclosedString == nil else { return nil }
        let copy = Copy(bytes, result.index)
        unsafe self.init(
            text: copy.text,
            count: bytes.count,
            index: copy.index,
            indexCount: result.index.count - 2,
            defects: result.defects,
            owner: copy
        )
    }
}
