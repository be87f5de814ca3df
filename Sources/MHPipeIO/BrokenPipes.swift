#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The signal that a write into a pipe without a reader raises.
enum BrokenPipes {
    /// Has such writes fail with EPIPE instead of ending the process, unless somebody handles the signal.
    static func ignore() {
        var action = sigaction()
        guard unsafe sigaction(SIGPIPE, nil, &action) == 0 else { return }
        #if canImport(Glibc)
        let isDefault = unsafe action.__sigaction_handler.sa_handler == nil
        #else
        let isDefault = action.__sigaction_u.__sa_handler == nil
        #endif
        if isDefault { _ = signal(SIGPIPE, SIG_IGN) }
    }
}
