import Libc
import Synchronization

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

    /// Cuts off what stands behind an offset, where the next bytes go then.
    ///
    /// - Returns: 0, or the error number.
    package static func truncate(_ descriptor: Int32, to offset: Int) -> Int32 {
        while ftruncate(descriptor, off_t(offset)) != 0 {
            if errno != EINTR { return errno }
        }
        return lseek(descriptor, off_t(offset), SEEK_SET) < 0 ? errno : 0
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
        // One call may take 2 GiB less a page on Linux, and INT_MAX on macOS.
        let count = min(count, 1 << 30)
        return unsafe Libc.write(descriptor, bytes, count)
    }
}
