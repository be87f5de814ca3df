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
        guard let file = FilePath(path).open(O_RDONLY | O_NONBLOCK) else { return nil }
        var status = stat()
        guard unsafe fstat(file.number, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFREG else {
            errno = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            return nil
        }
        return DescriptorReading.all(of: file.number)
    }
}
