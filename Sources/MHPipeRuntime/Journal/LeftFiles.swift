import MHPipeKit

/// How runs that append have left the files of which they write many, so that one is noticed that was cut, or changed, since.
///
/// What is known of a file is a record among those of the units: the sink stands for the source, the path for the name, and
/// how it ended for the version. One more record says that every file has one: the first run of a state puts it down, so it is
/// missing for good from a state that earlier versions of mhpipe began, which wrote files and did not put them down.
final class LeftFiles: EarlierFiles {
    private struct State: @unchecked Sendable /* behind a mutex */ {
        let folder: StateFolder
        let segments: [CommitRecord.Segment]
        /// Read when the first file is asked for; most runs have none.
        var units: CommittedUnits?
        var hash: UnitHash?
    }

    private let state: Locked<State>
    private let sink: String
    let takesChanged: Bool

    init(_ folder: StateFolder, _ record: CommitRecord, sink: String, takesChanged: Bool) {
        state = Locked(State(folder: folder, segments: record.segments))
        self.sink = sink
        self.takesChanged = takesChanged
    }

    func standing(of path: String, _ end: String) throws(StageError) -> EarlierStanding {
        do {
            return try state.withLock { state in
                let units = try state.units ?? CommittedUnits(state.folder, state.segments)
                let hash = try state.hash ?? UnitHash()
                (state.units, state.hash) = (units, hash)
                let now = hash.of(path, end, of: sink)
                if let left = try units.find(now) { return left.version == now.version ? .asLeft : .changed }
                let wholeness = hash.ofWholeness
                return try units.find(wholeness)?.version == wholeness.version ? .foreign : .unknown
            }
        } catch {
            throw StageError(wrapping: error)
        }
    }

    func damage(ofCompressed path: FilePath) throws(StageError) -> String? { try CompressedEnd.damage(of: path) }
}

extension UnitHash {
    /// The record of a file that a sink has written, which no record of a unit can be taken for: no source has such a name.
    func of(_ path: String, _ end: String, of sink: String) -> UnitRecord {
        of(UnitID(path, version: end), of: "\0sink \(sink)")
    }

    /// The record that says that every file which the runs of a state have written has one.
    ///
    /// In its first version it was put down by later runs as well, of states with files that have none.
    var ofWholeness: UnitRecord { of(UnitID("", version: "2"), of: "\0files") }
}
