import Libc

/// Standard output, or anything else that bytes can only be sent to: a pipe, a device, an open descriptor.
///
/// What is sent is sent: there is no name to commit and nothing to take back.
package final class StreamOutput: OutputFile {
    private let name: String
    private let descriptor: Int32
    /// What it has opened itself.
    private let own: FileDescriptor?

    /// Standard output.
    ///
    /// The process must ignore SIGPIPE, so that a reader that went away shows as `isBrokenPipe`.
    ///
    /// - Returns: The output, whose name is `-`.
    /// - Throws: `OutputFailure` when it is closed.
    package static func standardOutput() throws(OutputFailure) -> StreamOutput {
        try StreamOutput(name: "-", descriptor: STDOUT_FILENO)
    }

    /// A descriptor that the process holds, and keeps.
    ///
    /// - Parameters:
    ///   - name: Its name in messages.
    ///   - descriptor: Its number.
    /// - Throws: `OutputFailure` when it is closed, or open for reading only.
    package init(name: String, descriptor: Int32) throws(OutputFailure) {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, flags & O_ACCMODE != O_RDONLY else {
            let advice = name == "-" ? "name a file instead of '-', or leave standard output open" : nil
            throw OutputFailure(name, reason: "it is not open for writing", errorNumber: EBADF, advice: advice)
        }
        self.name = name
        self.descriptor = descriptor
        own = nil
    }

    /// Opens a device or a pipe; a pipe waits for its reader.
    ///
    /// - Parameter place: Its place.
    /// - Throws: `OutputFailure` when it cannot be opened.
    package init(device place: OutputPlace) throws(OutputFailure) {
        guard let opened = place.path.open(O_WRONLY | O_NOCTTY) else {
            throw OutputFailure(place.name, errorNumber: errno)
        }
        name = place.name
        descriptor = opened.number
        own = consume opened
    }

    /// Writes bytes at once, so that whoever reads gets them without delay.
    package func write(_ bytes: UnsafeBufferPointer<UInt8>) throws(OutputFailure) {
        let number = unsafe DescriptorWriting.write(UnsafeRawBufferPointer(bytes), to: descriptor)
        guard number == 0 else { throw OutputFailure(name, errorNumber: number) }
    }

    /// Nothing: every byte has been written.
    package func finish() {}

    /// Nothing: there is no other name.
    package func commit() {}

    /// Nothing: what was sent cannot be taken back.
    package func abort() {}
}
