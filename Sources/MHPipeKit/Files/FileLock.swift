import Libc

/// A lock that says that a file is being written by a process that lives.
///
/// It belongs to the open descriptor, so the system gives it back when the process ends, however that comes. It lies
/// far behind the end of any file: SQLite locks bytes of its own in the same files.
package enum FileLock {
    /// What came of asking for the lock.
    package enum Outcome: Sendable {
        case taken
        /// Somebody else has it.
        case held
        /// The file system knows no locks, as NFS may not.
        case unavailable
    }

    /// Takes the lock of a file that is open for writing, or says at once why not.
    package static func take(_ descriptor: Int32) -> Outcome {
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = 1 << 62
        range.l_len = 1
        while unsafe fcntl(descriptor, setLockOfDescription, &range) != 0 {
            switch errno {
            case EINTR: continue
            case EAGAIN, EACCES: return .held
            default: return .unavailable
            }
        }
        return .taken
    }
}
