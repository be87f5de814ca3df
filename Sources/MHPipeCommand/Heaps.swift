internal import CMalloc
import Libc

/// Between how many heaps of malloc the threads of this process are spread.
///
/// Left alone, glibc gives a thread a heap of its own while there are fewer than eight for each processor (mallopt(3),
/// `M_ARENA_MAX`). A batch is filled by a worker and let go of by a sink, so each heap keeps what the others could use,
/// and gives it back to the system only to ask for it again (docs/performance.md has what that takes). A heap has one lock, so
/// there are more of them where there are many workers.
enum Heaps {
    private static let processorsPerHeap = 4
    /// Memory of this size is mapped by itself, and goes back to the system when it is let go of.
    ///
    /// Left alone, glibc raises that with each such piece that is freed, up to 32 MiB, and what buffers of all sizes leave
    /// between each other in a heap grows with the number of files.
    private static let mappedBytes: Int32 = 1 << 20
    /// So much may be free at the end of a heap, so that it does not grow and shrink with every batch.
    private static let keptBytes: Int32 = 4 << 20

    /// Called before there is a second thread.
    static func limit() {
        mhp_limit_heaps(number(processors: sysconf(Int32(_SC_NPROCESSORS_ONLN))), mappedBytes, keptBytes)
    }

    static func number(processors: Int) -> Int32 {
        Int32(clamping: max(1, processors / processorsPerHeap))
    }
}
