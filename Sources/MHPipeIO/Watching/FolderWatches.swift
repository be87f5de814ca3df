import Libc
package import MHPipeKit

/// The folders of a tree that the system tells of, by inotify.
///
/// A folder has to be watched before it is listed, since files may come in between. The descriptor and the watches are
/// this value's own, and end with it.
package struct FolderWatches: ~Copyable {
    /// What happened.
    ///
    /// Paths are below the root; that of a folder has no slash at its end, and the root's own is empty.
    package enum Change: Hashable {
        /// A file was moved in, or closed after it was written.
        case file([UInt8])
        /// Something has a new name, and no writer closes it: a link, or another name of a file, or a file that is only begun.
        case name([UInt8])
        /// There is a folder, which is not watched yet.
        case folder([UInt8])
        /// A folder is gone, or has another name; it is not watched any more.
        case gone([UInt8])
        /// More happened than the system could remember: only a look at everything tells what.
        case lost
    }

    /// Why a folder cannot be watched.
    package enum Refusal: Error, Hashable {
        /// The system gives no more watches, or no descriptor, or has no inotify: its error number.
        case exhausted(Int32)
        /// What happens in it is not told, since other machines write to it.
        case network
        /// It is gone, or not for us.
        case unreadable(Int32)

        /// Why, in the words the user will read; nil where nobody expects anything else.
        package var reason: String? {
            switch self {
            case .exhausted(ENOSPC):
                "the system watches no more folders for this user (as root: sysctl fs.inotify.max_user_watches=1000000)"
            case .exhausted(EMFILE):
                "the system watches for no more programs of this user (as root: sysctl fs.inotify.max_user_instances=1024)"
            case .exhausted(ENOSYS): nil
            case .exhausted(let number), .unreadable(let number):
                "it cannot be watched: \(SystemFailure.reason(number))"
            case .network: "its file system does not tell of what others write"
            }
        }
    }

    /// Readable when something has happened.
    package var descriptor: Int32 { signals.number }
    private let signals: FileDescriptor
    private let root: [UInt8]
    private var paths: [Int32: [UInt8]] = [:]
    private var watches: [[UInt8]: Int32] = [:]
    private var networks = NetworkFileSystems()

    /// - Parameter root: The folder above all that are watched.
    /// - Throws: `Refusal`.
    package init(_ root: FilePath) throws(Refusal) {
        let bytes = root.bytes
        self.root = bytes.last == slash ? bytes : bytes + [slash]
        guard let signals = FileDescriptor(owning: makeFolderSignals()) else { throw .exhausted(errno) }
        self.signals = signals
    }

    /// How many folders are watched.
    package var count: Int { watches.count }

    /// Watches a folder, which may be watched already.
    ///
    /// - Parameter path: Its path below the root; empty for the root itself, which may be a link.
    /// - Throws: `Refusal`.
    package mutating func add(_ path: [UInt8]) throws(Refusal) {
        let place = FilePath(bytes: root + path)
        guard !networks.hold(place) else { throw .network }
        var kinds: FolderSignal.Kinds = [
            .closedAfterWriting, .movedAway, .movedHere, .created, .folderDeleted, .folderMoved, .onlyFolders,
        ]
        if !path.isEmpty { kinds.insert(.notThroughLinks) }
        let watch = unsafe place.withSystemPath { unsafe watchFolder(descriptor, $0, kinds) }
        guard watch >= 0 else {
            let number = errno
            throw number == ENOSPC || number == ENOMEM ? .exhausted(number) : .unreadable(number)
        }
        // The same folder under another name, where it was moved, has the same watch.
        if let old = paths[watch], old != path { watches[old] = nil }
        paths[watch] = path
        watches[path] = watch
    }

    /// What has happened since the last call, in order.
    package mutating func read() -> [Change] {
        var signals: [FolderSignal] = []
        readFolderSignals(descriptor) { signals.append($0) }
        var changes: [Change] = []
        for signal in signals { take(signal, into: &changes) }
        return changes
    }

    private mutating func take(_ signal: FolderSignal, into changes: inout [Change]) {
        if signal.kinds.contains(.overflow) { return changes.append(.lost) }
        guard let folder = paths[signal.watch] else { return }
        if signal.kinds.contains(.watchEnded) || signal.kinds.contains(.unmounted) {
            forget(signal.watch)
            return changes.append(.gone(folder))
        }
        if signal.name.isEmpty {
            // Inside the tree the folder above tells of it, and where to.
            if folder.isEmpty, signal.kinds.contains(.folderMoved) { changes.append(.gone(folder)) }
            return
        }
        let path = folder.isEmpty ? signal.name : folder + [slash] + signal.name
        if signal.kinds.contains(.ofFolder) {
            if signal.kinds.contains(.movedAway) {
                remove(path)
                changes.append(.gone(path))
            } else if !signal.kinds.isDisjoint(with: [.created, .movedHere]) {
                changes.append(.folder(path))
            }
        } else if !signal.kinds.isDisjoint(with: [.closedAfterWriting, .movedHere]) {
            changes.append(.file(path))
        } else if signal.kinds.contains(.created) {
            changes.append(.name(path))
        }
    }

    /// Watches a folder and all below it no longer.
    package mutating func remove(_ path: [UInt8]) {
        let below = path + [slash]
        for (other, watch) in watches where other == path || other.starts(with: below) {
            unwatchFolder(descriptor, watch)
            forget(watch)
        }
    }

    private mutating func forget(_ watch: Int32) {
        guard let path = paths.removeValue(forKey: watch) else { return }
        if watches[path] == watch { watches[path] = nil }
    }
}

private let slash = UInt8(ascii: "/")
