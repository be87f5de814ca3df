internal import CZstd
import Libc

/// Makes frames of Zstandard (RFC 8878), each with a checksum.
///
/// The bytes are the same for the same version of libzstd.
@safe
package final class ZstdCompressor: MemberCompressor {
    private let handle: CHandle
    private var context: OpaquePointer { unsafe handle.pointer }

    package private(set) var isInMember = false

    /// The levels that can be asked for: higher ones need more memory to read than readers have to give.
    package static let levels = 1...19
    /// What zstd(1) takes.
    package static let usualLevel = 3

    package init(level: Int = usualLevel) {
        guard let handle = unsafe CHandle(owning: ZSTD_createCCtx(), free: { unsafe ZSTD_freeCCtx($0) }) else {
            preconditionFailure("there is no memory for zstd")
        }
        self.handle = handle
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    package func compress(
        _ bytes: UnsafeBufferPointer<UInt8>,
        endsMember: Bool,
        reserve: (Int) -> UnsafeMutableBufferPointer<UInt8>,
        commit: (Int) -> Void
    ) {
        isInMember = true
        var source = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            let room = unsafe reserve(4096 + (source.size - source.pos) / 4)
            var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let left = unsafe ZSTD_compressStream2(context, &target, &source, endsMember ? ZSTD_e_end : ZSTD_e_continue)
            precondition(ZSTD_isError(left) == 0, "zstd refuses its own state")
            unsafe commit(target.pos)
            if unsafe endsMember ? left == 0 : source.pos == source.size { break }
        }
        if endsMember { isInMember = false }
    }
}
