import Libc
import MHPipeKit

/// A program that runs beside this one, with a pipe to its standard input and pipes from its outputs.
///
/// It is in a process group of its own, so that a Ctrl-C at the terminal reaches this process alone, which then ends
/// its children in order. When this process is killed its ends of the pipes close: the child reads the end of its
/// input, and fails to write. Used by one thread at a time; no call but `poll` and `wait` waits. Whatever is left of the
/// group when it is let go of is ended.
package final class ChildProcess {
    /// What can be done without waiting.
    package struct Ready: OptionSet, Sendable {
        package let rawValue: Int
        package static let input = Ready(rawValue: 1)
        package static let output = Ready(rawValue: 2)
        package static let errors = Ready(rawValue: 4)

        package init(rawValue: Int) {
            self.rawValue = rawValue
        }
    }

    /// The streams of the child that are read.
    package enum Stream {
        case output
        case errors
    }

    // Nil once they are closed.
    private var input: FileDescriptor?
    private var output: FileDescriptor?
    private var errors: FileDescriptor?
    private let group: ProcessGroup
    private var bytesWritten = 0
    /// The reading end of the input once the writing end was closed, which tells what is left in it.
    private var remainder: FileDescriptor?
    /// What was left by then, for a system on which that end cannot be had.
    private var bytesLeft = 0

    /// Linux gives a pipe 64 KiB by itself, and up to this much to anybody who asks.
    private static let pipeBytes: Int32 = 1 << 20

    /// Starts a program.
    ///
    /// A write to a child that went away must not end this process, so SIGPIPE is set to be ignored where it is not
    /// handled; the child gets all signals as they are by default.
    ///
    /// - Parameters:
    ///   - path: The path of the program.
    ///   - arguments: Its arguments, the name by which it is called first.
    ///   - environment: Its environment.
    ///   - endsWithInput: True for a program that cleans up at the end of its input, so that it is to see that when this
    ///     process ends in haste.
    /// - Throws: `ProgramFailure` when it cannot be started.
    package init(
        path: String,
        arguments: [String],
        environment: [String: String],
        endsWithInput: Bool = false
    ) throws(ProgramFailure) {
        BrokenPipes.ignore()
        let spawned = try RunningPrograms.add(endsWithInput: endsWithInput) { () throws(ProgramFailure) in
            try SpawnedProcess(path: path, arguments: arguments, environment: environment)
        }
        group = ProcessGroup(leader: spawned.process)
        for end in [spawned.input.number, spawned.output.number, spawned.errors.number] {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
            #if os(Linux)
            // F_SETPIPE_SZ, which Glibc hides; when the system allows no more, the pipe stays as it is.
            _ = fcntl(end, 1031, Self.pipeBytes)
            #endif
        }
        input = consume spawned.input
        output = consume spawned.output
        errors = consume spawned.errors
    }

    deinit {
        closeInput()
    }

    /// How the program ended; nil while it runs.
    package var exit: ProgramExit? { group.exit }

    /// True until the input was closed.
    package var hasInput: Bool { input != nil }

    /// How many bytes that were written the child has not taken.
    package var bytesUntaken: Int {
        (input?.number ?? remainder?.number).map(Self.unread) ?? bytesLeft
    }

    /// True when the child has taken any of its input.
    package var hasTaken: Bool { bytesWritten > bytesUntaken }

    /// True while the child may have more to say on a stream.
    package func isOpen(_ stream: Stream) -> Bool {
        descriptor(of: stream) != nil
    }

    /// Waits until something can be done.
    ///
    /// - Parameters:
    ///   - wantsInput: True when there is something to write.
    ///   - milliseconds: How long to wait at most.
    /// - Returns: What can be done now; nothing when the time is over.
    package func poll(wantsInput: Bool, milliseconds: Int) -> Ready {
        var requests = [
            pollfd(fd: wantsInput ? input?.number ?? -1 : -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output?.number ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors?.number ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = systemPoll(&requests, milliseconds)
        guard count > 0 else { return [] }
        var ready: Ready = []
        // An end that was closed on the other side is ready too: the next call says so.
        if requests[0].revents != 0 { ready.insert(.input) }
        if requests[1].revents != 0 { ready.insert(.output) }
        if requests[2].revents != 0 { ready.insert(.errors) }
        return ready
    }

    /// Writes as much as goes without waiting.
    ///
    /// - Parameter bytes: The bytes.
    /// - Returns: How many were written, which may be 0; nil when the child has closed its input, or it was closed here.
    package func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let input = input?.number else { return nil }
        let count = unsafe systemWrite(input, bytes)
        if count >= 0 {
            bytesWritten += count
            return count
        }
        if errno == EAGAIN || errno == EINTR { return 0 }
        closeInput()
        return nil
    }

    /// Reads what is there.
    ///
    /// - Parameters:
    ///   - stream: The stream.
    ///   - buffer: Where the bytes go; not empty.
    /// - Returns: How many were read; 0 when there is nothing now, nil when there will be nothing more.
    package func read(_ stream: Stream, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let descriptor = descriptor(of: stream) else { return nil }
        let count = unsafe systemRead(descriptor, buffer)
        if count > 0 { return count }
        if count < 0, errno == EAGAIN || errno == EINTR { return 0 }
        switch stream {
        case .output: closeOutput()
        case .errors: errors = nil
        }
        return nil
    }

    /// Lets go of what the child would still say: its writes fail.
    package func closeOutput() {
        output = nil
    }

    /// Tells the child that its input has come to its end.
    package func closeInput() {
        guard let number = input?.number else { return }
        #if os(Linux)
        remainder = FilePath("/proc/self/fd/\(number)").open(O_RDONLY | O_NONBLOCK)
        #endif
        bytesLeft = Self.unread(number)
        RunningPrograms.forgetInput(of: group.leader)
        input = nil
    }

    /// Waits for the child to end.
    ///
    /// - Parameter milliseconds: How long to wait at most.
    /// - Returns: How it ended, or nil when it has not.
    package func wait(milliseconds: Int) -> ProgramExit? {
        var left = milliseconds
        var pause = 1
        while exit == nil, left > 0 {
            // There is no portable way to wait for a process and a time at once.
            usleep(UInt32(min(pause, left)) * 1000)
            left -= pause
            pause = min(pause * 2, 20)
        }
        return exit
    }

    /// Asks the child, and those it has started, to end.
    package func terminate() {
        group.signal(SIGTERM)
    }

    /// Ends the child, and those it has started.
    package func kill() {
        group.signal(SIGKILL)
    }

    /// The bytes that wait in a pipe.
    private static func unread(_ end: Int32) -> Int {
        var count: Int32 = 0
        return unsafe ioctl(end, UInt(FIONREAD), &count) == 0 ? Int(count) : 0
    }

    private func descriptor(of stream: Stream) -> Int32? {
        stream == .output ? output?.number : errors?.number
    }
}

// The calls under names that the methods of `ChildProcess` do not hide.

private func systemPoll(_ requests: inout [pollfd], _ milliseconds: Int) -> Int32 {
    unsafe poll(&requests, nfds_t(requests.count), Int32(clamping: milliseconds))
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    unsafe read(descriptor, buffer.baseAddress, buffer.count)
}
