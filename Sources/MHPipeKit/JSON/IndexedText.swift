/// A window of JSON text with its structural index: the ground on which batches, events and values stand.
///
/// Layout, and what must hold for every instance:
/// - `text` has `count` bytes and a byte behind them that belongs to no JSON text (0);
/// - `index` has `indexCount` ascending offsets into `text`: of every structural character `{ } [ ] : ,`, of the
///   opening quote of every string and of the first byte of every other scalar. Two more entries hold `count`,
///   so that a walk may look two places ahead without asking for the end;
/// - of a record that was proven and is only copied, the index has its two braces alone;
/// - every string in it is closed;
/// - both stay as they are while the instance lives: it owns them, or `owner` does.
@safe
public final class IndexedText {
    /// Bytes behind a text that may be read, as simdjson asks for.
    static let padding = 64

    package let text: UnsafePointer<UInt8>
    package let count: Int
    package let index: UnsafePointer<UInt32>
    package let indexCount: Int
    /// What is wrong with the text although its tokens were found, in rising order of offset.
    package let defects: [TextDefect]
    private let owner: AnyObject

    package init(
        text: UnsafePointer<UInt8>,
        count: Int,
        index: UnsafePointer<UInt32>,
        indexCount: Int,
        defects: [TextDefect],
        owner: AnyObject
    ) {
        unsafe self.text = unsafe text
        self.count = count
        unsafe self.index = unsafe index
        self.indexCount = indexCount
        self.defects = defects
        self.owner = owner
    }

    /// The text from a position of the index to the end.
    package func bytes(from position: Int) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe Int(index[position])
        return unsafe UnsafeBufferPointer(start: text + start, count: count - start)
    }

    /// The first defect between two offsets, the second one excluded.
    package func defect(from start: Int, to end: Int) -> TextDefect? {
        guard !defects.isEmpty else { return nil }
        let first = firstDefect(from: start)
        return first < defects.count && defects[first].offset < end ? defects[first] : nil
    }

    /// All defects between two offsets, the second one excluded.
    package func defects(from start: Int, to end: Int) -> [TextDefect] {
        guard !defects.isEmpty else { return [] }
        return Array(defects[firstDefect(from: start)...].prefix { $0.offset < end })
    }

    /// The place in the list of the first defect at or behind an offset.
    private func firstDefect(from start: Int) -> Int {
        var range = defects.startIndex..<defects.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = defects[middle].offset < start ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}

/// Something in a text that JSON or Unicode does not allow, at a place.
package struct TextDefect: Sendable, Hashable {
    /// What RFC 8259 or RFC 3629 does not allow here.
    package enum Reason: Sendable, Hashable {
        case invalidUTF8
        case controlCharacter(UInt8)
        case invalidEscape
    }

    package var offset: Int
    package var reason: Reason

    package init(offset: Int, reason: Reason) {
        self.offset = offset
        self.reason = reason
    }
}
