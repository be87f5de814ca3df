import Libc
package import MHPipeKit

/// A file, a pipe or standard input, open for reading from the first byte to the last.
///
/// Used by one thread at a time. The file is closed when the last reference to it goes.
package final class FileInput {
    private let name: String
    private let descriptor: Int32
    /// What it has opened itself.
    private let own: FileDescriptor?
    /// True for what may let a read wait: a pipe, a terminal.
    private let mayWait: Bool
    private let isOver: @Sendable () -> Bool
    /// What is still read once the input is over: as much as a pipe may hold that was written by then.
    private var rest = 1 << 20
    /// True once the end was found: a terminal would go on with what is typed next.
    private var isAtEnd = false

    /// Milliseconds after which whoever waits asks whether the input is still wanted.
    private static let heartbeat: Int32 = 100

    #if os(Linux)
    /// A pipe opens without its writer, so that it can be waited for in `read`.
    private static let waitsToOpen: Int32 = O_NONBLOCK
    #else
    private static let waitsToOpen: Int32 = 0
    #endif

    /// Opens a file or a named pipe.
    ///
    /// - Parameters:
    ///   - path: The path of anything that can be read but a folder.
    ///   - isOver: Asked while a read would wait, on its thread: true ends what has no end of its own, such as a pipe.
    /// - Throws: `InputFailure` with the system's reason.
    package init(_ path: FilePath, isOver: @escaping @Sendable () -> Bool = { false }) throws(InputFailure) {
        name = path.text
        self.isOver = isOver
        guard let opened = path.open(O_RDONLY | O_NOCTTY | Self.waitsToOpen) else {
            throw InputFailure(name, .open, errorNumber: errno)
        }
        descriptor = opened.number
        mayWait = Self.mayWait(opened.number)
        own = consume opened
    }

    /// Reads the process's standard input, and leaves it open.
    ///
    /// - Parameter isOver: See `init(_:isOver:)`.
    package init(standardInput isOver: @escaping @Sendable () -> Bool) {
        name = "-"
        own = nil
        self.isOver = isOver
        descriptor = STDIN_FILENO
        mayWait = Self.mayWait(STDIN_FILENO)
    }

    /// True when someone has to type what is read.
    package static var standardInputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// What is open; nil when the system does not tell.
    package var status: FileStatus? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? FileStatus(status) : nil
    }

    /// Goes on behind so many bytes of a file, without reading them.
    ///
    /// - Throws: `InputFailure` when it is none.
    package func skip(_ count: Int) throws(InputFailure) {
        guard lseek(descriptor, off_t(count), SEEK_CUR) >= 0 else {
            throw InputFailure(name, .read, errorNumber: errno)
        }
    }

    /// Reads the next bytes, waiting for the first of them.
    ///
    /// - Parameter buffer: Where they go; not empty.
    /// - Returns: How many there are; 0 only at the end, and when `isOver` has ended it.
    /// - Throws: `InputFailure` with the system's reason.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputFailure) -> Int {
        while true {
            guard !isAtEnd, !mayWait || waitUntilReadable() else { return 0 }
            let count = unsafe systemRead(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
            if count >= 0 {
                isAtEnd = mayWait && count == 0
                if mayWait, isOver() { rest -= count }
                return count
            }
            switch errno {
            // Whoever handed standard input down may have set it to not wait, and another may have read what was there.
            case EINTR, EAGAIN, EWOULDBLOCK: continue
            case EISDIR: throw InputFailure(name, .read, reason: "it is a folder, not a file")
            case let number: throw InputFailure(name, .read, errorNumber: number)
            }
        }
    }

    /// Waits for something to read, or the end; false when the input is over, and what was there by then is read.
    private func waitUntilReadable() -> Bool {
        while true {
            let isOver = isOver()
            if isOver, rest <= 0 { return false }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let count = unsafe poll(&request, 1, isOver ? 0 : Self.heartbeat)
            // To read although nothing is there would be to find the end of a pipe that nobody has opened yet.
            if count > 0 || count < 0 && errno != EINTR { return true }
            if isOver { return false }
        }
    }

    private static func mayWait(_ descriptor: Int32) -> Bool {
        var status = stat()
        return unsafe fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe Libc.read(descriptor, buffer, count)
}
