/// What is wrong with Zstandard data, and where.
package struct ZstdDamage: Error, Hashable, CustomStringConvertible {
    /// The ways in which Zstandard data can be damaged.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The data ends inside a frame.
        case cutShort
        /// What stands where the first frame should begin is none.
        case badHeader
        /// The compressed data itself makes no sense.
        case badData
        /// The decompressed bytes do not have the checksum that the frame states.
        case badChecksum
        /// The frame needs more memory than is given.
        case windowTooLarge
        /// The frame was made with a dictionary.
        case needsDictionary
        /// Something that is no frame follows the last one.
        case trailingBytes
    }

    /// The kind of damage.
    package var kind: Kind
    /// Where it was noticed: an offset into the compressed bytes.
    package var offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// The damage in words, to follow the file's name.
    package var description: String {
        switch kind {
        case .cutShort: "zstd data is cut short: it ends at byte \(offset), inside a frame"
        case .badHeader: "no readable zstd header at byte \(offset)"
        case .badData: "zstd data is damaged near byte \(offset)"
        case .badChecksum: "zstd checksum near byte \(offset) does not match the data before it"
        case .windowTooLarge:
            "the zstd frame near byte \(offset) needs a window of more than 128 MiB; decompress it first: zstd -d --long=31 FILE"
        case .needsDictionary:
            "the zstd frame near byte \(offset) was made with a dictionary; decompress it first: zstd -d -D DICTIONARY FILE"
        case .trailingBytes: "bytes that are no zstd data follow the last zstd frame, from byte \(offset) on"
        }
    }
}
