/// What is wrong with gzip data, and where.
package struct GzipDamage: Error, Hashable, CustomStringConvertible {
    /// The ways in which gzip data can be damaged.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// The data ends inside a member.
        case cutShort
        /// What stands where the first member should begin is no gzip header, or one that nobody can read.
        case badHeader
        /// The compressed data itself makes no sense.
        case badData
        /// The decompressed bytes do not have the checksum that the member states.
        case badChecksum
        /// The decompressed bytes are not as many as the member states.
        case badLength
        /// Something that is no gzip member follows the last one.
        case trailingBytes
    }

    /// The kind of damage.
    package var kind: Kind
    /// Where it was noticed: an offset into the compressed bytes.
    ///
    /// Exact for headers, checksums, lengths, trailing bytes and the end of data that is cut short. Bad data is noticed
    /// at or after the byte that is wrong.
    package var offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// The damage in words, to follow the file's name.
    package var description: String {
        switch kind {
        case .cutShort: "gzip data is cut short: it ends at byte \(offset), inside a member"
        case .badHeader: "no readable gzip header at byte \(offset)"
        case .badData: "gzip data is damaged near byte \(offset)"
        case .badChecksum: "gzip checksum at byte \(offset) does not match the data before it"
        case .badLength: "gzip length at byte \(offset) does not match the data before it"
        case .trailingBytes: "bytes that are no gzip data follow the last gzip member, from byte \(offset) on"
        }
    }
}
