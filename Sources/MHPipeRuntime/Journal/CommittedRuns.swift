import MHPipeKit
import MHPipePlan

/// What the runs of a pipeline with `mode: append` have committed by now, and what a run that was stopped is done with.
///
/// A run commits in this order, of which each step may be cut and is done again by the next run: the journal says that the
/// run has ended, and where; the outputs grow; the units and states are written under new names; `committed` names them;
/// the journal is cleared. Used by one thread at a time.
final class CommittedRuns {
    /// What is known of a unit before it is read.
    enum Standing {
        case new
        /// This run has read it before it was stopped.
        case done(UnitRecord)
        /// A run has committed it.
        case committed(UnitRecord)
        /// A run has committed it when it held something else.
        case changed
    }

    let record: CommitRecord
    private let folder: StateFolder
    private let units: CommittedUnits
    private let hash: UnitHash
    /// The units that the run was done with before it was stopped, in their order.
    private let done: [UnitRecord]

    /// - Parameters:
    ///   - folder: Where it is.
    ///   - record: What was committed; nil for nothing.
    ///   - done: The units that the run was done with before it was stopped.
    /// - Throws: `StageError` when something is damaged or not there.
    init(_ folder: StateFolder, _ record: CommitRecord?, done: [UnitRecord]) throws {
        self.folder = folder
        self.record = record ?? CommitRecord()
        units = try CommittedUnits(folder, self.record.segments)
        hash = try UnitHash()
        self.done = done.sorted(by: UnitRecord.isBefore)
    }

    func standing(of unit: UnitID, of source: String) throws -> Standing {
        let record = hash.of(unit, of: source)
        if let done = doneRecord(record) { return .done(done) }
        guard let found = try units.find(record) else { return .new }
        if found.version == record.version { return .committed(found) }
        return found.fate == .dropped ? .new : .changed
    }

    /// True for a unit that a run has committed when it held something else.
    func isChanged(_ unit: UnitRecord) throws -> Bool {
        guard let found = try units.find(unit) else { return false }
        return found.version != unit.version && found.fate == .kept
    }

    private func doneRecord(_ unit: UnitRecord) -> UnitRecord? {
        var (low, high) = (0, done.count)
        while low < high {
            let middle = (low + high) / 2
            if UnitRecord.isBefore(done[middle], unit) { low = middle + 1 } else { high = middle }
        }
        return low < done.count && done[low].isSame(as: unit) ? done[low] : nil
    }

    /// What a transform has kept from run to run.
    func states(of stage: String) -> KeptStates {
        KeptStates(folder, stage: stage, length: record.stages[stage] ?? 0)
    }

    /// What a transform knows by fingerprints; nil when no run has kept any.
    func known(by stage: String) throws -> KnownFingerprints? {
        try record.known[stage].map { try KnownFingerprints(folder, stage: stage, $0) }
    }

    /// Puts the states of transforms into files of fingerprints that an earlier mhpipe has kept one behind the other.
    ///
    /// - Returns: What is committed then.
    /// - Throws: `StageError` when they are damaged, or cannot be written; what was committed counts then.
    static func converting(_ record: CommitRecord, _ plan: PipelinePlan, in folder: StateFolder) throws -> CommitRecord
    {
        var next = record
        for transform in plan.transforms {
            let name = transform.name
            guard let split = transform.keptFingerprints, let length = record.stages[name] else { continue }
            var known = CommitRecord.Known()
            var number = 0
            try KeptStates(folder, stage: name, length: length).forEach { state in
                number += 1
                known = try KnownFingerprints(folder, stage: name, known).adding(try split(state), run: number)
            }
            next.stages[name] = nil
            next.known[name] = known
        }
        if next != record { try folder.write(next) }
        return next
    }

    /// Commits a run whose outputs are all in their places; a second time it changes nothing.
    ///
    /// - Parameters:
    ///   - run: What the journal says of its end.
    ///   - plan: The pipeline.
    ///   - identity: The hash of the pipeline.
    ///   - files: What each sink has put in its place, by the sink's name.
    /// - Throws: `StageError`; the run can be committed again then.
    func commit(
        _ run: JournalRecord,
        _ plan: PipelinePlan,
        identity: String,
        files: [String: [WrittenFile]]
    ) throws {
        guard run.number > record.run else { return }
        var next = CommitRecord()
        next.run = run.number
        next.pipeline = identity
        next.readings = Self.readings(of: plan)
        let kept = try folder.units(run.units).filter { $0.fate != .unreadable }
        var left = files.flatMap { sink, files in
            files.compactMap { file in file.end.map { hash.of(file.path, $0, of: sink) } }
        }
        // What runs before this one have written without a record, nobody can tell any more.
        if record.run == 0 { left.append(hash.ofWholeness) }
        next.segments = try units.adding(kept + left, run: next.run)
        for (number, sink) in plan.sinks.enumerated() { next.sinks[sink.name] = run.sinks[number] }
        next.quarantine = run.quarantine
        for (number, transform) in plan.transforms.enumerated() where transform.spansRuns {
            guard let file = run.stages[number] else { continue }
            let state = try folder.state(of: number, file: file)
            guard let split = transform.keptFingerprints else {
                next.stages[transform.name] = try states(of: transform.name).appending(state)
                continue
            }
            let known = try KnownFingerprints(folder, stage: transform.name, record.known[transform.name] ?? .init())
            next.known[transform.name] = try known.adding(try split(state), run: next.run)
        }
        try folder.write(next)
    }

    /// What sources read, by which it is told whether they would find the same files under other names.
    static func readings(of plan: PipelinePlan) -> Set<CommitRecord.Reading> {
        Set(
            plan.sources.flatMap { source in
                let paths = source.pathUses.map(\.path)
                return (paths.isEmpty ? [""] : paths).map { CommitRecord.Reading(source: source.name, path: $0) }
            }
        )
    }
}
