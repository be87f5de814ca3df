extension JSONText {
    /// How many objects and lists of a valid JSON text stand in each other at most.
    package static func depth(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var (open, most) = (0, 0)
        var (isInString, isEscaped) = (false, false)
        for place in bytes.indices {
            let byte = unsafe bytes[place]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                most = max(most, open)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            default: break
            }
        }
        return most
    }
}
