import Libc

/// The signal that a write into a pipe without a reader raises.
enum BrokenPipes {
    /// Has such writes fail with EPIPE instead of ending the process, unless somebody handles the signal.
    static func ignore() {
        var action = sigaction()
        guard unsafe sigaction(SIGPIPE, nil, &action) == 0, handlerNumber(action) == 0 else { return }
        _ = signal(SIGPIPE, SIG_IGN)
    }
}
