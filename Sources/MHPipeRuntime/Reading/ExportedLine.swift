/// What CloudWatch Logs puts before each event when it exports or prints a log: a time and a blank.
enum ExportedLine {
    /// No time is longer than this, with the blanks behind it.
    static let longest = 48

    /// The length of the time at the start of a text and of the blanks behind it; nil when there is none.
    ///
    /// The time is written as RFC 3339 has it; its zone and its fraction may be missing, as `aws logs tail` leaves them.
    static func prefix(_ text: UnsafeBufferPointer<UInt8>.SubSequence) -> Int? {
        var rest = unsafe text.prefix(longest)
        for expected in "dddd-dd-ddTdd:dd:dd".utf8 {
            guard let byte = unsafe rest.popFirst(), expected == UInt8(ascii: "d") ? isDigit(byte) : byte == expected
            else {
                return nil
            }
        }
        if unsafe rest.first == UInt8(ascii: ".") { unsafe rest = unsafe rest.dropFirst().drop(while: isDigit) }
        switch unsafe rest.first {
        case UInt8(ascii: "Z"): unsafe rest.removeFirst()
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            unsafe rest = unsafe rest.dropFirst().drop { isDigit($0) || $0 == UInt8(ascii: ":") }
        default: break
        }
        let body = unsafe rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return unsafe body.startIndex > rest.startIndex ? body.startIndex - text.startIndex : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
