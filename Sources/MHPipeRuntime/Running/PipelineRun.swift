import Dispatch
import MHPipeIO
public import MHPipeKit
import Synchronization

/// Runs a plan once.
///
/// Each worker has a serial queue and carries a unit of work the whole way; each sink has a serial queue and writes in
/// the order of the units. The bytes between them are bounded.
public final class PipelineRun: Sendable {
    private let plan: PipelinePlan
    private let observer: RunObserver
    private let windowBytes: Int
    private let budget: ByteBudget
    private let state: RunState
    private let feed = Mutex<UnitFeed?>(nil)
    private let start = Mutex<DispatchTime?>(nil)

    /// Encoded bytes that may wait for the sinks.
    static let budgetBytes = 6 << 20

    /// Prepares a run; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - plan: What to run; it has passed the check of pipeline files, or is as sound as if it had.
    ///   - observer: Who is told what happens.
    public convenience init(_ plan: PipelinePlan, observer: RunObserver = RunObserver()) {
        self.init(plan, observer: observer, windowBytes: UnitReader.usualWindowBytes)
    }

    /// The same with `windowBytes` of text read at a time, unless a record is larger.
    init(_ plan: PipelinePlan, observer: RunObserver, windowBytes: Int) {
        self.plan = plan
        self.windowBytes = windowBytes
        self.observer = observer.serialized
        let budget = ByteBudget(limit: Self.budgetBytes, sinks: plan.sinks.count)
        self.budget = budget
        state = RunState(onStop: { budget.wake() })
    }

    /// Lets the units in flight end, commits what was read, and makes `run` return; any thread may call it.
    public func cancel() {
        state.cancel()
        feed.withLock { $0?.close() }
    }

    /// Ends the programs that the process has started, and removes what it has written beside the names of its outputs;
    /// any thread may call it.
    ///
    /// The run is not told, so this is for a process that ends at once.
    public func abandon() {
        RunningPrograms.endAll()
        UnfinishedFiles.removeAll()
    }

    /// How far the run is; any thread may ask.
    public var progress: RunProgress {
        var progress = RunProgress()
        feed.withLock { feed in
            progress.filesTotal = feed?.count ?? 0
            progress.bytesTotal = feed?.bytes ?? 0
        }
        progress.filesDone = state.filesDone.load(ordering: .relaxed)
        progress.bytesDone = state.bytesDone.load(ordering: .relaxed)
        progress.events = state.events.load(ordering: .relaxed)
        progress.seconds = seconds
        return progress
    }

    /// Runs the plan; blocks the calling thread until all is committed.
    ///
    /// - Returns: What the run did.
    /// - Throws: `StageError`, `OptionError`, or what a plugin throws. Nothing has been committed then: every destination
    ///   is as it was before. Only a `commit` that fails, which is a rename, leaves in place what the sinks before it in
    ///   the plan have committed.
    public func run() throws -> RunReport {
        start.withLock { $0 = .now() }
        let unreadable = Mutex<[UnreadableInput]>([])
        let sources = try plan.sources.map { try $0.make(context($0.name)) }
        let feed = UnitFeed(
            try sources.map { source in
                let report = { (input: UnreadableInput) in unreadable.withLock { $0.append(input) } }
                if let source = source as? any ListingSource { return try source.list(report: report) }
                return MadeUnits(try source.units(report: report))
            }
        )
        self.feed.withLock { $0 = feed }
        if state.isCancelled { feed.close() }

        let pool = BufferPool()
        let problems = ProblemLog(observer: observer, settings: plan.settings, state: state)
        let instances = try plan.sinks.map { try $0.make(context($0.name)) }
        let sinks = zip(plan.sinks, instances).enumerated().map { number, sink in
            SinkRunner(name: sink.0.name, number: number, sink: sink.1, state: state, budget: budget, pool: pool)
        }
        let workers = try makeWorkers(feed, sinks, instances, problems, pool)
        let found = unreadable.withLock { $0 }
        do {
            try problems.open()
            for sink in sinks { try sink.open() }
            report(found, problems)
            work(workers)
            return try commit(workers, sinks, problems, unreadable: found.count)
        } catch {
            for sink in sinks { sink.abort() }
            problems.abort()
            if (error as? StageError)?.isClosedPipe == true {
                return report(workers, outcome: .closedPipe, unreadable: found.count)
            }
            throw error
        }
    }

    private func makeWorkers(
        _ feed: UnitFeed,
        _ sinks: [SinkRunner],
        _ instances: [any Sink],
        _ problems: ProblemLog,
        _ pool: BufferPool
    ) throws -> [Worker] {
        let graph = StageGraph(plan)
        let wanted = plan.settings.workers ?? ProcessorCount.usable
        // More workers than units would only wait.
        return try (0..<max(1, min(wanted, feed.count))).map { number in
            let chain = StageChain(
                plan: plan,
                graph: graph,
                transforms: try plan.transforms.map { try $0.make(context($0.name)) },
                encoders: try instances.map { try $0.makeEncoder() },
                sinks: sinks,
                pool: pool
            )
            return Worker(
                number: number,
                plan: plan,
                feed: feed,
                state: state,
                sinks: sinks,
                problems: problems,
                chain: chain,
                windowBytes: windowBytes
            )
        }
    }

    /// Reports what sources could not read, before anything else.
    private func report(_ unreadable: [UnreadableInput], _ problems: ProblemLog) {
        problems.deliver(
            unreadable.map { input in
                let problem = InputProblem(scope: .path, file: input.name, reason: input.reason)
                return ProblemLog.Entry(
                    problem: problem,
                    line: QuarantineFile.line(problem, raw: UnsafeBufferPointer(start: nil, count: 0))
                )
            }
        )
    }

    private func work(_ workers: [Worker]) {
        let group = DispatchGroup()
        for worker in workers { worker.start(group) }
        group.wait()
    }

    /// Makes everything durable, then puts everything in its place.
    private func commit(
        _ workers: [Worker],
        _ sinks: [SinkRunner],
        _ problems: ProblemLog,
        unreadable: Int
    ) throws -> RunReport {
        try problems.finish()
        for sink in sinks { try sink.finish() }
        if let error = state.error { throw error }
        for sink in sinks { try sink.commit() }
        try problems.commit()
        let isWhole = feed.withLock { $0?.isExhausted ?? true }
        return report(workers, outcome: isWhole ? .completed : .interrupted, unreadable: unreadable)
    }

    private func report(_ workers: [Worker], outcome: RunReport.Outcome, unreadable: Int) -> RunReport {
        var counts = StageCounts(
            sources: plan.sources.count,
            transforms: plan.transforms.count,
            sinks: plan.sinks.count
        )
        for worker in workers { counts += worker.counts }
        return RunReport(plan, counts, outcome: outcome, unreadable: unreadable, seconds: seconds)
    }

    private func context(_ stage: String) -> PluginContext {
        var context = PluginContext(
            stage: stage,
            warn: { [observer] message in observer.warning(stage, message) },
            relay: { [observer] line in observer.relayed(stage, line) }
        )
        context.stop = state.stop
        return context
    }

    private var seconds: Double {
        guard let start = start.withLock({ $0 }) else { return 0 }
        return Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9
    }
}
