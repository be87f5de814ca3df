// inotify, which Linux has alone. Elsewhere there is no descriptor to be had, and whoever
// wants one looks for changes now and then.

/// What happened to something in a folder, or to the folder.
package struct FolderSignal {
    /// The bits of `inotify(7)`.
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        package static let closedAfterWriting = Kinds(rawValue: 0x8)
        package static let movedAway = Kinds(rawValue: 0x40)
        package static let movedHere = Kinds(rawValue: 0x80)
        package static let created = Kinds(rawValue: 0x100)
        package static let folderDeleted = Kinds(rawValue: 0x400)
        package static let folderMoved = Kinds(rawValue: 0x800)
        package static let unmounted = Kinds(rawValue: 0x2000)
        package static let overflow = Kinds(rawValue: 0x4000)
        package static let watchEnded = Kinds(rawValue: 0x8000)
        package static let onlyFolders = Kinds(rawValue: 0x0100_0000)
        package static let notThroughLinks = Kinds(rawValue: 0x0200_0000)
        package static let ofFolder = Kinds(rawValue: 0x4000_0000)
    }

    package let watch: Int32
    package let kinds: Kinds
    /// The name in the folder; empty where it is about the folder.
    package let name: [UInt8]
}

#if canImport(Glibc)
import Glibc

/// Makes a descriptor that gives signals, and does not wait; -1, with the reason in `errno`, when there is none.
package func makeFolderSignals() -> Int32 {
    inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
}

/// Begins to watch a folder; -1, with the reason in `errno`, when it cannot be.
package func watchFolder(_ signals: Int32, _ path: UnsafePointer<CChar>, _ kinds: FolderSignal.Kinds) -> Int32 {
    unsafe inotify_add_watch(signals, path, kinds.rawValue)
}

/// Watches a folder no longer.
package func unwatchFolder(_ signals: Int32, _ watch: Int32) {
    _ = inotify_rm_watch(signals, watch)
}

/// The signals that have come since the last call.
package func readFolderSignals(_ signals: Int32, _ body: (FolderSignal) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = unsafe read(signals, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        unsafe buffer.withUnsafeBytes { bytes in
            var next = 0
            let head = MemoryLayout<inotify_event>.size
            while next + head <= count {
                let event = unsafe bytes.loadUnaligned(fromByteOffset: next, as: inotify_event.self)
                let name = unsafe bytes[(next + head)..<(next + head + Int(event.len))].prefix { $0 != 0 }
                unsafe body(FolderSignal(watch: event.wd, kinds: .init(rawValue: event.mask), name: Array(name)))
                next += head + Int(event.len)
            }
        }
    }
}
#else
import Darwin

package func makeFolderSignals() -> Int32 {
    errno = ENOSYS
    return -1
}

package func watchFolder(_ signals: Int32, _ path: UnsafePointer<CChar>, _ kinds: FolderSignal.Kinds) -> Int32 { -1 }

package func unwatchFolder(_ signals: Int32, _ watch: Int32) {}

package func readFolderSignals(_ signals: Int32, _ body: (FolderSignal) -> Void) {}
#endif
