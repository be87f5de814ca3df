package import Libc

extension FilePath {
    /// Opens it, again where a signal interrupts that; programs that this process starts do not have the descriptor.
    ///
    /// - Parameters:
    ///   - flags: The flags of `open`.
    ///   - mode: The permissions of a file that is made.
    /// - Returns: The descriptor; -1, with the reason in `errno`, when it cannot be opened.
    package func openDescriptor(_ flags: Int32, mode: mode_t = 0o666) -> Int32 {
        unsafe withSystemPath { path in
            while true {
                let descriptor = unsafe open(path, flags | O_CLOEXEC, mode)
                if descriptor >= 0 || errno != EINTR { return descriptor }
            }
        }
    }
}
