import CRecordScreen
import MHPipeKit

/// Finds the records of a window that the first stage is sure to drop, so that only the others are indexed.
///
/// A record that is left out was told from its neighbours by its brackets and quotes, and by the value of its one
/// top-level `eventSource`; no other grammar was asked for. Whatever is not as plain as that is left in.
///
/// Owned by one worker.
final class WindowScreen {
    /// Where in a document a window begins.
    enum Place {
        /// At an offset, with the first or next element of `Records`.
        case element(Int)
        /// With a line, of which each holds a record; the window ends with a line.
        case line
    }

    /// Records that were left out.
    struct Gap {
        /// The number of the span behind them.
        var span: Int
        var records: Int
    }

    /// What stays in, in rising order.
    private(set) var spans: [Range<Int>] = []
    private(set) var gaps: [Gap] = []
    /// Where the window is to end: before a record of which not all is there.
    private(set) var end = 0
    /// Up to here there is no line end in the text.
    private(set) var unbrokenEnd = 0

    private let screen: EventSourceScreen
    private let maxRecordBytes: Int
    private var spanStart = 0
    /// Where the gap at hand begins.
    private var gapStart: Int?
    private var gapRecords = 0
    private var droppedRecords = 0
    private var oddRecords = 0

    /// Nil where the processor cannot do it.
    init?(_ screen: EventSourceScreen, maxRecordBytes: Int) {
        guard mhp_screen_is_supported() else { return nil }
        self.screen = screen
        self.maxRecordBytes = maxRecordBytes
    }

    /// Looks through a text behind which 64 more bytes can be read.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - place: What it begins with.
    ///   - isFinal: True when the document ends with the text.
    /// - Returns: True when records were left out; otherwise the window is to be read as it is.
    func look(through text: UnsafeBufferPointer<UInt8>, from place: Place, isFinal: Bool) -> Bool {
        guard let base = text.baseAddress else { return false }
        spans.removeAll(keepingCapacity: true)
        gaps.removeAll(keepingCapacity: true)
        (spanStart, gapStart, gapRecords, droppedRecords, oddRecords, unbrokenEnd) = (0, nil, 0, 0, 0, 0)
        end = text.count
        switch place {
        case .element(let start):
            let stop = elements(base, text.count, from: start)
            if let stop, !isFinal { end = stop }
        case .line:
            lines(text, base)
        }
        guard droppedRecords > 0, !isTooOdd else { return false }
        keep(from: gapStart == nil ? spanStart : end)
        if spanStart < end { spans.append(spanStart..<end) }
        return true
    }

    /// Goes from element to element of an array; returns where it met one that does not end in the text.
    private func elements(_ base: UnsafePointer<UInt8>, _ count: Int, from start: Int) -> Int? {
        var position = start
        var isUnbroken = true
        while !isTooOdd {
            var found = mhp_screened()
            guard
                mhp_screen_object(
                    base + position,
                    count - position,
                    Self.key.utf8Start,
                    Self.key.utf8CodeUnitCount,
                    &found
                ),
                case let after = position + found.end, after + 1 < count
            else {
                keep(from: position)
                return position
            }
            isUnbroken = isUnbroken && !found.has_control
            if isUnbroken { unbrokenEnd = after }
            let isLast = base[after] == UInt8(ascii: "]")
            guard isLast || base[after] == UInt8(ascii: ",") && base[after + 1] == UInt8(ascii: "{") else {
                keep(from: position)
                return nil
            }
            if isDropped(found, base + position), !isLast || endsGap(base, at: position) {
                drop(from: position)
                // The comma behind a record goes with it, or the one before the last.
                if isLast { keep(from: after) }
            } else {
                keep(from: position)
            }
            if isLast { return nil }
            position = after + 1
        }
        return nil
    }

    /// Makes the gap ready to end with the last element; false when the comma before it is not in the window.
    private func endsGap(_ base: UnsafePointer<UInt8>, at position: Int) -> Bool {
        let start = gapStart ?? position
        guard start > 0 else { return false }
        if base[start - 1] == UInt8(ascii: ",") { gapStart = start - 1 }
        return true
    }

    /// Goes from line to line.
    private func lines(_ text: UnsafeBufferPointer<UInt8>, _ base: UnsafePointer<UInt8>) {
        var position = 0
        while position < text.count, !isTooOdd {
            var found = mhp_screened()
            let line = UnsafeBufferPointer(rebasing: text[position...])
            if line.starts(with: Self.lineStart),
                mhp_screen_object(base + position, line.count, Self.key.utf8Start, Self.key.utf8CodeUnitCount, &found),
                found.end == line.count || line[found.end] == 0x0A, isDropped(found, base + position)
            {
                drop(from: position)
                position = min(position + found.end + 1, text.count)
            } else {
                keep(from: position)
                position = text.firstLineEnd(from: position).map { $0 + 1 } ?? text.count
            }
        }
    }

    /// True when too little can be left out to be worth the look.
    private var isTooOdd: Bool { oddRecords > droppedRecords + 8 }

    /// True when the first stage drops the record that was found.
    private func isDropped(_ found: mhp_screened, _ record: UnsafePointer<UInt8>) -> Bool {
        guard !found.is_doubtful, !found.has_control, found.value > 0, found.end <= maxRecordBytes,
            record[found.value] == UInt8(ascii: "\"")
        else {
            oddRecords += 1
            return false
        }
        let rest = UnsafeBufferPointer(start: record + found.value + 1, count: found.end - found.value - 1)
        guard let length = rest.firstIndex(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }),
            rest[length] == UInt8(ascii: "\""), case let source = UnsafeBufferPointer(rebasing: rest[..<length]),
            RecordKind.isService(source)
        else {
            oddRecords += 1
            return false
        }
        return !screen.mayKeep(source)
    }

    private func drop(from position: Int) {
        if gapStart == nil { gapStart = position }
        gapRecords += 1
        droppedRecords += 1
    }

    /// Ends the gap at hand.
    private func keep(from position: Int) {
        guard let start = gapStart else { return }
        if spanStart < start { spans.append(spanStart..<start) }
        gaps.append(Gap(span: spans.count, records: gapRecords))
        spanStart = position
        gapStart = nil
        gapRecords = 0
    }

    private static let key: StaticString = "eventSource"
    /// How most records begin, and as no envelope does.
    private static let lineStart = Array(#"{"eventVersion":"#.utf8)
}
