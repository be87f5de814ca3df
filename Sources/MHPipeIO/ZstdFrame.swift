/// How frames of Zstandard begin (RFC 8878 section 3.1).
enum ZstdFrame {
    /// The first bytes of a frame that holds data.
    static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    /// Those of a frame that is passed over, but for the first one, 0x50 to 0x5F.
    private static let skippable: [UInt8] = [0x2A, 0x4D, 0x18]

    /// True when some bytes, four or what is left of the data, begin a frame, or one that is passed over.
    static func begins(with bytes: [UInt8]) -> Bool {
        guard let first = bytes.first else { return true }
        return magic.starts(with: bytes) || first & 0xF0 == 0x50 && skippable.starts(with: bytes.dropFirst())
    }
}
