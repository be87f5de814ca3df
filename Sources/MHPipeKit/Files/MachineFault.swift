import Libc

/// Tells a machine that has run out of something, or whose disk or network fails, from an input that cannot be read.
///
/// What is wrong with an input is reported, and the others are read. On a bad machine any input may fail that is good, so
/// whoever went on would leave out good ones.
package enum MachineFault {
    /// True for an error number that says nothing of the path or the file itself.
    ///
    /// The numbers of bad inputs are those that are listed: what nobody thought of must not pass for a bad input.
    package static func isOne(_ number: Int32) -> Bool {
        switch number {
        // Nothing is there, or only others may read it.
        case ENOENT, ENOTDIR, EACCES, EPERM: false
        // Who only reads never meets it.
        case EROFS: false
        // The path is none, or leads in a circle.
        case ELOOP, ENAMETOOLONG, EILSEQ: false
        // There is no file at its end: a folder, a socket, a device without a driver.
        case EISDIR, ENXIO, ENODEV, EINVAL, EOVERFLOW, EOPNOTSUPP: false
        default: true
        }
    }

    /// What the user may do about it.
    package static func advice(_ number: Int32) -> String {
        switch number {
        case EMFILE:
            "'ulimit -n' says how many files a process may have open\(openFilesLimit); raise it, or take fewer --workers"
        case ENFILE: "all programs together have too many files open; try again when less runs"
        case ENOMEM, ENOBUFS, EAGAIN:
            "the machine, or the limit set by 'ulimit -v', has no more to give; try again when less runs"
        case EIO, EBADMSG:
            "the disk, or the connection to it, is failing; look at the system's log, and copy the file elsewhere"
        case ESTALE:
            "its file server no longer knows it; mount the folder anew, or run again when nothing is moved there"
        case ENOSPC, EDQUOT: "free some space on the disk"
        default: "run again when the disk or the file server works"
        }
    }

    /// The fault that any file would meet that is opened now; nil when there is none.
    ///
    /// For errors of others that do not say why.
    package static var present: Int32? {
        guard FilePath("/dev/null").open(O_RDONLY) == nil else { return nil }
        return isOne(errno) ? errno : nil
    }

    private static var openFilesLimit: String {
        guard let limit = Libc.openFilesLimit(), limit < rlim_t(Int32.max) else { return "" }
        return " (now \(limit))"
    }
}
