package import Libc

extension FilePath {
    /// Opens it, again where a signal interrupts that; programs that this process starts do not have the descriptor.
    ///
    /// - Parameters:
    ///   - flags: The flags of `open`.
    ///   - mode: The permissions of a file that is made.
    /// - Returns: The descriptor; nil, with the reason in `errno`, when it cannot be opened.
    package func open(_ flags: Int32, mode: mode_t = 0o666) -> FileDescriptor? {
        let number = unsafe withSystemPath { path in
            while true {
                let number = unsafe Libc.open(path, flags | O_CLOEXEC, mode)
                if number >= 0 || errno != EINTR { return number }
            }
        }
        return FileDescriptor(owning: number)
    }
}
