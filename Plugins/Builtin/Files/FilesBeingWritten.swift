import MHPipeKit

/// Files that somebody may still be writing, as far as their size and time say.
///
/// Nobody tells of a file's end that a look at a folder finds. It counts as whole when nothing has changed in it for long, or
/// when it has looked the same at two looks.
struct FilesBeingWritten {
    private struct Look {
        var form: Form
        var time: ContinuousClock.Instant
    }

    private struct Form: Hashable {
        let size: Int
        let modified: Int64

        init(_ status: FileStatus) {
            (size, modified) = (status.size, status.modified)
        }
    }

    private var looks: [[UInt8]: Look] = [:]
    /// Hashes of young files that were found to be whole, and of how they looked, from this walk and the one before.
    private var given: [Int: Int] = [:]
    private var givenBefore: [Int: Int] = [:]
    private var isOfYoung = false

    var count: Int { looks.count }

    /// True when a file is whole, and was not found to be that before; otherwise it is to be looked at again.
    ///
    /// `pause` is the time between two looks; where nothing has changed in a file for `oldAge`, one look is enough.
    mutating func isWhole(_ path: [UInt8], _ status: FileStatus, pause: Duration, oldAge: Duration) -> Bool {
        let form = Form(status)
        let age = Duration.nanoseconds(Timestamp.now.nanoseconds(since: max(status.modified, status.statusChanged)))
        guard age < oldAge else {
            return looks.removeValue(forKey: path) != nil || !isOfYoung
        }
        if given[path.hashValue] ?? givenBefore[path.hashValue] == form.hashValue {
            given[path.hashValue] = form.hashValue
            return false
        }
        let now = ContinuousClock.now
        if let look = looks[path], look.form == form {
            guard now - look.time >= pause else { return false }
            looks[path] = nil
            given[path.hashValue] = form.hashValue
            return true
        }
        looks[path] = Look(form: form, time: now)
        return false
    }

    /// Forgets a file that is known to be whole, or gone.
    mutating func forget(_ path: [UInt8]) { looks[path] = nil }

    /// Takes note that a walk through the whole folder begins, which may be for young files only: another has found the old
    /// ones.
    mutating func beginWalk(isOfYoung: Bool = false) {
        self.isOfYoung = isOfYoung
        givenBefore = given
        given = [:]
    }

    /// The files to look at again, in order.
    var paths: [[UInt8]] { looks.keys.sorted { $0.lexicographicallyPrecedes($1) } }
}

extension Timestamp {
    /// The nanoseconds from another time, as files have it, to this one.
    fileprivate func nanoseconds(since other: Int64) -> Int64 {
        seconds * 1_000_000_000 + Int64(nanoseconds) - other
    }
}
