import MHPipeKit

/// What Excel makes of the texts of a CSV file, and how they stay what they are.
///
/// Excel takes a cell for a number, a date or a time whenever it looks like one, whether or not it has quotes: account ids
/// lose their zeros, long numbers their last digits. A formula that is a text keeps it: `="012345678901"`.
enum ExcelText {
    /// The most that a cell takes, in units of UTF-16.
    static let mostUnits = 32_767
    /// The most lines that a sheet takes.
    static let mostLines = 1_048_576
    /// The most that a text inside a formula may have.
    private static let mostFormulaUnits = 255
    /// The digits that a number keeps.
    private static let mostDigits = 15

    /// True for a text that Excel would take for a number, a date or a time.
    static func looksLikeNumber(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= mostFormulaUnits else { return false }
        var hasDigit = false
        var letters: (count: Int, word: UInt64) = (0, 0)
        for place in text.indices {
            let byte = unsafe text[place]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"),
                UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: " "), UInt8(ascii: "$"), UInt8(ascii: "("),
                UInt8(ascii: ")"):
                break
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                letters = (letters.count + 1, letters.word << 8 | UInt64(byte | 0x20))
                if letters.count > mostLetters { return false }
            default: return false
            }
        }
        return hasDigit && (letters.count == 0 || words.contains(letters.word))
    }

    /// What stands in numbers, dates and times: months, halves of a day, an exponent; the last eight letters of each.
    private static let words = Set(
        """
        january february march april may june july august september october november december jan feb mar apr jun jul aug \
        sep oct nov dec am pm e
        """
        .split(separator: " ").map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    )
    private static let mostLetters = "september".utf8.count

    /// True for a JSON number of which Excel would keep only the first digits.
    static func losesDigits(_ number: UnsafeBufferPointer<UInt8>) -> Bool {
        guard number.count > mostDigits else { return false }
        let mantissa = unsafe number.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        return unsafe mantissa.count { $0 &- 0x30 < 10 } > mostDigits
    }

    /// The bytes of a text that fit into a cell beside some other characters.
    static func prefix(_ text: UnsafeBufferPointer<UInt8>, beside others: Int) -> Int {
        // No character has more units than bytes.
        let most = mostUnits - others
        guard text.count > most else { return text.count }
        var units = 0
        for offset in text.indices {
            let byte = unsafe text[offset]
            guard byte & 0xC0 != 0x80 else { continue }
            units += byte >= 0xF0 ? 2 : 1
            if units > most { return offset }
        }
        return text.count
    }
}
