import MHPipeKit

/// The bytes of a file that is in memory as a whole.
final class StoredBytes: Sendable {
    private let bytes: [UInt8]

    /// Reads a stream to its end.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - size: How many bytes it should have.
    /// - Throws: What the stream throws.
    init(_ stream: any ByteStream, _ size: Int) throws {
        var bytes: [UInt8] = []
        var isEnded = false
        while !isEnded {
            // One more than there should be, so that the end is found without another piece.
            let room = max(size + 1 - bytes.count, 64 << 10)
            bytes.reserveCapacity(bytes.count + room)
            let piece = try unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                count = try unsafe stream.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            isEnded = piece.isEmpty
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        }
        self.bytes = bytes
    }

    /// Hands them out from the first on.
    final class Stream: ByteStream {
        private let stored: StoredBytes
        private var place = 0

        init(_ stored: StoredBytes) {
            self.stored = stored
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
            let piece = stored.bytes[place..<min(place + buffer.count, stored.bytes.count)]
            unsafe piece.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            place += piece.count
            return piece.count
        }
    }
}
