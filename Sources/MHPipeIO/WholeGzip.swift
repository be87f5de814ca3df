internal import CDeflate
import Libc

/// Decompresses gzip data that is in memory as a whole, into memory that takes all of it.
///
/// libdeflate does this in less time than ISA-L, but cannot stop half-way and says little about damage. So it is for
/// sound files of ordinary size; `GzipReader` reads the others, and finds out what is wrong with those that fail here.
/// Where the processor can make more of a checksum at a time than libdeflate does, members are taken apart here. Kept by one
/// worker.
@safe
package final class WholeGzip {
    private let handle: CHandle
    private var decompressor: OpaquePointer { unsafe handle.pointer }
    private let checksum: Checksum?

    /// Nil when there is no memory for it.
    ///
    /// - Parameter checksum: What compares the checksums; nil for libdeflate itself, which makes no difference.
    package init?(checksum: Checksum? = .usual) {
        guard
            let handle = unsafe CHandle(
                owning: libdeflate_alloc_decompressor(),
                free: { unsafe libdeflate_free_decompressor($0) }
            )
        else { return nil }
        self.handle = handle
        self.checksum = checksum
    }

    /// Decompresses all members.
    ///
    /// - Parameters:
    ///   - stored: The file, from its first byte to its last.
    ///   - room: Where the text goes.
    /// - Returns: The length of the text; nil when it does not fit, or anything is wrong with the file. `room` then
    ///   holds no text.
    package func decompress(_ stored: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard let least = unsafe Self.textBytes(stored), least <= room.count else { return nil }
        var used = 0
        var written = 0
        repeat {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: stored[used...])
            let left = unsafe UnsafeMutableRawBufferPointer(rebasing: room[written...])
            guard let sizes = unsafe firstMember(rest, into: left) else { return nil }
            used += sizes.member
            written += sizes.text
        } while used < stored.count
        return written
    }

    /// Decompresses data that is a single member, with nothing behind it.
    ///
    /// - Parameters:
    ///   - stored: The file, from its first byte to its last.
    ///   - room: Where the text goes.
    /// - Returns: The length of the text; nil when it does not fit, or is anything else. `room` then holds no text.
    package func decompressSingle(_ stored: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard let least = unsafe Self.textBytes(stored), least <= room.count else { return nil }
        let sizes = unsafe firstMember(stored, into: room)
        return sizes?.member == stored.count ? sizes?.text : nil
    }

    /// Decompresses the first member; the sizes of it and of its text.
    private func firstMember(
        _ stored: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> (member: Int, text: Int)? {
        if let checksum { unsafe member(stored, into: room, checksum) } else { unsafe member(stored, into: room) }
    }

    /// The same with libdeflate's own checksum.
    private func member(
        _ stored: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer
    ) -> (member: Int, text: Int)? {
        // libdeflate passes over the checksum of a header, which `GzipReader` compares.
        guard stored.count > 3, unsafe stored[3] & GzipHeader.Flags.headerCRC == 0 else { return nil }
        var sizes = (member: 0, text: 0)
        let result = unsafe libdeflate_gzip_decompress_ex(
            decompressor,
            stored.baseAddress,
            stored.count,
            room.baseAddress,
            room.count,
            &sizes.member,
            &sizes.text
        )
        return result == LIBDEFLATE_SUCCESS ? sizes : nil
    }

    /// The same with another checksum.
    private func member(
        _ stored: UnsafeRawBufferPointer,
        into room: UnsafeMutableRawBufferPointer,
        _ checksum: Checksum
    ) -> (member: Int, text: Int)? {
        guard let start = unsafe GzipHeader.end(of: stored) else { return nil }
        var sizes = (member: 0, text: 0)
        let result = unsafe libdeflate_deflate_decompress_ex(
            decompressor,
            stored.baseAddress.map { unsafe $0 + start },
            stored.count - start - 8,
            room.baseAddress,
            room.count,
            &sizes.member,
            &sizes.text
        )
        guard result == LIBDEFLATE_SUCCESS else { return nil }
        let end = start + sizes.member
        let text = unsafe UnsafeRawBufferPointer(rebasing: room[..<sizes.text])
        guard unsafe Self.number(stored, at: end) == checksum(text),
            unsafe Self.number(stored, at: end + 4) == UInt32(truncatingIfNeeded: sizes.text)
        else { return nil }
        return (end + 8, sizes.text)
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt32 {
        unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    /// The text of the last member, of the only one of nearly every file, as the last four bytes say (RFC 1952 section
    /// 2.3.1): enough to leave alone what cannot fit.
    ///
    /// - Returns: The bytes; nil for what is too short to be a member.
    package static func textBytes(_ stored: UnsafeRawBufferPointer) -> Int? {
        guard stored.count >= 18 else { return nil }
        return unsafe Int(number(stored, at: stored.count - 4))
    }
}
