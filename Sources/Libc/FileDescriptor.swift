/// An open descriptor of this process, closed when its owner lets go of it and never before or again.
///
/// Calls of the system borrow its number.
package struct FileDescriptor: ~Copyable, Sendable {
    /// What the system knows it by.
    package let number: Int32

    /// Takes over what a call of the system gave; nil, with the reason still in `errno`, where that is none.
    package init?(owning number: Int32) {
        guard number >= 0 else { return nil }
        self.number = number
    }

    /// Gives it to somebody else to close.
    package consuming func handOver() -> Int32 {
        let number = number
        discard self
        return number
    }

    deinit {
        close(number)
    }

    /// Another number for the same open file, which no program that is started gets, and which is no standard stream's.
    package func duplicate() -> FileDescriptor? {
        FileDescriptor(owning: fcntl(number, F_DUPFD_CLOEXEC, 3))
    }
}
