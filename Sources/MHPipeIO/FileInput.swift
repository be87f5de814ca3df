#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file, a pipe or standard input, open for reading from the first byte to the last.
///
/// Used by one thread at a time. The file is closed when the last reference to it goes.
package final class FileInput {
    private let name: String
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens a file or a named pipe; for a pipe it waits until someone writes to it.
    ///
    /// - Parameter path: The path of anything that can be read but a folder.
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath) throws(InputFailure) {
        name = path.text
        isOwned = true
        var opened: Int32
        repeat {
            opened = path.withSystemPath { open($0, O_RDONLY | O_CLOEXEC) }
        } while opened < 0 && errno == EINTR
        guard opened >= 0 else { throw InputFailure(name, .open, reason: SystemFailure.reason()) }
        descriptor = opened
    }

    /// Reads the process's standard input, and leaves it open.
    package init(standardInput: Void) {
        name = "-"
        isOwned = false
        descriptor = STDIN_FILENO
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads the next bytes, waiting for the first of them.
    ///
    /// - Parameter buffer: Where they go; not empty.
    /// - Returns: How many there are; 0 only at the end.
    /// - Throws: `InputFailure` with the system's reason.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputFailure) -> Int {
        while true {
            let count = systemRead(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: waitUntilReadable()
            case EISDIR: throw InputFailure(name, .read, reason: "it is a folder, not a file")
            case let number: throw InputFailure(name, .read, reason: SystemFailure.reason(number))
            }
        }
    }

    /// Whoever handed standard input down may have set it to not wait.
    private func waitUntilReadable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&request, 1, -1)
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    Glibc.read(descriptor, buffer, count)
    #else
    Darwin.read(descriptor, buffer, count)
    #endif
}
