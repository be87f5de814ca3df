internal import CISAL

/// The header of a gzip member (RFC 1952, section 2.3), of which nothing is needed but its end.
enum GzipHeader {
    /// Reads a header to its end.
    ///
    /// - Parameters:
    ///   - input: Stands at the member's first byte, and afterwards behind the header.
    ///   - isFirst: True for the first member of a file, false for those that follow another.
    /// - Returns: False when nothing follows but zeros, which are padding behind a member, or nothing at all.
    /// - Throws: `CompressionDamage`, or what reading throws.
    static func skip(in input: RefillBuffer, isFirst: Bool) throws -> Bool {
        var start = input.offset
        guard var first = try input.next() else { return false }
        // What is written in blocks is filled up with zeros.
        while first == 0, !isFirst {
            start = input.offset
            guard let next = try input.next() else { return false }
            first = next
        }
        let notGzip = CompressionDamage(.gzip, isFirst ? .badHeader : .trailingBytes, at: start)
        guard first == 0x1f else { throw notGzip }

        var header = GzipHeader.Bytes(input: input, crc: 0)
        header.add(first)
        guard try header.next() == 0x8b else { throw notGzip }
        let method = try header.next()
        let flags = try header.next()
        guard method == 8, flags & Flags.reserved == 0 else { throw CompressionDamage(.gzip, .badHeader, at: start) }
        for _ in 0..<6 { _ = try header.next() }  // modification time, extra flags, operating system

        if flags & Flags.extra != 0 {
            let low = Int(try header.next())
            let high = Int(try header.next())
            for _ in 0..<(high << 8 | low) { _ = try header.next() }
        }
        if flags & Flags.name != 0 { try header.skipText() }
        if flags & Flags.comment != 0 { try header.skipText() }
        if flags & Flags.headerCRC != 0 {
            let expected = UInt16(truncatingIfNeeded: header.crc)
            let low = UInt16(try header.next())
            let high = UInt16(try header.next())
            guard high << 8 | low == expected else { throw CompressionDamage(.gzip, .badHeader, at: start) }
        }
        return true
    }

    /// Where the header ends of a member that is in memory as a whole, with eight bytes behind it at least.
    ///
    /// - Parameter member: From its first byte on.
    /// - Returns: Nil when it is none, or has a checksum of its own: that is for `skip` to say.
    static func end(of member: UnsafeRawBufferPointer) -> Int? {
        guard member.count >= 18, unsafe member[0] == 0x1f, unsafe member[1] == 0x8b, unsafe member[2] == 8,
            case let flags = unsafe member[3], flags & (Flags.reserved | Flags.headerCRC) == 0
        else { return nil }
        var end = 10
        if flags & Flags.extra != 0 { unsafe end += 2 + Int(member[end]) + Int(member[end + 1]) << 8 }
        let texts = (flags & Flags.name != 0 ? 1 : 0) + (flags & Flags.comment != 0 ? 1 : 0)
        for _ in 0..<texts {
            while end < member.count, unsafe member[end] != 0 { end += 1 }
            end += 1
        }
        return end <= member.count - 8 ? end : nil
    }

    enum Flags {
        static let headerCRC: UInt8 = 1 << 1
        static let extra: UInt8 = 1 << 2
        static let name: UInt8 = 1 << 3
        static let comment: UInt8 = 1 << 4
        static let reserved: UInt8 = 0xe0
    }

    /// The bytes of a header and the CRC-32 of those that were read.
    private struct Bytes {
        let input: RefillBuffer
        var crc: UInt32

        mutating func add(_ byte: UInt8) {
            crc = unsafe withUnsafeBytes(of: byte) {
                unsafe crc32_gzip_refl(crc, $0.baseAddress?.assumingMemoryBound(to: UInt8.self), 1)
            }
        }

        mutating func next() throws -> UInt8 {
            guard let byte = try input.next() else { throw CompressionDamage(.gzip, .cutShort, at: input.offset) }
            add(byte)
            return byte
        }

        mutating func skipText() throws {
            while try next() != 0 {}
        }
    }
}
