import MHPipeKit
import MHPipePlan
import Synchronization

extension PipelineRun {
    /// True when the next run of the same can go on with what this one has written; ask when it has ended.
    public var canGoOn: Bool { isKept.load(ordering: .relaxed) }

    /// Makes what writes down how far the run is.
    func makeCommitter(_ kept: KeptState, _ graph: StageGraph) throws -> Committer {
        try Committer(
            kept.folder,
            from: kept.record,
            isResumed: kept.isResumed,
            sinks: plan.sinks.count + (plan.settings.quarantine == nil ? 0 : 1),
            stages: plan.transforms.count { $0.isOrdered },
            run: kept.isResumed ? kept.record.number : kept.runs.map { $0.record.run + 1 } ?? 0,
            started: started,
            interval: plan.settings.state?.interval ?? .zero,
            manifest: manifest,
            fail: state.fail
        )
    }

    /// Takes the beginning of the run that is gone on with for that of this one: ages, and `now()` in conditions, would mean other
    /// events from here on.
    func takeStart(of kept: KeptState?) {
        guard let kept, kept.isResumed, let time = Timestamp(rfc3339: kept.record.started) else { return }
        start.withLock { $0?.time = time }
    }

    /// What happens to a unit before a worker has it.
    func handOut(_ committer: Committer?) -> @Sendable (UnitFeed.Item) throws -> Void {
        guard let committer else { return { _ in } }
        return { item in
            if case .unit(let unit) = item.content, unit.id.version == nil { throw UnitPicker.withoutVersion(unit) }
            committer.handOut(item.number)
        }
    }

    /// Passes over what an earlier run is done with, and takes over its counts.
    func goOn(_ kept: KeptState, _ feed: UnitFeed, _ totals: UnitTotals) throws {
        let isInterrupted = { [state] in state.isCancelled || state.isStopped }
        // Runs that append know units by themselves, in whatever order they come.
        guard try kept.runs != nil || kept.pass(feed, sources: plan.sources.map(\.name), isInterrupted: isInterrupted)
        else {
            state.end(.aborted)
            return
        }
        var counts = StageCounts(plan)
        guard counts.take(kept.record.counts) else {
            throw StageError("the state in '\(kept.name)' is not of this pipeline", advice: "begin anew with --restart")
        }
        totals.add(counts)
        countsBefore.withLock { $0 = counts }
        tellProblems(counts)
        try beginManifest(after: counts, kept)
        unitsBefore.store(kept.record.units, ordering: .relaxed)
    }

    /// Says that the run which is gone on with could not read everything: it has named what, and whoever sees this one's exit code
    /// may have seen nothing of that.
    func tellProblems(_ counts: StageCounts) {
        let parts = [
            (counts.unopenedFiles, "file that could not be opened", "files that could not be opened"),
            (counts.damagedFiles, "damaged file", "damaged files"),
            (counts.events.quarantined, "record that it could not read", "records that it could not read"),
        ]
        let texts = parts.compactMap { $0.0 > 0 ? "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" : nil }
        guard !texts.isEmpty else { return }
        observer.warning(
            plan.name,
            "the run that this one goes on with has told of \(texts.joined(separator: ", ")); they are not named again"
        )
    }

    /// Refuses sinks that cannot go on.
    func checkResumable(_ sinks: [any Sink]) throws {
        guard let number = sinks.firstIndex(where: { ($0 as? any ResumableSink)?.canGoOn != true }) else { return }
        let sink = plan.sinks[number]
        throw StageError(
            "sink '\(sink.name)' (\(sink.plugin)) cannot go on where an earlier run was stopped, as a run that keeps its state must",
            advice: "leave out the state, or write files with jsonl, csv or sqlite"
        )
    }

    /// Writes down that the outputs are whole.
    func end(
        _ committer: Committer,
        _ counts: StageCounts,
        _ stages: [OrderedStage],
        _ sinks: [SinkRunner],
        _ problems: UnitLog
    ) throws {
        committer.drain()
        // The checkpoint that was being written may have failed, and a later one would name what is not there.
        guard !state.isStopped else { return }
        var states: [Int: [UInt8]] = [:]
        for stage in stages where plan.transforms[stage.head].spansRuns { states[stage.head] = try stage.save() }
        try committer.end(
            counts,
            sinks: sinks.compactMap { try $0.checkpoint() },
            quarantine: plan.settings.quarantine == nil ? nil : problems.checkpoint(),
            states: states
        )
    }

    /// Writes down how far an interrupted run has come, and ends it without a commit.
    func pause(
        _ committer: Committer,
        _ stages: [OrderedStage],
        _ sinks: [SinkRunner],
        _ problems: UnitLog
    ) throws {
        for stage in stages { stage.drain() }
        let counts = problems.counts
        committer.drain()
        var states: [Int: [UInt8]] = [:]
        for stage in stages { states[stage.head] = try stage.save() }
        guard !state.isStopped else { return }
        try committer.pause(
            counts,
            sinks: sinks.compactMap { try $0.checkpoint() },
            quarantine: plan.settings.quarantine == nil ? nil : problems.checkpoint(),
            states: states
        )
        state.end(.aborted)
    }

    /// Forgets the run, since all its outputs are in their places.
    func forget(_ committer: Committer?, _ sinks: [SinkRunner]) throws {
        guard let committer else { return }
        do {
            try committer.clear()
            for sink in sinks { sink.forget() }
        } catch {
            var failure = StageError(wrapping: error)
            failure.advice =
                "every output is in its place; run with --restart next, or that run may take this one for its beginning"
            failure.isInPlace = true
            throw failure
        }
    }

    /// Lets go of the outputs: for good, or for a later run to go on with.
    func leave(_ sinks: [SinkRunner], _ problems: UnitLog, _ committer: Committer?) {
        committer?.close()
        guard let committer, committer.hasRecord else {
            for sink in sinks { sink.abort() }
            return problems.abort()
        }
        isKept.store(true, ordering: .relaxed)
        for sink in sinks { sink.suspend() }
        problems.suspend()
    }
}
