internal import CZstd
import Libc

/// Decompresses Zstandard data (RFC 8878) from any input; frames that follow one another are read as one.
///
/// Kept by one worker and started anew for every file. A frame that needs a window of more than 128 MiB is refused, as
/// zstd(1) does without `--long`.
@safe
package final class ZstdReader {
    private let handle: CHandle
    private var context: OpaquePointer { unsafe handle.pointer }
    private let input = RefillBuffer(capacity: 256 << 10)
    /// What the library wants to be given next: it then takes one block at a time, so that everything before a damaged one
    /// has been handed out, however the bytes come in.
    private var wanted = 0
    private var isBetweenFrames = true
    private var isFirstFrame = true
    private var hasEnded = true
    /// What every later call throws.
    private var failure: (any Error)?

    /// The header of the next block, which the library wants with a block: what is wrong with it must not cost the block.
    private static let headerBytes = 3

    /// The logarithm of the largest window: 128 MiB.
    private static let windowLog: Int32 = 27

    /// Nil when there is no memory for it.
    package init?() {
        guard let handle = unsafe CHandle(owning: ZSTD_createDCtx(), free: { unsafe ZSTD_freeDCtx($0) }) else {
            return nil
        }
        self.handle = handle
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
    }

    /// Begins another file, whatever became of the one before.
    ///
    /// - Parameters:
    ///   - fill: Reads the next compressed bytes into a buffer that is not empty, and says how many; 0 at the end. It is
    ///     called by `read` and kept until the data ends or another file is begun.
    ///   - prefix: The first compressed bytes, which were read already; copied.
    package func start(
        _ fill: @escaping (UnsafeMutableRawBufferPointer) throws -> Int,
        prefix: UnsafeRawBufferPointer
    ) {
        unsafe input.start(prefix: prefix, fill: fill)
        isBetweenFrames = true
        isFirstFrame = true
        hasEnded = false
        failure = nil
        beginFrame()
    }

    /// Delivers the next decompressed bytes.
    ///
    /// - Parameter buffer: Where they go; not empty.
    /// - Returns: How many there are; 0 only at the end.
    /// - Throws: `CompressionDamage`, after all bytes before the damage were delivered, or what `fill` threw. Every later call
    ///   throws the same.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        if let failure { throw failure }
        do {
            while !hasEnded {
                let count = unsafe try step(buffer)
                if count > 0 { return count }
            }
            return 0
        } catch {
            failure = error
            input.stop()
            throw error
        }
    }

    private func beginFrame() {
        unsafe ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        // The fewest bytes that tell what follows.
        wanted = 5
    }

    /// Goes on by one block at most; how many bytes that gave.
    private func step(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let hasInput = try input.refill()
        if isBetweenFrames {
            guard hasInput else {
                hasEnded = true
                input.stop()
                return 0
            }
            let start = unsafe Array(input.unused.prefix(4))
            guard ZstdFrame.begins(with: start) else {
                throw CompressionDamage(.zstd, isFirstFrame ? .badHeader : .trailingBytes, at: input.offset)
            }
            isBetweenFrames = false
        }
        let given = unsafe input.unused.prefix(max(wanted > Self.headerBytes ? wanted - Self.headerBytes : wanted, 1))
        var source = unsafe ZSTD_inBuffer(
            src: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(given.base)[given.indices]).baseAddress,
            size: given.count,
            pos: 0
        )
        var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let result = unsafe ZSTD_decompressStream(context, &target, &source)
        guard ZSTD_isError(result) == 0 else {
            throw CompressionDamage(.zstd, Self.kind(result, isFirstFrame), at: input.offset)
        }
        unsafe input.use(source.pos)
        wanted = result
        if result == 0 {
            isBetweenFrames = true
            isFirstFrame = false
            beginFrame()
        } else if !hasInput, unsafe target.pos == 0 {
            throw CompressionDamage(.zstd, .cutShort, at: input.offset)
        }
        return unsafe target.pos
    }

    private static func kind(_ result: Int, _ isFirstFrame: Bool) -> CompressionDamage.Kind {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_checksum_wrong: .badChecksum
        case ZSTD_error_frameParameter_windowTooLarge: .windowTooLarge
        case ZSTD_error_dictionary_wrong: .needsDictionary
        case ZSTD_error_prefix_unknown: isFirstFrame ? .badHeader : .trailingBytes
        default: .badData
        }
    }
}
