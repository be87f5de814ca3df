import MHPipeKit

/// Makes an indexed window of the text in a buffer, whatever state the text is in.
///
/// Healthy text goes through simdjson. Text that simdjson refuses goes through the scalar indexer, which says where
/// the damage is, so that it costs only the record it is in.
final class WindowIndexer {
    private let simd: SimdIndexer
    /// Index memory of windows that were indexed one byte at a time.
    private var scalarIndex: [UInt32] = []
    /// A byte behind the window that was overwritten, and its place.
    private var saved: (place: UnsafeMutablePointer<UInt8>, bytes: (UInt8, UInt8))?

    /// How much of the last window's text may be consumed: what stands before a string that is not closed.
    private(set) var limit = 0
    /// How much of the last window is text.
    private(set) var textCount = 0

    init() throws {
        simd = try SimdIndexer()
    }

    /// Indexes the text of a buffer from its start.
    ///
    /// - Parameters:
    ///   - buffer: The text; it may be changed behind the window until `release` is called.
    ///   - count: How much of it to take.
    ///   - isFinal: True when the text ends here; otherwise what is cut off at the end is left out.
    ///   - isLines: True when every line stands for itself, and a quote that is not closed ends with its line.
    /// - Returns: The window; nil when there is nothing but white space in it.
    /// - Throws: `IndexingFailure` when there is no memory.
    func window(_ buffer: TextBuffer, count: Int, isFinal: Bool, isLines: Bool) throws -> IndexedText? {
        let base = buffer.base
        let length = isFinal ? count : count - Self.cutCharacter(base, count)
        end(base + length)
        limit = length
        textCount = length
        switch try simd.index(base, count: length) {
        case .empty:
            return nil
        case .index(let index, let entries, let isUTF8):
            return window(buffer, length, index, entries, isUTF8)
        case .unclosedString where !isLines:
            return try closing(buffer, length)
        case .unclosedString, .controlCharacter:
            return scalarWindow(buffer, length, isLines)
        }
    }

    /// Puts back what stood behind the last window.
    func release() {
        guard let saved else { return }
        saved.place[0] = saved.bytes.0
        saved.place[1] = saved.bytes.1
        self.saved = nil
    }

    /// Writes the byte that ends a window.
    private func end(_ place: UnsafeMutablePointer<UInt8>) {
        release()
        saved = (place, (place[0], place[1]))
        place[0] = 0
    }

    private func window(
        _ buffer: TextBuffer,
        _ count: Int,
        _ index: UnsafePointer<UInt32>,
        _ entries: Int,
        _ isUTF8: Bool
    ) -> IndexedText {
        let text = UnsafeBufferPointer(start: UnsafePointer(buffer.base), count: count)
        var defects = ScalarIndexer.badEscapes(text)
        if !isUTF8 {
            defects += ScalarIndexer.invalidUTF8(text)
            defects.sort { $0.offset < $1.offset }
        }
        return IndexedText(
            text: buffer.base,
            count: count,
            index: index,
            indexCount: entries,
            defects: defects,
            owner: self
        )
    }

    /// Indexes a text that ends inside a string, by closing that string for the time being.
    private func closing(_ buffer: TextBuffer, _ count: Int) throws -> IndexedText? {
        var length = count
        // A backslash at the end would escape the quote.
        while length > 0, buffer.base[length - 1] == UInt8(ascii: "\\") { length -= 1 }
        end(buffer.base + length)
        buffer.base[length] = UInt8(ascii: "\"")
        buffer.base[length + 1] = 0
        guard case .index(let index, let entries, let isUTF8) = try simd.index(buffer.base, count: length + 1) else {
            buffer.base[length] = 0
            return scalarWindow(buffer, length, false)
        }
        return window(buffer, length + 1, index, entries, isUTF8)
    }

    private func scalarWindow(_ buffer: TextBuffer, _ count: Int, _ isLines: Bool) -> IndexedText? {
        let text = UnsafeBufferPointer(start: UnsafePointer(buffer.base), count: count)
        let defects: [TextDefect]
        if isLines {
            defects = indexLines(text)
        } else {
            let result = ScalarIndexer.index(text)
            scalarIndex = result.index
            defects = result.defects
            limit = result.unclosedString ?? count
        }
        guard scalarIndex.count > 2 else { return nil }
        let memory = IndexMemory(scalarIndex)
        return IndexedText(
            text: buffer.base,
            count: count,
            index: memory.offsets,
            indexCount: scalarIndex.count - 2,
            defects: defects,
            owner: memory
        )
    }

    /// Indexes line by line; a line with an open quote gets the tokens before it, of which no whole value can be made.
    private func indexLines(_ text: UnsafeBufferPointer<UInt8>) -> [TextDefect] {
        scalarIndex.removeAll(keepingCapacity: true)
        var defects: [TextDefect] = []
        var start = 0
        while start < text.count {
            let end = text.firstLineEnd(from: start) ?? text.count
            let line = ScalarIndexer.index(UnsafeBufferPointer(rebasing: text[start..<end]))
            let tokens = line.index.dropLast(2)
            scalarIndex += tokens.map { $0 + UInt32(start) }
            if tokens.isEmpty, let open = line.unclosedString { scalarIndex.append(UInt32(start + open)) }
            defects += line.defects.map { TextDefect(offset: $0.offset + start, reason: $0.reason) }
            start = end + 1
        }
        scalarIndex += [UInt32(text.count), UInt32(text.count)]
        return defects
    }

    /// The number of bytes at the end that begin a character without ending it.
    private static func cutCharacter(_ text: UnsafePointer<UInt8>, _ count: Int) -> Int {
        for back in 1...3 where back <= count {
            let byte = text[count - back]
            if byte < 0x80 { return 0 }
            if byte >= 0xC0 {
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
                return back < length ? back : 0
            }
        }
        return 0
    }
}

/// Index entries in memory that does not move.
private final class IndexMemory {
    let offsets: UnsafeMutablePointer<UInt32>

    init(_ entries: [UInt32]) {
        offsets = .allocate(capacity: entries.count)
        offsets.initialize(from: entries, count: entries.count)
    }

    deinit {
        offsets.deallocate()
    }
}
