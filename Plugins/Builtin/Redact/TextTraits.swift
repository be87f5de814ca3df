/// Which kinds of characters stand in a text: what tells in one short walk that most texts hold nothing to hide.
struct TextTraits: OptionSet {
    let rawValue: UInt8

    static let digit = TextTraits(rawValue: 1)
    static let dot = TextTraits(rawValue: 2)
    static let colon = TextTraits(rawValue: 4)
    static let dash = TextTraits(rawValue: 8)
    static let equals = TextTraits(rawValue: 16)
    /// White space, and whatever is no ASCII.
    static let blank = TextTraits(rawValue: 32)
    /// With it begin the ids of access keys.
    static let capitalA = TextTraits(rawValue: 64)
    /// One of these stands in what every token begins with that is known by its beginning: D, G, J.
    static let tokenLetter = TextTraits(rawValue: 128)

    private static let table: [UInt8] = (0...UInt8.max).map { byte in
        let traits: TextTraits =
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
            case UInt8(ascii: "."): .dot
            case UInt8(ascii: ":"): .colon
            case UInt8(ascii: "-"): .dash
            case UInt8(ascii: "="): .equals
            case 0x09...0x0D, 0x20, 0x80...: .blank
            case UInt8(ascii: "A"): .capitalA
            case UInt8(ascii: "D"), UInt8(ascii: "G"), UInt8(ascii: "J"): .tokenLetter
            default: []
            }
        return traits.rawValue
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Those of a text.
    init(of text: UnsafeBufferPointer<UInt8>) {
        let table = Self.table
        rawValue = unsafe text.reduce(0) { $0 | table[Int($1)] }
    }
}
