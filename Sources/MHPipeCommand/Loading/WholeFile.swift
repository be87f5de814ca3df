import Libc
import MHPipeKit
import MHPipeIO

/// Reads small and middling files in one go.
enum WholeFile {
    /// Why the last file could not be read.
    static var reason: String { unsafe errno == EINVAL ? "it is no file" : String(cString: strerror(errno)) }

    /// The bytes of a file; nil, with the reason in `errno`, when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        // A named pipe would be waited for until somebody writes to it.
        let descriptor = FilePath(path).openDescriptor(O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else {
            errno = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            return nil
        }
        var isWhole = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let read = unsafe systemRead(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + count },
                    buffer.count - count
                )
                if read < 0, errno == EINTR { continue }
                if read < 0 { isWhole = false }
                if read <= 0 { return }
                count += read
            }
        }
        return isWhole ? bytes : nil
    }
}

/// The system's `read`, which a function of that name hides.
private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, bytes, count)
}
