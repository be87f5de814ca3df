import CISAL

/// Makes gzip members (RFC 1952) of bytes that come in pieces.
///
/// The same pieces give the same bytes: the header holds no time and no name. Used on one queue at a time.
@safe
package final class GzipCompressor: MemberCompressor {
    // Invariant: `stream` is initialised, and its `level_buf` is `levelBuffer` as long as this lives.
    private let memory = GzipStreamMemory()
    private let stream: UnsafeMutablePointer<isal_zstream>
    private let levelBuffer: UnsafeMutableRawBufferPointer

    /// True when a member has been begun and not ended.
    package private(set) var isInMember = false

    private let level: Int

    /// ISA-L's levels with dynamic Huffman codes.
    package static let levels = 1...3
    /// The fastest of them.
    package static let usualLevel = 1
    /// For each level `ISAL_DEF_LVL1_LARGE` and so on of `igzip_lib.h`: what it needs, and 64 Ki tokens of 4 bytes.
    private static let levelBufferSizes = [
        1: (4 << 10) + 2 * (8 << 10) + 4 * (64 << 10),
        2: (4 << 10) + 2 * (32 << 10) + 4 * (64 << 10),
        3: (4 << 10) + (16 << 10) + 2 * (32 << 10) + 4 * (64 << 10),
    ]

    /// - Parameter level: One of `levels`; higher ones take more time and less room.
    package init(level: Int = usualLevel) {
        guard let size = Self.levelBufferSizes[level] else { preconditionFailure("ISA-L has no level \(level)") }
        self.level = level
        unsafe levelBuffer = .allocate(byteCount: size, alignment: 64)
        unsafe stream = unsafe memory.stream
        unsafe stream.initialize(to: isal_zstream())
        begin()
    }

    deinit {
        memory.release()
        unsafe levelBuffer.deallocate()
    }

    /// Compresses a piece of a member, and begins the member when there is none.
    ///
    /// - Parameters:
    ///   - bytes: The piece; may be empty.
    ///   - endsMember: True when nothing follows in this member: its trailer is written.
    ///   - reserve: Gives room for at least so many bytes; called again after each `commit`.
    ///   - commit: Takes the number of bytes that were put into the room given last.
    package func compress(
        _ bytes: UnsafeBufferPointer<UInt8>,
        endsMember: Bool,
        reserve: (Int) -> UnsafeMutableBufferPointer<UInt8>,
        commit: (Int) -> Void
    ) {
        isInMember = true
        // The stream counts in 32 bits.
        let step = 1 << 30
        var start = 0
        repeat {
            let end = min(start + step, bytes.count)
            let isLast = end == bytes.count
            unsafe deflate(UnsafeBufferPointer(rebasing: bytes[start..<end]), endsMember && isLast, reserve, commit)
            start = end
        } while start < bytes.count
        guard endsMember else { return }
        isInMember = false
        begin()
    }

    private func deflate(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ endsStream: Bool,
        _ reserve: (Int) -> UnsafeMutableBufferPointer<UInt8>,
        _ commit: (Int) -> Void
    ) {
        // The library reads from `next_in` only; its header lacks the const.
        unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(bytes.count)
        unsafe stream.pointee.end_of_stream = endsStream ? 1 : 0
        repeat {
            // Where blocks end depends on the room that there is, and how much more a buffer has is chance.
            let count = 4096 + bytes.count / 4
            let room = unsafe reserve(count)
            let capacity = UInt32(clamping: min(room.count, count))
            unsafe stream.pointee.next_out = room.baseAddress
            unsafe stream.pointee.avail_out = capacity
            let result = unsafe isal_deflate(stream)
            precondition(result == COMP_OK, "isal_deflate refuses its own state: \(result)")
            unsafe commit(Int(capacity - stream.pointee.avail_out))
        } while unsafe stream.pointee.avail_out == 0
            || endsStream && stream.pointee.internal_state.state != ZSTATE_END
    }

    /// Puts the stream at the start of a member, without a trace of the one before.
    private func begin() {
        unsafe isal_deflate_init(stream)
        unsafe levelBuffer.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe stream.pointee.level = UInt32(level)
        unsafe stream.pointee.level_buf = unsafe levelBuffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.pointee.level_buf_size = unsafe UInt32(levelBuffer.count)
        unsafe stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        unsafe stream.pointee.flush = UInt16(NO_FLUSH)
    }
}
