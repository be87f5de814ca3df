import MHPipeKit

/// The hidden file that a database is made in: one that goes away with the process, or one that a later run goes on with.
final class SQLiteFile {
    private enum Kind {
        case fleeting(AtomicFile)
        case kept(KeptFile)
    }

    private let kind: Kind

    /// - Parameters:
    ///   - place: The place of a regular file.
    ///   - key: What a kept file is found by; nil for one that is not kept.
    ///   - part: How far an earlier run has come with it; nil where there was none.
    /// - Throws: `OutputFailure` when it cannot be made, or is not as it was left.
    init(_ place: OutputPlace, key: String?, _ part: SQLiteMark.Part?) throws(OutputFailure) {
        guard let key else {
            kind = .fleeting(try AtomicFile(place))
            return
        }
        switch part {
        case nil: kind = .kept(try KeptFile(place, key: key))
        case .rows: kind = .kept(try KeptFile(place, key: key, at: nil))
        case .whole(let mark): kind = .kept(try KeptFile(place, key: key, at: mark))
        }
    }

    var temporaryPath: FilePath {
        switch kind {
        case .fleeting(let file): file.temporaryPath
        case .kept(let file): file.temporaryPath
        }
    }

    /// True for one that a later run may go on with, so that what is committed has to be on the disk.
    var isKept: Bool { if case .kept = kind { true } else { false } }

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

    /// Where a database that is finished ends.
    func whole() throws(OutputFailure) -> SQLiteMark.Part {
        guard case .kept(let file) = kind else { return .rows(0, units: 0) }
        return .whole(try file.mark())
    }

    func finish() throws(OutputFailure) {
        switch kind {
        case .fleeting(let file): try file.finish()
        case .kept(let file): try file.finish()
        }
    }

    /// Removes a journal beside a database that is finished, which a power cut may have brought back.
    func removeJournal() {
        for suffix in ["-journal", "-wal", "-shm"] { temporaryPath.withSuffix(suffix).removeFile() }
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
