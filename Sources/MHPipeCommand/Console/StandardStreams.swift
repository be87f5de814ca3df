import Libc

/// The three descriptors that every process is meant to have.
enum StandardStreams {
    /// Takes the places of those that are closed, so that no file opened later gets the number of one, and with it the
    /// messages meant for standard error.
    ///
    /// What takes a place can be used in the wrong direction only: to read from closed standard input, or to write to
    /// closed standard output, fails as it would have.
    static func holdPlaces() {
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given out, and those below are taken by now.
            _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
