internal import CDeflate
import Libc

/// Decompresses gzip data that is in memory as a whole, into memory that takes all of it.
///
/// libdeflate does this in less time than ISA-L, but cannot stop half-way and says little about damage. So it is for
/// sound files of ordinary size; `GzipReader` reads the others, and finds out what is wrong with those that fail here.
/// Kept by one worker.
@safe
package final class WholeGzip {
    private let handle: CHandle
    private var decompressor: OpaquePointer { unsafe handle.pointer }

    /// Nil when there is no memory for it.
    package init?() {
        guard
            let handle = unsafe CHandle(
                owning: libdeflate_alloc_decompressor(),
                free: { unsafe libdeflate_free_decompressor($0) }
            )
        else { return nil }
        self.handle = handle
    }

    /// Decompresses all members.
    ///
    /// - Parameters:
    ///   - stored: The file, from its first byte to its last.
    ///   - room: Where the text goes.
    /// - Returns: The length of the text; nil when it does not fit, or anything is wrong with the file. `room` then
    ///   holds no text.
    package func decompress(_ stored: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) -> Int? {
        guard unsafe Self.sizeOfLastMember(stored) <= room.count else { return nil }
        var used = 0
        var written = 0
        repeat {
            // libdeflate passes over the checksum of a header, which `GzipReader` compares.
            guard stored.count - used > 3, unsafe stored[used + 3] & GzipHeader.Flags.headerCRC == 0 else { return nil }
            var memberSize = 0
            var textSize = 0
            let result = unsafe libdeflate_gzip_decompress_ex(
                decompressor,
                stored.baseAddress.map { unsafe $0 + used },
                stored.count - used,
                unsafe room.baseAddress.map { unsafe $0 + written },
                room.count - written,
                &memberSize,
                &textSize
            )
            guard result == LIBDEFLATE_SUCCESS else { return nil }
            used += memberSize
            written += textSize
        } while used < stored.count
        return written
    }

    /// What the last four bytes say (RFC 1952 section 2.3.1): enough to leave alone what cannot fit.
    private static func sizeOfLastMember(_ stored: UnsafeRawBufferPointer) -> Int {
        guard stored.count >= 18 else { return .max }
        return unsafe Int(UInt32(littleEndian: stored.loadUnaligned(fromByteOffset: stored.count - 4, as: UInt32.self)))
    }
}
