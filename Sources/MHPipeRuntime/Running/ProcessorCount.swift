import Libc

/// The processors that this process may use.
enum ProcessorCount {
    /// The number, at least 1.
    static var usable: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }
}
