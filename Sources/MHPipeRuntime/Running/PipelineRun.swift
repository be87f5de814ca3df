import Dispatch
import MHPipeIO
import MHPipeKit
public import MHPipePlan
import Synchronization

/// Runs a plan once.
///
/// Each worker has a serial queue and carries a unit of work the whole way; each sink has a serial queue and writes in
/// the order of the units. The bytes between them are bounded.
public final class PipelineRun: Sendable {
    let plan: PipelinePlan
    let observer: RunObserver
    let manifest: RunManifest?
    private let trace: (any StageTracing)?
    private let windowBytes: Int
    private let proof: ObjectProof?
    let budget: ByteBudget
    let state: RunState
    let warnings = WarningLog()
    private let idle = IdleWorkers()
    let feed = Locked<UnitFeed?>(nil)
    let start = Locked<Start?>(nil)
    /// Where counts are added up, from the start of the run on.
    let totals = Locked<UnitTotals?>(nil)
    /// What a run did that failed behind its commits.
    private let unsettled = Locked<RunReport?>(nil)
    /// The units that an earlier run was done with, where this one goes on with it.
    let unitsBefore = Atomic(0)
    /// True when a run whose commit this one has done first could not read everything.
    let problemsBefore = Atomic(false)
    /// What that run has counted of them.
    let countsBefore = Locked<StageCounts?>(nil)
    /// What tells units that earlier runs have committed, where runs append.
    let picker = Locked<UnitPicker?>(nil)
    /// What outputs that are kept are found by.
    let stateKey = Locked<String?>(nil)
    /// What earlier runs have committed, where runs append.
    let earlierRuns = Locked<EarlierRuns?>(nil)
    /// True when outputs were left for a later run.
    let isKept = Atomic(false)

    /// Where it is written what earlier runs have committed.
    struct EarlierRuns: @unchecked Sendable /* the folder is asked for files that do not change any more */ {
        let folder: StateFolder
        let record: CommitRecord
    }

    /// When the run began, by the clock that does not jump, and by that of the wall, where it goes on with another one when that did.
    struct Start {
        let ticks = DispatchTime.now()
        var time = Timestamp.now
    }

    /// Encoded bytes that may wait for the sinks.
    package static let budgetBytes = 6 << 20

    /// Prepares a run; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - plan: What to run; it has passed the check of pipeline files, or is as sound as if it had.
    ///   - observer: Who is told what happens.
    public convenience init(_ plan: PipelinePlan, observer: RunObserver = RunObserver()) {
        self.init(plan, observer: observer, manifest: nil)
    }

    /// The same for a run that writes a manifest.
    package convenience init(_ plan: PipelinePlan, observer: RunObserver, manifest: RunManifest?) {
        self.init(plan, observer: observer, windowBytes: UnitReader.usualWindowBytes, manifest: manifest)
    }

    /// The same for a run of whose events somebody wants to know what each stage did with them.
    package convenience init(_ plan: PipelinePlan, observer: RunObserver, trace: any StageTracing) {
        self.init(plan, observer: observer, windowBytes: UnitReader.usualWindowBytes, manifest: nil, trace: trace)
    }

    /// The same with `windowBytes` of text read at a time, unless a record is larger, and another proof of records or none.
    init(
        _ plan: PipelinePlan,
        observer: RunObserver,
        windowBytes: Int,
        proof: ObjectProof? = .usual,
        retries: Retries = Retries(),
        manifest: RunManifest? = nil,
        trace: (any StageTracing)? = nil
    ) {
        self.plan = plan
        self.trace = trace
        self.manifest = manifest
        self.windowBytes = windowBytes
        self.proof = proof
        self.observer = warnings.noting(for: observer).serialized
        // What is for the log, the quarantine and ordered stages waits like what is made for a sink.
        let others = 2 + plan.transforms.count { $0.isOrdered }
        let budget = ByteBudget(limit: Self.budgetBytes, sinks: plan.sinks.count + others)
        self.budget = budget
        state = RunState(sinks: plan.sinks.count, retries: retries) { [idle] in
            budget.wake()
            idle.wake()
        }
    }

    /// Makes `run` return early, with the outputs that the plan's `onInterrupt` says; any thread may call it.
    ///
    /// With `abort`, what is in flight is let go of. With `commit`, it ends first; what has no end of its own, as a pipe,
    /// ends where it is.
    ///
    /// - Returns: False when it is too late, since outputs are being put in their places.
    @discardableResult
    public func cancel() -> Bool {
        // Where the run keeps its state, what is in flight ends as well, and is kept.
        switch plan.settings.state == nil ? plan.settings.onInterrupt : .commit {
        case .abort:
            return state.end(.aborted, isUrgent: true)
        case .commit:
            guard state.cancel() else { return false }
            feed.withLock { $0?.close() }
            return true
        }
    }

    /// Lets go of everything, whatever the plan's `onInterrupt` says; any thread may call it.
    ///
    /// - Returns: False when outputs are being put in their places, so that some may be there and others not.
    public func abandon() -> Bool {
        state.end(.aborted, isUrgent: true)
    }

    /// Ends the programs that the process has started, and removes what it has written beside the names of its outputs,
    /// for a process that ends at once: no run in it can go on after that.
    public static func leaveNothingBehind() {
        RunningPrograms.endAll()
        UnfinishedFiles.removeAll()
    }

    /// How far the run is; any thread may ask.
    public var progress: RunProgress {
        var progress = RunProgress()
        let total = feed.withLock { $0 }?.total
        progress.filesTotal = total?.units
        progress.bytesTotal = total?.bytes
        progress.filesDone = state.filesDone.load(ordering: .relaxed)
        progress.bytesDone = state.bytesDone.load(ordering: .relaxed)
        progress.events = state.events.load(ordering: .relaxed)
        progress.seconds = seconds
        return progress
    }

    /// Runs the plan; blocks the calling thread until all is committed.
    ///
    /// - Returns: What the run did; its outcome says whether anything was committed.
    /// - Throws: `StageError`, `OptionError`, or what a plugin throws. Nothing has been committed then: every destination
    ///   is as it was before. Only a `commit` that fails, which is a rename, leaves in place what the sinks before it in
    ///   the plan have committed, and says so.
    public func run() throws -> RunReport {
        start.withLock { $0 = Start() }
        let graph = StageGraph(plan, isTraced: trace != nil)
        let kept = try openState()
        takeStart(of: kept)
        // The next round of a watch comes at once, and a queue may not have let go of its last work by then.
        defer { kept?.folder.unlock() }
        let committer = try kept.map { try makeCommitter($0, graph) }
        var sources: [SourceRunner] = []
        defer { for source in sources { source.release() } }
        for source in plan.sources {
            sources.append(try SourceRunner(source.name, source.make(context(source.name)), fail: state.fail))
        }
        let totals = UnitTotals(plan, of: sources.filter(\.isAcknowledged).map(\.name))
        let picker = kept?.runs.map { [observer, plan] runs in
            let policy = plan.settings.state?.changed ?? .report
            return UnitPicker(
                runs,
                sources: plan.sources.map(\.name),
                policy: policy,
                totals: totals,
                warn: observer.warning
            )
        }
        self.picker.withLock { $0 = picker }
        let feed = UnitFeed(
            sources,
            idle: idle,
            takes: { try picker?.takes($0, of: $1) ?? true },
            onHandOut: handOut(committer),
            isStopped: { [state] in state.isStopped }
        )
        self.feed.withLock { $0 = feed }
        if state.isCancelled { feed.close() }
        let pool = BufferPool()
        self.totals.withLock { $0 = totals }
        let problems = UnitLog(
            observer: observer,
            settings: plan.settings,
            totals: totals,
            quarantine: quarantine(graph, pool, committer),
            manifest: manifest.map { UnitRecorder($0, plan, fail: state.fail) },
            committer: committer,
            state: state,
            budget: budget,
            number: plan.sinks.count,
            sections: graph.sections.count
        )
        if let kept, kept.isResumed { try goOn(kept, feed, totals) } else { try beginManifest(kept) }
        for (number, source) in sources.enumerated() {
            source.startPreparing { picker?.wants($0, of: number) ?? true }
        }
        let hasEnded = kept?.record.hasEnded == true
        // Nothing is opened before there is something to read.
        if kept?.isResumed != true, try !feed.findFirst(), feed.isExhausted {
            let isNothingNew = picker.map { $0.counts.passedOver > 0 } == true && !feed.holdsAny
            // With --restart, what is there and the pipeline are taken as they are now, which the run has to write down.
            if isNothingNew, plan.settings.state?.restarts != true {
                let report = try endWithNothingNew(feed, problems, committer)
                try acknowledge(sources, totals, problems)
                return explained(report, [])
            }
            // What cannot be read is added to the quarantine of earlier runs like anything else.
            // That none of the files can hold what is asked for is an answer, and takes the place of the last one.
            let isAnswer =
                plan.settings.onEmpty == .ignore
                || (plan.settings.onEmpty == .warn && feed.hasPruned && !isAppending)
            if !isNothingNew, !isAnswer, !isAppending || !feed.holdsAny {
                return try endWithoutInput(feed, problems, sources, totals)
            }
        }

        let instances = try plan.sinks.map { try $0.make(context($0.name)) }
        if committer != nil { try checkResumable(instances) }
        let sinks = zip(plan.sinks, instances).enumerated().map { number, sink in
            SinkRunner(
                name: sink.0.name,
                number: number,
                sections: graph.sinkSections[number],
                sink: sink.1,
                committer: committer,
                stateNumber: number,
                state: state,
                budget: budget,
                pool: pool
            )
        }
        let parts = StageParts(
            sinks: sinks,
            selections: sources.map(\.selection),
            pool: pool,
            trace: trace,
            encoder: { try instances[$0].makeEncoder() },
            context: { [self] in context($0) }
        )
        let stages = try makeOrderedStages(graph, parts, problems, kept, committer)
        let comparesContent = instances.contains { ($0 as? any ContentComparingSink)?.comparesContent == true }
        let hashes = manifest != nil || comparesContent
        let makeWorker = { [self] (number: Int) in
            let chain = try StageChain(section: 0, plan: plan, graph: graph, parts: parts, later: stages)
            return Worker(
                number: number,
                plan: plan,
                feed: feed,
                state: state,
                log: problems,
                chain: chain,
                windowBytes: windowBytes,
                proof: proof,
                hashes: hashes
            )
        }
        var workers = [try makeWorker(0)]
        // Of nothing at all nothing is written.
        var written = sinks
        do {
            try open(sinks, problems, kept)
            if !hasEnded {
                work(&workers, feed, makeWorker)
                if let committer, state.isCancelled, !state.isStopped, !feed.isExhausted {
                    try pause(committer, stages, sinks, problems)
                } else {
                    end(stages, sinks, problems, graph, units: feed.handedOut)
                }
            }
            if state.isCancelled { feed.lookForEnd() }
            let counts = counts(workers, stages, problems)
            try checkAccounts(counts, graph)
            let isEmpty = openedNothing(counts)
            if isEmpty, !isAppending { written = [] }
            try finish(counts, written, problems)
            if let committer, !state.isStopped, !isEmpty || isAppending {
                try end(committer, counts, stages, sinks, problems)
            }
            // Not before the last problem has been told.
            if isEmpty, plan.settings.failsOnEmpty {
                throw Self.nothingToRead("none of the files that were found can be opened")
            }
            if !hasEnded { try checkFiles(report(workers, stages, sinks, problems, feed, outcome: outcome(feed))) }
            // What was read before the run was stopped, or will be in the next round, is not counted; of a few events that
            // somebody follows nothing can be told.
            if !state.isCancelled, kept?.isResumed != true, plan.settings.rounds == nil, trace == nil {
                try tallies(workers, stages).check(stages: plan.transforms.map(\.name))
            }
        } catch {
            state.fail(error)
        }
        if let text = picker?.warning { observer.warning(plan.name, text) }
        if let (source, text) = feed.repeated.warning { observer.warning(plan.sources[source].name, text) }
        if let end = state.beginCommit() {
            leave(sinks, problems, committer)
            switch end {
            case .failed(let error): throw error
            case .aborted: return report(workers, stages, sinks, problems, feed, outcome: .aborted)
            case .noReader: return report(workers, stages, sinks, problems, feed, outcome: .closedPipe)
            }
        }
        var failure: StageError?
        do {
            try commit(written, problems, committer)
            try keepRun(kept, committer, written)
        } catch let error as StageError where error.isInPlace {
            failure = error
        }
        if written.isEmpty { for sink in sinks { sink.abort() } }
        let outcome = written.isEmpty ? .nothingToRead : hasEnded ? .completed : outcome(feed)
        var report = report(workers, stages, sinks, problems, feed, outcome: outcome)
        // A round of a watch is too little to tell from.
        let isRound = plan.settings.rounds != nil
        var reasons = isRound ? [] : EmptySelections(sources, workers.map(\.selectors)).warnings(of: report)
        if !written.isEmpty, !isRound {
            reasons += EmptyStages(workers.flatMap(\.explaining) + stages.flatMap(\.explaining)).warnings(of: report)
            reasons += unfound(workers.flatMap(\.sought) + stages.flatMap(\.sought), report, besides: reasons)
            reasons += tallies(workers, stages).warnings(stages: plan.transforms.map(\.name) + plan.sinks.map(\.name))
        }
        tellRemarks(sources)
        report = explained(report, reasons)
        do {
            if !written.isEmpty { try endManifest(report, sinks, problems, isUnsettled: failure != nil) }
            // Not before the manifest is there: until then, the same command goes on to write it.
            if failure == nil { try forget(committer, written) }
            if failure == nil { try acknowledge(sources, totals, problems) }
        } catch let error as StageError where error.isInPlace {
            failure = failure ?? error
        }
        report = explained(report, [])
        guard let failure else { return report }
        unsettled.withLock { $0 = report }
        throw failure
    }

    /// What the run did whose `run` has thrown although every output is in its place; nil for any other run.
    package var unsettledReport: RunReport? { unsettled.withLock { $0 } }

    /// Ends a run that does not know what became of every file.
    private func checkFiles(_ report: RunReport) throws {
        guard !state.isStopped, !report.accountsForFiles else { return }
        throw StageError(
            "the files do not add up: \(report.filesSeen) seen, but \(report.files) read, \(report.filesLeftOut) left out, "
                + "\(report.otherFiles) others, \(report.filesPruned) pruned, \(report.unreadable) unreadable, \(report.filesNotReached) not reached",
            advice: "this is a mistake in mhpipe, or in a source plugin; the outputs are as they were before"
        )
    }

    /// Ends a run whose sources gave no file; no output is touched.
    private func endWithoutInput(
        _ feed: UnitFeed,
        _ problems: UnitLog,
        _ sources: [SourceRunner],
        _ totals: UnitTotals
    ) throws -> RunReport {
        let unreadable = feed.takeUnreadable()
        for (input, source) in unreadable {
            totals.note(UnitID(input.name), of: sources[source].name, isRead: false)
        }
        do {
            if !unreadable.isEmpty {
                try problems.open()
                report(unreadable.map(\.input), problems)
                try problems.finish(RunTotals(unreadable: unreadable.count))
            }
            if case .failed(let error) = state.beginCommit() { throw error }
            var report = report([], [], [], problems, feed, outcome: .nothingToRead)
            report.unreadable = unreadable.count
            report.filesNotReached = 0
            tellRemarks(sources)
            report = explained(report, EmptySelections(sources, []).warnings(of: report))
            if plan.settings.failsOnEmpty { throw Self.nothingToRead("no source gave a file") }
            try problems.commit()
            try acknowledge(sources, totals, problems)
            return explained(report, [])
        } catch let error as StageError where error.isInPlace {
            throw error
        } catch {
            problems.abort()
            throw error
        }
    }

    /// True when none of the files could be opened and outputs of that are not wanted.
    private func openedNothing(_ counts: StageCounts) -> Bool {
        guard !state.isStopped, !state.isCancelled, plan.settings.onEmpty != .ignore else { return false }
        return counts.files == 0 && counts.unopenedFiles > 0
    }

    private static func nothingToRead(_ reason: String) -> StageError {
        StageError(
            "there is nothing to read: \(reason)",
            advice: "the outputs are as they were; `on_empty: warn`, or `--on-empty warn`, ends such a run well"
        )
    }

    /// Makes the ordered stages, in the order of their sections.
    private func makeOrderedStages(
        _ graph: StageGraph,
        _ parts: StageParts,
        _ problems: UnitLog,
        _ kept: KeptState?,
        _ committer: Committer?
    ) throws -> [OrderedStage] {
        var later: [OrderedStage] = []
        // From the last one on, since each hands events to those behind it.
        for section in graph.sections.indices.dropFirst().reversed() {
            guard let head = graph.sections[section].head else { continue }
            let stage = plan.transforms[head]
            var transform = try parts.ordered(stage)
            try kept?.restore(&transform, head, stage)
            let ordered = OrderedStage(
                section: section,
                graph: graph,
                name: stage.name,
                transform: transform,
                chain: try StageChain(section: section, plan: plan, graph: graph, parts: parts, later: later),
                number: plan.sinks.count + section,
                state: state,
                budget: budget,
                log: problems,
                committer: committer,
                trace: parts.trace
            )
            later.insert(ordered, at: 0)
        }
        return later
    }

    /// Ends all sections, one after the other, behind the last unit.
    private func end(
        _ stages: [OrderedStage],
        _ sinks: [SinkRunner],
        _ problems: UnitLog,
        _ graph: StageGraph,
        units: Int
    ) {
        problems.finishSection(0, units: units)
        for sink in graph.sections[0].sinks { sinks[sink.stage].finish(nil, number: units, section: 0) }
        for stage in stages { stage.finish(nil, unit: units, section: 0) }
        for stage in stages { stage.drain() }
    }

    /// Fails the run when a stage lost events, or gave more than it had.
    private func checkAccounts(_ counts: StageCounts, _ graph: StageGraph) throws {
        guard !state.isStopped else { return }
        if let gap = StageAccounts(plan, graph, counts).gap { throw gap }
    }

    /// Reports what sources could not read, where they gave nothing else.
    private func report(_ unreadable: [UnreadableInput], _ problems: UnitLog) {
        let batch = problems.makeBatch()
        for input in unreadable {
            let problem = InputProblem(scope: .path, file: input.name, reason: input.reason)
            unsafe input.raw.withUnsafeBufferPointer {
                unsafe batch.append(problem, raw: $0, isKept: !input.comesAgain)
            }
        }
        problems.deliver(batch)
    }

    /// Has the workers work, and makes another one as long as there is a unit that none of them waits for.
    private func work(_ workers: inout [Worker], _ feed: UnitFeed, _ makeWorker: (Int) throws -> Worker) {
        let group = DispatchGroup()
        do {
            workers[0].start(group)
            let most = plan.settings.workers ?? ProcessorCount.usable
            while workers.count < most, try feed.findAnother() {
                let worker = try makeWorker(workers.count)
                workers.append(worker)
                worker.start(group)
            }
        } catch {
            state.fail(error)
        }
        group.wait()
    }
}
