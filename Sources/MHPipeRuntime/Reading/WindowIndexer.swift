import MHPipeKit

/// Makes an indexed window of the text in a buffer, whatever state the text is in.
///
/// Healthy text goes through simdjson. Text that simdjson refuses goes through the scalar indexer, which says where
/// the damage is, so that it costs only the record it is in. Both give the same window.
@safe
final class WindowIndexer {
    private let simd: SimdIndexer
    private let way: Way
    /// Index memory of windows of which only parts are indexed.
    private let parts = PartsIndex()
    /// The bytes behind the window that were overwritten, and their place.
    private var saved: (place: UnsafeMutablePointer<UInt8>, bytes: (UInt8, UInt8))?

    /// How much of the last window's text may be consumed: what stands before a string that is not closed.
    private(set) var limit = 0
    /// For each line of the last window that ends inside a string, where that begins; rising.
    private(set) var openStrings: [Int] = []

    /// How a text is indexed, which makes no difference: tests compare the ways.
    enum Way: Equatable {
        /// With the kernel that simdjson has chosen.
        case usual
        /// With another one of `SimdIndexer.kernels`.
        case kernel(String)
        /// Byte by byte.
        case scalar
    }

    /// - Parameter way: How.
    /// - Throws: `IndexingFailure` when there is no memory.
    init(_ way: Way = .usual) throws {
        simd = if case .kernel(let name) = way { try SimdIndexer(kernel: name) } else { try SimdIndexer() }
        // No processor gives a damaged text another meaning.
        self.way = simd.isFallback ? .scalar : way
    }

    /// Indexes the text of a buffer from its start.
    ///
    /// - Parameters:
    ///   - buffer: The text; it may be changed behind the window until `release` is called.
    ///   - count: How much of it to take.
    ///   - isFinal: True when the text ends here; otherwise what is cut off at the end is left out.
    ///   - isLines: True when every line stands for itself, and a quote that is not closed ends with its line.
    /// - Returns: The window; nil when there is nothing but white space in it. A string that is not closed is in its text
    ///   and not in its index, but for lines, where it is the last token of its line.
    /// - Throws: `IndexingFailure` when there is no memory.
    func window(_ buffer: TextBuffer, count: Int, isFinal: Bool, isLines: Bool) throws -> IndexedText? {
        let base = unsafe buffer.base
        let length = unsafe isFinal ? count : count - Self.cutCharacter(base, count)
        unsafe end(base + length)
        limit = length
        openStrings.removeAll(keepingCapacity: true)
        guard way != .scalar else { return scalarWindow(buffer, length, isLines) }
        switch try unsafe simd.index(base, count: length) {
        case .empty:
            return nil
        case .index(let index, let entries, let isUTF8):
            return unsafe window(buffer, length, index, entries, isUTF8)
        case .unclosedString where !isLines:
            return try closing(buffer, length)
        case .unclosedString, .controlCharacter:
            return scalarWindow(buffer, length, isLines)
        }
    }

    /// True when every byte of a text is looked at by itself, which spares nothing where records are dropped.
    var isByteByByte: Bool { way == .scalar }

    /// Indexes the records of a text that are not dropped, and of some their outlines alone.
    ///
    /// - Parameters:
    ///   - buffer: As above.
    ///   - drops: What was proven in the text of the buffer.
    /// - Returns: The window, which ends with the last proven record, and what its index has not as a whole; nil where its
    ///   text is not what was proven.
    /// - Throws: `IndexingFailure` when there is no memory.
    func window(_ buffer: TextBuffer, without drops: WindowDrops) throws -> (IndexedText, [ProvenRecords])? {
        let base = unsafe buffer.base
        var proven: [ProvenRecords] = []
        var outlined = drops.outlined[...]
        var start = 0
        parts.removeAll()
        for stretch in drops.stretches {
            guard try unsafe indexPart(base, start..<stretch.range.lowerBound) else { return nil }
            proven.append(ProvenRecords(position: parts.count, fate: stretch.fate))
            start = stretch.range.upperBound
            guard case .outlined(let count) = stretch.fate else { continue }
            for (record, object) in outlined.prefix(count) {
                parts.append(record)
                parts.append(record + object.end - 1)
            }
            outlined.removeFirst(count)
        }
        guard try unsafe indexPart(base, start..<drops.end) else { return nil }
        parts.end(at: drops.end)
        unsafe end(base + drops.end)
        (limit, openStrings) = (drops.end, [])
        let window = unsafe IndexedText(
            text: base,
            count: drops.end,
            index: parts.offsets,
            indexCount: parts.count,
            defects: [],
            owner: parts
        )
        return (window, proven)
    }

    /// Adds the index of a part; false when its text is not sound, as that of proven records is.
    private func indexPart(_ base: UnsafeMutablePointer<UInt8>, _ range: Range<Int>) throws -> Bool {
        guard !range.isEmpty else { return true }
        switch try unsafe simd.index(base + range.lowerBound, count: range.count) {
        case .index(let index, let count, isUTF8: true):
            unsafe parts.append(index, count: count, offset: range.lowerBound)
            return true
        case .empty: return true
        case .index, .unclosedString, .controlCharacter: return false
        }
    }

    /// Puts back what stood behind the last window.
    func release() {
        guard let saved = unsafe saved else { return }
        unsafe saved.place[0] = unsafe saved.bytes.0
        unsafe saved.place[1] = unsafe saved.bytes.1
        unsafe self.saved = nil
    }

    /// Writes the byte that ends a window.
    private func end(_ place: UnsafeMutablePointer<UInt8>) {
        release()
        unsafe saved = unsafe (place, (place[0], place[1]))
        unsafe place[0] = 0
    }

    private func window(
        _ buffer: TextBuffer,
        _ count: Int,
        _ index: UnsafePointer<UInt32>,
        _ entries: Int,
        _ isUTF8: Bool
    ) -> IndexedText {
        let text = unsafe UnsafeBufferPointer(start: UnsafePointer(buffer.base), count: count)
        var defects = unsafe ScalarIndexer.badEscapes(text)
        if !isUTF8 {
            unsafe defects += ScalarIndexer.invalidUTF8(text)
            defects.sort { $0.offset < $1.offset }
        }
        return unsafe IndexedText(
            text: buffer.base,
            count: count,
            index: index,
            indexCount: entries,
            defects: defects,
            owner: self
        )
    }

    /// Indexes a text that ends inside a string, which is closed while simdjson looks.
    private func closing(_ buffer: TextBuffer, _ count: Int) throws -> IndexedText? {
        let base = unsafe buffer.base
        // A backslash at the end would escape the quote.
        var length = count
        while length > 0, unsafe base[length - 1] == UInt8(ascii: "\\") { length -= 1 }
        unsafe end(base + length)
        unsafe base[length] = UInt8(ascii: "\"")
        unsafe base[length + 1] = 0
        let result = try unsafe simd.index(base, count: length + 1)
        unsafe end(base + count)
        guard case .index(let index, let entries, let isUTF8) = result else {
            return scalarWindow(buffer, count, false)
        }
        limit = unsafe Self.openString(base, from: Int(index[entries - 1]))
        let isToken = unsafe Int(index[entries - 1]) == limit
        let left = isToken ? entries - 1 : entries
        for entry in left...left + 1 { unsafe index[entry] = UInt32(truncatingIfNeeded: count) }
        return unsafe window(buffer, count, index, left, isUTF8)
    }

    /// The place of the quote that opens the last string of a text, when that has no end and the last token is given.
    private static func openString(_ text: UnsafePointer<UInt8>, from lastToken: Int) -> Int {
        var position = lastToken
        while unsafe text[position] != UInt8(ascii: "\"") {
            let isEscape = unsafe text[position] == UInt8(ascii: "\\")
            let next = unsafe text[position + 1]
            position += isEscape && (next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")) ? 2 : 1
        }
        return position
    }

    private func scalarWindow(_ buffer: TextBuffer, _ count: Int, _ isLines: Bool) -> IndexedText? {
        let text = unsafe UnsafeBufferPointer(start: UnsafePointer(buffer.base), count: count)
        var index: [UInt32]
        var defects: [TextDefect] = []
        if isLines {
            index = unsafe indexLines(text, &defects)
        } else {
            let result = unsafe ScalarIndexer.index(text)
            index = result.index
            defects = result.defects
            limit = result.unclosedString ?? count
        }
        guard index.count > 2 || limit < count else { return nil }
        let memory = IndexMemory(index)
        return unsafe IndexedText(
            text: buffer.base,
            count: count,
            index: memory.offsets,
            indexCount: index.count - 2,
            defects: defects,
            owner: memory
        )
    }

    private func indexLines(_ text: UnsafeBufferPointer<UInt8>, _ defects: inout [TextDefect]) -> [UInt32] {
        var index: [UInt32] = []
        var start = 0
        while start < text.count {
            let end = unsafe text.firstLineEnd(from: start) ?? text.count
            let line = unsafe ScalarIndexer.index(UnsafeBufferPointer(rebasing: text[start..<end]))
            index += line.index.dropLast(2).map { $0 + UInt32(start) }
            if let open = line.unclosedString {
                index.append(UInt32(start + open))
                openStrings.append(start + open)
            }
            defects += line.defects.map { TextDefect(offset: $0.offset + start, reason: $0.reason) }
            start = end + 1
        }
        return index + [UInt32(text.count), UInt32(text.count)]
    }

    /// The number of bytes at the end that begin a character without ending it.
    private static func cutCharacter(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
        for back in 1...3 where back <= count {
            let byte = unsafe text[count - back]
            if byte < 0x80 { return 0 }
            if byte >= 0xC0 {
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                return back < length ? back : 0
            }
        }
        return 0
    }
}
