/// The files that this process writes beside their names, for an end that leaves no time to abort them.
package enum UnfinishedFiles {
    private struct Paths {
        var files: Set<FilePath> = []
        /// Those that were made for files that are not in their places yet.
        var folders: Set<FilePath> = []
    }

    private static let paths = Locked(Paths())

    static func add(_ path: FilePath) {
        paths.withLock { _ = $0.files.insert(path) }
    }

    static func remove(_ path: FilePath) {
        paths.withLock { _ = $0.files.remove(path) }
    }

    static func add(folder: FilePath) {
        paths.withLock { _ = $0.folders.insert(folder) }
    }

    static func remove(folder: FilePath) {
        paths.withLock { _ = $0.folders.remove(folder) }
    }

    /// Removes them all, and the folders that are empty then; for a process that ends at once, since whoever writes them
    /// is not told.
    package static func removeAll() {
        paths.withLock { paths in
            for file in paths.files { file.removeFile() }
            for folder in paths.folders.sorted(by: { $0.bytes.count > $1.bytes.count }) { folder.removeFolder() }
            paths = Paths()
        }
    }
}
