/// Finds the end of a JSON value that is not kept, in stretches of any length.
struct ValueSkipper {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Passes over text.
    ///
    /// - Returns: The bytes passed over, and whether the value has ended. A comma or bracket that belongs to the level
    ///   above is not passed over.
    mutating func skip(_ text: UnsafeBufferPointer<UInt8>) -> (count: Int, isDone: Bool) {
        for position in text.indices {
            let byte = unsafe text[position]
            if isEscaped {
                isEscaped = false
                // Outside a string a backslash escapes no more than what the index has it escape.
                if isInString || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { continue }
            }
            switch byte {
            case UInt8(ascii: "\\"): isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return (position, true) }
                depth -= 1
                if depth == 0 { return (position + 1, true) }
            case UInt8(ascii: ","):
                if depth == 0 { return (position, true) }
            default:
                break
            }
        }
        return (text.count, false)
    }
}
