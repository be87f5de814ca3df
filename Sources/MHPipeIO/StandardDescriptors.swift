#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The three descriptors that a process is started with.
package enum StandardDescriptors {
    /// Opens those that are closed in a way that nothing can be read from or written to them.
    ///
    /// Otherwise the next file that is opened would get the number, and what is meant for standard output would be
    /// written into it. To be called first thing in the process.
    package static func reserve() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free is given out, and that is this one.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
