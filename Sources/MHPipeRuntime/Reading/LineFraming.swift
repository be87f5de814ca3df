#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Tells JSON lines from documents that span lines, by the first two lines that are not blank.
enum LineFraming {
    /// True when every line stands for itself.
    ///
    /// The name of a file says nothing about it; what its lines begin and end with does. A damaged first line does not
    /// hide the others: only a line end that JSON would go on behind (after `,`, `:` or an opening bracket) does.
    static func isLines(_ text: UnsafeBufferPointer<UInt8>, isWhole: Bool) -> Bool {
        guard let start = text.firstIndex(where: { $0 > UInt8(ascii: " ") }),
            let end = text.firstLineEnd(from: start),
            let last = text[start..<end].last(where: { $0 > UInt8(ascii: " ") })
        else { return false }
        switch last {
        case UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "["): return false
        default: break
        }
        guard let next = text[end...].first(where: { $0 > UInt8(ascii: " ") }) else { return isWhole }
        return next == UInt8(ascii: "{") || next == UInt8(ascii: "[")
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
