import Synchronization

/// The files that this process writes beside their names, for an end that leaves no time to abort them.
package enum UnfinishedFiles {
    private static let paths = Mutex<Set<FilePath>>([])

    static func add(_ path: FilePath) {
        paths.withLock { _ = $0.insert(path) }
    }

    static func remove(_ path: FilePath) {
        paths.withLock { _ = $0.remove(path) }
    }

    /// Removes them all; for a process that ends at once, since whoever writes them is not told.
    package static func removeAll() {
        paths.withLock { paths in
            for path in paths { path.removeFile() }
            paths = []
        }
    }
}
