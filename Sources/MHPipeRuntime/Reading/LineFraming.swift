#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells JSON lines from documents that span lines, by the end of the first line and what follows it.
enum LineFraming {
    /// True when every line stands for itself, nil when the first line does not end in the text.
    ///
    /// The name of a file says nothing about it. A first line that is damaged does not hide the others: only a line end
    /// that JSON would go on behind (after `,`, `:` or an opening bracket, or before a closing one) does. A line that
    /// begins with a time is an exported log event.
    ///
    /// - Parameters:
    ///   - text: The text from the start of the file.
    ///   - isWhole: True when that is all.
    /// - Returns: Whether it is JSON lines.
    static func isLines(_ text: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Bool? {
        guard let start = text.firstIndex(where: { $0 > UInt8(ascii: " ") }),
            let end = text.firstLineEnd(from: start),
            let last = text[start..<end].last(where: { $0 > UInt8(ascii: " ") })
        else { return isWhole ? false : nil }
        let rest = text[end...].drop { $0 <= UInt8(ascii: " ") }
        guard let next = rest.first else { return isWhole ? true : nil }
        if let isLineEnd = isLineEnd(after: last, before: next) { return isLineEnd }
        if ExportedLine.prefix(text[start..<end]) != nil { return true }
        return isWhole || rest.count >= ExportedLine.longest ? ExportedLine.prefix(rest) != nil : nil
    }

    /// Nil when it depends on what the lines are.
    private static func isLineEnd(after last: UInt8, before next: UInt8) -> Bool? {
        switch (last, next) {
        case (UInt8(ascii: ","), _), (UInt8(ascii: ":"), _), (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): false
        case (_, UInt8(ascii: "{")), (_, UInt8(ascii: "[")): true
        case (_, UInt8(ascii: "}")), (_, UInt8(ascii: "]")), (_, UInt8(ascii: ",")), (_, UInt8(ascii: ":")): false
        case (UInt8(ascii: "}"), _), (UInt8(ascii: "]"), _): true
        default: nil
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The place of the first line feed at or behind an offset.
    func firstLineEnd(from start: Int) -> Int? {
        guard let base = baseAddress, start < count, let found = memchr(base + start, 0x0A, count - start) else {
            return nil
        }
        return base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
}
