import Libc

/// Reading from a file descriptor until there is what was asked for; calls that a signal interrupted are repeated.
package enum DescriptorReading {
    private static let pieceBytes = 64 << 10

    /// Reads what comes next.
    ///
    /// - Returns: How many bytes there are; 0 at the end, and -1, with the reason in `errno`, when they cannot be read.
    package static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = unsafe Libc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// Fills a buffer with what stands in a file from an offset on.
    ///
    /// - Returns: How many bytes there are, fewer than there is room for at the end of the file alone; -1, with the reason
    ///   in `errno`, when they cannot be read.
    package static func fill(_ buffer: UnsafeMutableRawBufferPointer, from descriptor: Int32, at offset: Int) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return -1 }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// What comes next up to the end, or until it is more than `most` bytes.
    ///
    /// - Returns: The bytes; nil, with the reason in `errno`, when they cannot be read.
    package static func all(of descriptor: Int32, most: Int = .max) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: pieceBytes)
        while bytes.count <= most {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, into: $0) }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }
}
