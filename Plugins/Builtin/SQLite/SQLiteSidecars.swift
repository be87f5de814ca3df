import MHPipeIO
import MHPipeKit

/// The journals beside a database that is about to be replaced.
///
/// SQLite applies a `-wal` or a `-journal` to whatever file has the database's name; one that is left from the old
/// database would damage the new one.
struct SQLiteSidecars {
    /// The database's name as the user gave it, and its path.
    let name: String
    let path: FilePath

    private var existing: [FilePath] {
        ["-journal", "-wal", "-shm"].map { path.withSuffix($0) }.filter(\.exists)
    }

    /// Brings into the old database what its journals hold, so that it is whole without them.
    ///
    /// - Throws: `StageError` when another program has it open.
    func settle() throws(StageError) {
        guard !existing.isEmpty, path.exists else { return }
        do {
            let old = try SQLiteDatabase(path: path)
            defer { old.close() }
            // Taking the lock rolls an interrupted transaction back; leaving WAL mode empties and removes the WAL.
            try old.execute(
                "PRAGMA busy_timeout=2000; BEGIN EXCLUSIVE; COMMIT; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE; COMMIT"
            )
        } catch  where error.isBusy {
            throw StageError(
                "cannot replace '\(name)': another program has the database open",
                advice: "close it there and run again, or write to another name"
            )
        } catch  where error.isNoDatabase {
            // Nothing can be made of it; `remove` clears the way when the new one is there.
        } catch {
            throw error.stageError(name, "bringing the old database's journal into it")
        }
    }

    /// Removes what is left, right before the new database takes the name.
    func remove() {
        for file in existing { file.removeFile() }
    }
}
