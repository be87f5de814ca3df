import Libc
package import MHPipeKit

/// A cheap look at a file whose name says nothing.
package enum FirstLook {
    private static let bytes = 512

    /// True when the file begins like gzip, or like JSON that holds objects.
    ///
    /// What cannot be opened, or is no file by now, is nothing that can be told.
    package static func mayHoldRecords(_ path: FilePath) -> Bool {
        // A pipe that took the file's place must not make anybody wait.
        guard let file = path.open(O_RDONLY | O_NONBLOCK | O_NOCTTY) else { return false }
        let descriptor = file.number
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, FileStatus(status).kind == .file else { return false }
        return unsafe withUnsafeTemporaryAllocation(byteCount: bytes, alignment: 1) { buffer in
            let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            return unsafe mayBeRecords(buffer.prefix(max(count, 0)))
        }
    }

    private static func mayBeRecords(_ start: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
        if unsafe start.starts(with: [0x1F, 0x8B]) { return true }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = unsafe start.dropFirst(start.starts(with: mark) ? mark.count : 0)
            .filter { ![UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) }
        return text.starts(with: "{\"".utf8) || text.starts(with: "[{\"".utf8)
    }
}
