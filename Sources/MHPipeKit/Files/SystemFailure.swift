import Libc

/// The reason of the last failed system call, in the system's words.
package enum SystemFailure {
    /// The text for an error number, for example `No space left on device`.
    package static func reason(_ number: Int32 = errno) -> String {
        unsafe String(cString: strerror(number))
    }
}
