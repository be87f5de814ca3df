import MHPipeIO
import MHPipeKit

/// Tells whether compressed data can be put behind a file.
enum CompressedEnd {
    /// Reads a file in whole, once.
    ///
    /// - Returns: Why what comes behind it could not be read; nil when it could.
    /// - Throws: `StageError` when the file cannot be read.
    static func damage(of path: FilePath) throws(StageError) -> String? {
        do {
            let file = try FileInput(path)
            var start = [UInt8](repeating: 0, count: ContentKind.prefixLength)
            start.removeLast(start.count - (try unsafe start.withUnsafeMutableBytes { try unsafe file.read(into: $0) }))
            switch ContentKind(start) {
            case .gzip: return try gzipDamage(file, start)
            case .zstd: return try zstdDamage(file, start)
            default: return "it holds no compressed data"
            }
        } catch let damage as CompressionDamage {
            return damage.description
        } catch {
            throw StageError(wrapping: error)
        }
    }

    private static func gzipDamage(_ file: FileInput, _ start: [UInt8]) throws -> String? {
        let reader = GzipReader()
        unsafe reader.start({ try unsafe file.read(into: $0) }, prefix: start)
        try unsafe readAll { try unsafe reader.read(into: $0) }
        let (end, size) = (reader.endOfMembers, reader.bytesConsumed)
        return end == size ? nil : "zero bytes follow the last gzip member, from byte \(end) on"
    }

    private static func zstdDamage(_ file: FileInput, _ start: [UInt8]) throws -> String? {
        guard let reader = ZstdReader() else { throw StageError("there is no memory for zstd") }
        unsafe start.withUnsafeBytes { prefix in
            unsafe reader.start({ try unsafe file.read(into: $0) }, prefix: prefix)
        }
        try unsafe readAll { try unsafe reader.read(into: $0) }
        return nil
    }

    private static func readAll(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        var room = [UInt8](repeating: 0, count: 256 << 10)
        while try unsafe room.withUnsafeMutableBytes({ try unsafe read($0) }) > 0 {}
    }
}
