/// What is wrong with compressed data, and where.
package struct CompressionDamage: Error, Hashable, CustomStringConvertible {
    /// What the data was taken for.
    package enum Format: String, Sendable, CaseIterable {
        case gzip
        case zstd

        /// What data of it is made of.
        fileprivate var part: String { self == .gzip ? "member" : "frame" }
    }

    /// The ways in which compressed data can be damaged.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The data ends inside a member or frame.
        case cutShort
        /// What stands where the first should begin is none, or one that nobody can read.
        case badHeader
        /// The compressed data itself makes no sense.
        case badData
        /// The decompressed bytes do not have the checksum that is stated.
        case badChecksum
        /// The decompressed bytes are not as many as is stated; of gzip alone.
        case badLength
        /// It needs more memory than is given; of zstd alone.
        case windowTooLarge
        /// It was made with a dictionary; of zstd alone.
        case needsDictionary
        /// Something that is no member or frame follows the last one.
        case trailingBytes
    }

    package var format: Format
    package var kind: Kind
    /// Where it was noticed: an offset into the compressed bytes.
    ///
    /// Exact for headers, lengths, trailing bytes, the end of data that is cut short, and the checksums of gzip. Bad data is
    /// noticed at or after the byte that is wrong.
    package var offset: Int

    package init(_ format: Format, _ kind: Kind, at offset: Int) {
        (self.format, self.kind, self.offset) = (format, kind, offset)
    }

    /// The damage in words, to follow the file's name.
    package var description: String {
        let (name, part) = (format.rawValue, format.part)
        return switch kind {
        case .cutShort: "\(name) data is cut short: it ends at byte \(offset), inside a \(part)"
        case .badHeader: "no readable \(name) header at byte \(offset)"
        case .badData: "\(name) data is damaged near byte \(offset)"
        case .badChecksum:
            "\(name) checksum \(format == .gzip ? "at" : "near") byte \(offset) does not match the data before it"
        case .badLength: "\(name) length at byte \(offset) does not match the data before it"
        case .windowTooLarge:
            "the \(name) \(part) near byte \(offset) needs a window of more than 128 MiB; decompress it first: zstd -d --long=31 FILE"
        case .needsDictionary:
            "the \(name) \(part) near byte \(offset) was made with a dictionary; decompress it first: zstd -d -D DICTIONARY FILE"
        case .trailingBytes:
            "bytes that are no \(name) data follow the last \(name) \(part), from byte \(offset) on"
        }
    }
}
