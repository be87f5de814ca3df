import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writing to a file descriptor until everything is written.
package enum DescriptorWriting {
    private static let syncs = Atomic<Int>(0)

    /// True while something waits for a disk, which may take long and needs no thread.
    package static var isSyncing: Bool { syncs.load(ordering: .relaxed) > 0 }

    /// Writes all bytes, however many calls that takes.
    ///
    /// Calls that a signal interrupted are repeated, and a descriptor that is set to not wait is waited for.
    ///
    /// - Returns: 0, or the error number.
    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        guard var next = bytes.baseAddress else { return 0 }
        var left = bytes.count
        while left > 0 {
            let count = unsafe systemWrite(descriptor, next, left)
            if count >= 0 {
                unsafe next += count
                left -= count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: waitUntilWritable(descriptor)
            case let number: return number
            }
        }
        return 0
    }

    /// Waits until what was written is on the disk.
    ///
    /// - Returns: 0, or the error number. What cannot be synced, such as a pipe or a folder of some file systems, is
    ///   as good as synced.
    package static func sync(_ descriptor: Int32) -> Int32 {
        syncs.add(1, ordering: .relaxed)
        defer { syncs.subtract(1, ordering: .relaxed) }
        while fsync(descriptor) != 0 {
            switch errno {
            case EINTR: continue
            case EINVAL, ENOTSUP: return 0
            case let number: return number
            }
        }
        return 0
    }

    /// Starts bringing bytes that were written to the disk, without waiting for them.
    ///
    /// Linux begins to write out the dirty pages of a range that is said not to be needed (mm/fadvise.c). They stay in
    /// memory meanwhile, so whoever reads the file next finds them there. Nothing is done elsewhere.
    static func startSync(_ descriptor: Int32, from offset: Int, count: Int) {
        #if canImport(Glibc)
        _ = posix_fadvise(descriptor, off_t(offset), off_t(count), POSIX_FADV_DONTNEED)
        #endif
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        // One call may take 2 GiB less a page on Linux, and INT_MAX on macOS.
        let count = min(count, 1 << 30)
        #if canImport(Glibc)
        return unsafe Glibc.write(descriptor, bytes, count)
        #else
        return Darwin.write(descriptor, bytes, count)
        #endif
    }
}
