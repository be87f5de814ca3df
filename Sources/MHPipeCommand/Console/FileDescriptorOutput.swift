import Libc
import MHPipeKit

/// Writes to a file descriptor of the process, without a buffer.
struct FileDescriptorOutput: TextOutput {
    static let standardOutput = FileDescriptorOutput(descriptor: STDOUT_FILENO, name: "standard output")
    static let standardError = FileDescriptorOutput(descriptor: STDERR_FILENO, name: "standard error")

    let descriptor: Int32
    let name: String

    var isTerminal: Bool { isatty(descriptor) == 1 }

    var isPipe: Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    var isInForeground: Bool {
        let group = tcgetpgrp(descriptor)
        return group < 0 || group == getpgrp()
    }

    var columns: Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try unsafe write(UnsafeRawBufferPointer($0)) }
    }

    func write(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { try unsafe write($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = unsafe systemWrite(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                let number = errno
                if number == EINTR { continue }
                let reason = unsafe String(cString: strerror(number))
                throw StageError("cannot write to \(name): \(reason)", isClosedPipe: number == EPIPE)
            }
            unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }
}

/// The system's `write`, which a method of that name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}
