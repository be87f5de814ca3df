package import MHPipeKit

/// The SHA-256 hash of a file's bytes, or of those behind some, and how many they are.
package struct FileDigest: Sendable, Hashable {
    package let sha256: [UInt8]
    package let bytes: Int

    private static let pieceBytes = 1 << 20

    /// States what is known by other means.
    package init(sha256: [UInt8], bytes: Int) {
        (self.sha256, self.bytes) = (sha256, bytes)
    }

    /// Reads a file to its end.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - start: How many bytes are left out at the beginning, of a file that has so many.
    ///   - most: How many bytes are read at most.
    ///   - isOver: Asked between two pieces: true to leave the rest, so that there is no hash.
    /// - Throws: `InputFailure` when it cannot be read; `StageError` when there is no libcrypto; `CancellationError`.
    package init(
        _ path: FilePath,
        from start: Int = 0,
        first most: Int = .max,
        isOver: () -> Bool = { false }
    ) throws {
        let hash = try SHA256()
        let file = try FileInput(path)
        if start > 0 { try file.skip(start) }
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 64)
        defer { unsafe piece.deallocate() }
        var bytes = 0
        while bytes < most {
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, most - bytes)])
            let count = try unsafe file.read(into: room)
            if count == 0 { break }
            unsafe hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            bytes += count
            if isOver() { throw CancellationError() }
        }
        (sha256, self.bytes) = (hash.finish(), bytes)
    }
}
