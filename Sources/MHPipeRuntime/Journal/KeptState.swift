import MHPipeIO
import MHPipeKit
import MHPipePlan

/// The state that a run keeps, and how far an earlier run of the same has come.
struct KeptState {
    let folder: StateFolder
    let name: String
    /// Where to go on; of no units where there is nothing to go on with.
    let record: JournalRecord
    /// True when an earlier run is gone on with.
    let isResumed: Bool
    /// The fingerprints of its units.
    private let fingerprints: [UInt8]

    /// What the outputs of such runs are found by.
    let key: String

    /// Opens the folder, and looks whether what it holds is of the same run.
    ///
    /// - Throws: `StageError` when it cannot be used, or is another run's.
    init(_ settings: StateSettings) throws {
        name = settings.folder
        folder = try StateFolder(name)
        let hash = try SHA256()
        hash.update(folder.place)
        key = Hexadecimal.text(hash.finish().prefix(8))
        if settings.restarts { try folder.clear() }
        guard let record = try folder.record() else {
            var record = JournalRecord()
            record.run = settings.identity
            (self.record, isResumed, fingerprints) = (record, false, [])
            return
        }
        guard record.run == settings.identity else {
            throw StageError(
                "'\(name)' holds the state of a run of another pipeline, of another mhpipe or with other plugins",
                advice: "run that one to its end, give this one a folder of its own, or begin anew with --restart"
            )
        }
        (self.record, isResumed) = (record, true)
        fingerprints = try folder.fingerprints(record.units)
    }

    /// Where a sink begins; `sink` is nil for the quarantine.
    func start(of sink: Int?) throws -> SinkStart {
        guard isResumed else { return .fresh }
        guard let checkpoint = sink.map({ record.sinks[$0] }) ?? record.quarantine else {
            throw StageError(
                "the state in '\(name)' does not say where every output ended",
                advice: "begin anew with --restart"
            )
        }
        return .resume(checkpoint)
    }

    /// The state of an ordered transform; nil when it begins.
    func state(of transform: Int) throws -> [UInt8]? {
        guard let file = record.stages[transform] else { return nil }
        return try folder.state(of: transform, file: file)
    }

    /// Passes over the units that the earlier run is done with, and sees to it that they are the same ones.
    ///
    /// - Returns: False when the run is interrupted meanwhile.
    /// - Throws: `StageError` that names the first one that is not.
    func pass(_ feed: UnitFeed, sources: [String], isInterrupted: () -> Bool) throws -> Bool {
        let fingerprint = try UnitFingerprint()
        for number in 0..<record.units {
            guard let item = try feed.pass() else {
                if isInterrupted() { return false }
                throw changed("there are \(number) files or units, and that run was done with \(record.units)")
            }
            let id = item.id
            let start = number * UnitFingerprint.count
            let now = fingerprint.of(id, of: sources[item.source])
            guard fingerprints[start..<start + UnitFingerprint.count].elementsEqual(now) else {
                throw changed("'\(id.displayName)' was not there, or was another one, when that run came to it")
            }
        }
        return true
    }

    private func changed(_ reason: String) -> StageError {
        StageError(
            "the input has changed since the run that is to go on: \(reason)",
            advice: "what was written by then would not fit the rest; begin anew with --restart"
        )
    }
}

extension UnitFeed.Item {
    /// Which unit it is.
    var id: UnitID {
        switch content {
        case .unit(let unit): unit.id
        case .unreadable(let input): UnitID(input.name)
        }
    }
}
