import Libc
import MHPipeIO
import MHPipeKit

/// A file of settings or of a token, which fits into memory.
enum SmallFile {
    private static let most = 4 << 20

    /// Its text.
    ///
    /// - Parameters:
    ///   - path: The path.
    ///   - isOptional: True to give nil when there is none.
    /// - Returns: The text.
    /// - Throws: `StageError` when it cannot be read.
    static func text(_ path: String, isOptional: Bool = false) throws -> String? {
        try bytes(path, isOptional: isOptional).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Its bytes, likewise.
    static func bytes(_ path: String, isOptional: Bool = false) throws -> [UInt8]? {
        // One that may not be looked at is not missing.
        if isOptional, !FilePath(path).exists, errno == ENOENT || errno == ENOTDIR { return nil }
        do {
            let file = try FileInput(FilePath(path))
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
            defer { unsafe piece.deallocate() }
            var bytes: [UInt8] = []
            while bytes.count < most, case let count = try unsafe file.read(into: piece), count > 0 {
                unsafe bytes.append(contentsOf: piece[..<count])
            }
            return bytes
        } catch {
            throw StageError("cannot read '\(path)': \(error.reason)")
        }
    }
}
