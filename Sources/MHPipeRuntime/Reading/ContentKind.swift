/// What a file holds, by its first bytes; its name says nothing.
enum ContentKind {
    case gzip
    case text
    /// Something that is not read, with its name.
    case other(String)

    /// Tells a file by its first bytes: gzip (RFC 1952), what other packers write, or text.
    init(_ start: some Collection<UInt8>) {
        let bytes = Array(start.prefix(4))
        self =
            switch bytes {
            case _ where bytes.starts(with: [0x1F, 0x8B]): .gzip
            case [0x28, 0xB5, 0x2F, 0xFD]: .other("compressed with zstd; only gzip is read")
            case _ where bytes.starts(with: [0x42, 0x5A, 0x68]): .other("compressed with bzip2; only gzip is read")
            case [0xFD, 0x37, 0x7A, 0x58]: .other("compressed with xz; only gzip is read")
            case [0x50, 0x4B, 0x03, 0x04]: .other("a zip archive; unpack it first")
            default: Self.encoding(bytes).map { .other("text in \($0); only UTF-8 is read") } ?? .text
            }
    }

    /// The encoding of text that is not UTF-8, by its byte order mark or by the zeros round its first character
    /// (RFC 4627 section 3).
    private static func encoding(_ bytes: [UInt8]) -> String? {
        switch bytes {
        case [0x00, 0x00, 0xFE, 0xFF], [0xFF, 0xFE, 0x00, 0x00]: "UTF-32"
        case _ where bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]): "UTF-16"
        case _ where bytes.count == 4 && bytes[0] == 0 && bytes[1] == 0: "UTF-32"
        case _ where bytes.count == 4 && bytes[1] == 0 && bytes[2] == 0: "UTF-32"
        case _ where bytes.count >= 2 && (bytes[0] == 0) != (bytes[1] == 0): "UTF-16"
        default: nil
        }
    }

    /// The byte order mark of UTF-8, which is passed over.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
