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
    /// that JSON would go on behind (after `,`, `:` or an opening bracket, or before a closing one) does.
    static func isLines(_ text: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Bool? {
        var end = text.firstLineEnd(from: 0)
        while let lineEnd = end {
            if let last = text[..<lineEnd].last(where: { $0 > UInt8(ascii: " ") }) {
                guard let next = text[lineEnd...].first(where: { $0 > UInt8(ascii: " ") }) else {
                    return isWhole ? true : nil
                }
                return isLineEnd(after: last, before: next)
            }
            end = text.firstLineEnd(from: lineEnd + 1)
        }
        return isWhole ? false : nil
    }

    private static func isLineEnd(after last: UInt8, before next: UInt8) -> Bool {
        switch (last, next) {
        case (UInt8(ascii: ","), _), (UInt8(ascii: ":"), _), (UInt8(ascii: "{"), _), (UInt8(ascii: "["), _): false
        case (_, UInt8(ascii: "{")), (_, UInt8(ascii: "[")): true
        case (_, UInt8(ascii: "}")), (_, UInt8(ascii: "]")), (_, UInt8(ascii: ",")), (_, UInt8(ascii: ":")): false
        default: last == UInt8(ascii: "}") || last == UInt8(ascii: "]")
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
