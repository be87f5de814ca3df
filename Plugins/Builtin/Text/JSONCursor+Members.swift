import MHPipeKit

extension JSONCursor {
    /// Walks the members of the object at a position, in their order, repeated keys included.
    ///
    /// - Parameters:
    ///   - position: Any value; what is no object has no members.
    ///   - body: Gets a key's bytes, escapes and all, and the position of its value; gives the position behind it.
    /// - Returns: The position behind the value at `position`.
    @inline(__always)
    func members(of position: Int, _ body: (UnsafeBufferPointer<UInt8>, Int) -> Int) -> Int {
        guard byte(at: position) == UInt8(ascii: "{") else { return skip(position) }
        var next = position + 1
        while byte(at: next) == UInt8(ascii: "\"") {
            next = unsafe body(stringBytes(next), next + 2)
            if byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return next + 1
    }
}
