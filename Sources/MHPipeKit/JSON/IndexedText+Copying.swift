extension IndexedText {
    /// Bytes and index of a text that was copied, with the padding that the layout asks for.
    private final class Copy {
        let text: UnsafeMutablePointer<UInt8>
        let index: UnsafeMutablePointer<UInt32>

        init(_ bytes: [UInt8], _ offsets: [UInt32]) {
            text = .allocate(capacity: bytes.count + IndexedText.padding)
            text.initialize(repeating: 0, count: bytes.count + IndexedText.padding)
            text.update(from: bytes, count: bytes.count)
            index = .allocate(capacity: offsets.count)
            index.initialize(from: offsets, count: offsets.count)
        }

        deinit {
            text.deallocate()
            index.deallocate()
        }
    }

    /// The same text and index in memory of their own.
    func copy() -> IndexedText {
        let copy = Copy(
            Array(UnsafeBufferPointer(start: text, count: count)),
            Array(UnsafeBufferPointer(start: index, count: indexCount + 2))
        )
        return IndexedText(
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
        let result = bytes.withUnsafeBufferPointer { ScalarIndexer.index($0) }
        guard result.unclosedString == nil else { return nil }
        let copy = Copy(bytes, result.index)
        self.init(
            text: copy.text,
            count: bytes.count,
            index: copy.index,
            indexCount: result.index.count - 2,
            defects: result.defects,
            owner: copy
        )
    }
}
