import MHPipeIO
import MHPipeKit

/// A gzip member, or a frame of Zstandard, that grows in an output buffer.
struct PackedMember {
    private let compressor: any MemberCompressor

    init(_ packing: Packing) {
        switch packing.program {
        case .gzip: compressor = GzipCompressor(level: packing.level ?? GzipCompressor.usualLevel)
        case .zstd: compressor = ZstdCompressor(level: packing.level ?? ZstdCompressor.usualLevel)
        }
    }

    /// Compresses bytes into the member that is open, or into a new one.
    func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        guard !bytes.isEmpty else { return }
        unsafe compressor.compress(bytes, endsMember: false, reserve: output.reserve, commit: output.commit)
    }

    /// Ends the member that is open; nothing when none is.
    func end(into output: OutputBuffer) {
        guard compressor.isInMember else { return }
        appendEnd(to: output)
    }

    /// Appends a member that holds nothing.
    func appendEmpty(to output: OutputBuffer) {
        appendEnd(to: output)
    }

    private func appendEnd(to output: OutputBuffer) {
        let nothing = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        unsafe compressor.compress(nothing, endsMember: true, reserve: output.reserve, commit: output.commit)
    }
}
