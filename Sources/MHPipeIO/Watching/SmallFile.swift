import Libc
import MHPipeKit

/// Files of the system that do not say how large they are.
enum SmallFile {
    /// The bytes of a file, of which there are at most 16 MiB; nil when it cannot be read.
    static func read(_ path: FilePath) -> [UInt8]? {
        let descriptor = unsafe path.withSystemPath { unsafe open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < 16 << 20 {
            let count = unsafe Libc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
