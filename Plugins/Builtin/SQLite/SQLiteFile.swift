import MHPipeKit

/// The hidden file that a database is made in: one that goes away with the process, or one that a later run goes on with.
final class SQLiteFile {
    private enum Kind {
        case fleeting(AtomicFile)
        case kept(KeptFile)
    }

    private let kind: Kind
    private let place: OutputPlace

    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - key: What a kept file is found by; nil for one that is not kept.
    ///   - mark: Where an earlier run has left it.
    /// - Throws: `OutputFailure` when it cannot be made, or is not as it was left.
    init(_ place: OutputPlace, key: String?, _ mark: SQLiteMark) throws(OutputFailure) {
        self.place = place
        guard let key else {
            kind = .fleeting(try AtomicFile(place))
            return
        }
        switch mark {
        case .none: kind = .kept(try KeptFile(place, key: key))
        case .rows: kind = .kept(try KeptFile(place, key: key, at: nil))
        case .whole(let mark): kind = .kept(try KeptFile(place, key: key, at: mark))
        case .behind: kind = .kept(try KeptFile(place, key: key, behind: nil))
        }
    }

    var temporaryPath: FilePath {
        switch kind {
        case .fleeting(let file): file.temporaryPath
        case .kept(let file): file.temporaryPath
        }
    }

    /// How SQLite writes it.
    ///
    /// Nothing has to survive a crash in a file that goes away. A kept one needs the rollback journal: without it a killed
    /// process leaves a database that cannot be opened. Rows only go behind the last one, so little is journaled.
    var pragmas: String {
        switch kind {
        case .fleeting: "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE"
        case .kept: "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA locking_mode=EXCLUSIVE"
        }
    }

    /// Waits until the file's entry in its folder is on the disk.
    func syncEntry() throws(OutputFailure) {
        if case .kept(let file) = kind { try file.syncEntry() }
    }

    /// The checkpoint of a database that is finished.
    func whole() throws(OutputFailure) -> Checkpoint {
        guard case .kept(let file) = kind else { return SQLiteMark.rows(0).checkpoint }
        return SQLiteMark.whole(try file.mark()).checkpoint
    }

    func finish() throws(OutputFailure) {
        switch kind {
        case .fleeting(let file): try file.finish()
        case .kept(let file): try file.finish()
        }
    }

    func commit() throws(OutputFailure) {
        switch kind {
        case .fleeting(let file): try file.commit()
        case .kept(let file): try file.commit()
        }
    }

    func suspend() {
        if case .kept(let file) = kind { file.suspend() } else { abort() }
    }

    func abort() {
        switch kind {
        case .fleeting(let file): file.abort()
        case .kept(let file): file.abort()
        }
    }
}
