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
    /// The transform whose table has changed, so that a run which was stopped was forgotten; nil where that did not happen.
    let hasForgotten: String?
    /// What earlier runs have committed, where runs append.
    let runs: CommittedRuns?
    /// The units that the earlier run was done with.
    private let units: [UnitRecord]

    /// What the outputs of such runs are found by.
    let key: String

    /// Opens the folder, and looks whether what it holds is of the same run.
    ///
    /// - Throws: `StageError` when it cannot be used, or is another run's.
    init(_ settings: StateSettings, _ plan: PipelinePlan) throws {
        try self.init(settings, plan, try StateFolder(settings.folder))
    }

    /// Looks again at a folder that is open.
    init(_ settings: StateSettings, _ plan: PipelinePlan, _ folder: StateFolder) throws {
        name = settings.folder
        self.folder = folder
        let hash = try SHA256()
        hash.update(folder.place)
        key = Hexadecimal.text(hash.finish().prefix(8))
        var committed = try folder.committed()
        try Self.check(committed, settings, plan)
        if settings.restarts { try Self.forget(folder, settings) }
        var found = try folder.record()
        let changed = found.flatMap { Self.changedTable($0, settings) }
        hasForgotten = settings.appends ? changed : nil
        if let changed {
            guard settings.appends else { throw Self.tableChanged(changed, name) }
            // Nothing of it is in its place, and whoever has runs each night would have none from here on.
            try folder.clear()
            found = nil
        }
        if let record = found {
            guard record.run == settings.identity else {
                throw StageError(
                    "'\(name)' holds the state of a run of another pipeline, of another mhpipe or with other plugins",
                    advice: "run that one to its end, give this one a folder of its own, or begin anew with --restart"
                )
            }
            (self.record, isResumed) = (record, true)
            units = try folder.units(record.units)
        } else {
            var record = JournalRecord()
            record.run = settings.identity
            record.tables = settings.tables
            (self.record, isResumed, units) = (record, false, [])
        }
        // Not before this run may go on: the mhpipe that a stopped one waits for can read no other.
        committed = try committed.map { try CommittedRuns.converting($0, plan, in: folder) }
        // What a run was to commit that was stopped while it did is named by no record yet.
        if !isResumed, let committed { try folder.sweep(keeping: committed) }
        runs = settings.appends ? try CommittedRuns(folder, committed, done: units) : nil
    }

    /// The transform that would make something else of the rest of the events than of those before, since its table is another one.
    private static func changedTable(_ record: JournalRecord, _ settings: StateSettings) -> String? {
        // Nothing more is made of any event then.
        guard record.run == settings.identity, !record.hasEnded else { return nil }
        return settings.tables.filter { record.tables[$0.key] != $0.value }.keys.min()
    }

    private static func tableChanged(_ transform: String, _ folder: String) -> StageError {
        StageError(
            "the file that transform '\(transform)' reads has changed since the run whose state is in '\(folder)'",
            advice: "what was written by then would not fit the rest; put it back, or begin anew with --restart"
        )
    }

    /// Forgets a run that was stopped; not one whose outputs may be in their places in part.
    private static func forget(_ folder: StateFolder, _ settings: StateSettings) throws {
        if settings.appends, try folder.record()?.hasEnded == true {
            throw StageError(
                "the run whose state is in '\(settings.folder)' was stopped while its outputs were put in their places",
                advice: "run without --restart, which does the rest of it first"
            )
        }
        try folder.clear()
    }

    /// Looks whether this run can add to what earlier ones have committed.
    private static func check(_ committed: CommitRecord?, _ settings: StateSettings, _ plan: PipelinePlan) throws {
        guard let committed else { return }
        guard settings.appends else {
            throw StageError(
                "'\(settings.folder)' is the state of \(committed.run) runs with `mode: append`, whose outputs this one would replace",
                advice: "run with `mode: append`, or give this one a folder and outputs of its own"
            )
        }
        guard committed.pipeline != settings.pipeline else { return }
        guard settings.restarts else {
            throw StageError(
                "the pipeline is another one than that of the \(committed.run) runs whose state is in '\(settings.folder)'",
                advice: "what they wrote stays as it is; --restart goes on with the pipeline as it is now"
            )
        }
        let now = CommittedRuns.readings(of: plan)
        let (gone, new) = (committed.readings.subtracting(now), now.subtracting(committed.readings))
        guard let reading = gone.first, !new.isEmpty else { return }
        throw StageError(
            "source '\(reading.source)' with '\(reading.path)' is gone, and others are new: files that were read already may have other names now, and would be read again",
            advice: "take the old name and path again; or begin anew with another folder and other outputs"
        )
    }

    /// Where a sink begins, by its number and its name; nil for the quarantine.
    func start(of sink: (number: Int, name: String)?) throws -> SinkStart {
        if isResumed {
            guard let checkpoint = sink.map({ record.sinks[$0.number] }) ?? record.quarantine else {
                throw StageError(
                    "the state in '\(name)' does not say where every output ended",
                    advice: "begin anew with --restart"
                )
            }
            return .resume(checkpoint)
        }
        guard let runs else { return .fresh }
        return .append(sink.map { runs.record.sinks[$0.name] } ?? runs.record.quarantine)
    }

    /// Hands an ordered transform what it knew, by its number in the plan.
    ///
    /// - Throws: `StageError` when that is not there; what the transform throws.
    func restore(_ transform: inout any OrderedTransform, _ number: Int, _ stage: Stage<any TransformPlugin>) throws {
        if stage.spansRuns, let runs {
            if let known = try runs.known(by: stage.name),
                var keeping = cast(transform, to: (any FingerprintKeeping).self)
            {
                try keeping.beginRun(behind: known)
                transform = keeping
            } else {
                try runs.states(of: stage.name).forEach { state in try transform.restore(state.span) }
            }
            try transform.beginRun()
        }
        guard let file = record.stages[number] else { return }
        let state = try folder.state(of: number, file: file)
        try transform.restore(state.span)
    }

    /// Passes over the units that the earlier run is done with, and sees to it that they are the same ones.
    ///
    /// - Returns: False when the run is interrupted meanwhile.
    /// - Throws: `StageError` that names the first one that is not.
    func pass(_ feed: UnitFeed, sources: [String], isInterrupted: () -> Bool) throws -> Bool {
        let hash = try UnitHash()
        for (number, unit) in units.enumerated() {
            guard let item = try feed.pass() else {
                if isInterrupted() { return false }
                throw changed("there are \(number) files or units, and that run was done with \(record.units)")
            }
            let now = hash.of(item.id, of: sources[item.source])
            guard unit.isSame(as: now), unit.version == now.version else {
                throw changed("'\(item.id.displayName)' was not there, or was another one, when that run came to it")
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
    var id: UnitID {
        switch content {
        case .unit(let unit): unit.id
        case .unreadable(let input): UnitID(input.name)
        }
    }
}
