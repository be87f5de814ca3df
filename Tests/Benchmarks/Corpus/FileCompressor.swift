import CDeflate

/// Makes gzip files as small as those that CloudTrail delivers.
///
/// Invariant: `compressor` is valid from `init` to `deinit`.
@safe
final class FileCompressor {
    private let compressor: OpaquePointer

    /// zlib's usual level.
    private static let level: Int32 = 6

    init() {
        guard let compressor = unsafe libdeflate_alloc_compressor(Self.level) else {
            preconditionFailure("out of memory")
        }
        unsafe self.compressor = unsafe compressor
    }

    deinit {
        unsafe libdeflate_free_compressor(compressor)
    }

    func compress(_ text: [UInt8]) -> [UInt8] {
        let room = unsafe libdeflate_gzip_compress_bound(compressor, text.count)
        return unsafe Array(unsafeUninitializedCapacity: room) { buffer, count in
            count = unsafe libdeflate_gzip_compress(compressor, text, text.count, buffer.baseAddress, room)
        }
    }
}
