import MHPipeKit

/// Values without what says nothing: `null`, empty texts, and objects and lists in which there is nothing else.
///
/// Elastic's integration takes them out of a record before it looks at anything.
enum BlankValues {
    /// True for a value that says nothing.
    static func isBlank(_ position: Int, _ cursor: JSONCursor) -> Bool {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "n"): return true
        case UInt8(ascii: "\""): return unsafe cursor.stringBytes(position).isEmpty
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            var isBlank = true
            cursor.forEachPart(of: position) { if isBlank { isBlank = Self.isBlank($0.value, cursor) } }
            return isBlank
        default: return false
        }
    }

    /// Gives a value to the rewriter without what is blank in it.
    static func write(_ position: Int, _ cursor: JSONCursor, to rewriter: RecordRewriter) {
        let end = cursor.skip(position)
        guard hasBlanks(position..<end, cursor) else { return rewriter.append(copyOf: position..<end) }
        let isObject = cursor.byte(at: position) == UInt8(ascii: "{")
        rewriter.append(token: cursor.byte(at: position))
        var isEmpty = true
        cursor.forEachPart(of: position) { part in
            guard !isBlank(part.value, cursor) else { return }
            if !isEmpty { rewriter.append(token: UInt8(ascii: ",")) }
            isEmpty = false
            if isObject { rewriter.append(copyOf: part.start..<part.value) }
            write(part.value, cursor, to: rewriter)
        }
        rewriter.append(token: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    private static func hasBlanks(_ tokens: Range<Int>, _ cursor: JSONCursor) -> Bool {
        tokens.contains { token in
            switch cursor.byte(at: token) {
            case UInt8(ascii: "n"): true
            case UInt8(ascii: "\""):
                unsafe cursor.stringBytes(token).isEmpty && cursor.byte(at: token + 1) != UInt8(ascii: ":")
            case UInt8(ascii: "{"): cursor.byte(at: token + 1) == UInt8(ascii: "}")
            case UInt8(ascii: "["): cursor.byte(at: token + 1) == UInt8(ascii: "]")
            default: false
            }
        }
    }
}
