import Libc

/// What runs that were killed have left beside an output.
enum DeadFiles {
    /// Removes the hidden files of an output whose writers are gone, with what SQLite left beside them.
    ///
    /// A file stays when its lock is held or cannot be had, when another machine made it, and when it is another
    /// output's. What cannot be listed or removed stays as well: it is not needed for writing.
    static func remove(_ name: HiddenName, from folder: FilePath) {
        for path in list(name, in: folder) {
            guard let file = path.open(O_WRONLY | O_NOFOLLOW | O_NONBLOCK) else { continue }
            var status = stat()
            guard unsafe fstat(file.number, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                FileLock.take(file.number) == .taken
            else { continue }
            for suffix in ["", "-journal", "-wal", "-shm"] { path.withSuffix(suffix).removeFile() }
        }
    }

    /// The paths in a folder that `HiddenName` has made.
    static func list(_ name: HiddenName, in folder: FilePath) -> [FilePath] {
        var paths: [FilePath] = []
        guard let stream = try? FolderStream(folder) else { return [] }
        while let entry = try? stream.next() {
            let bytes = unsafe Array(entry.name)
            if name.isOurs(bytes) { paths.append(folder.appending(bytes)) }
        }
        return paths
    }
}
