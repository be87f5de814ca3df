import MHPipeKit
import MHPipePlan
import MHPipeRuntime

/// Runs a pipeline to see what it does with events: its sinks open and write nothing, and no state is looked at or kept.
struct TracedRun {
    private(set) var plan: PipelinePlan
    let log: TraceLog

    /// Prepares a run over what the pipeline's own sources read.
    ///
    /// - Parameters:
    ///   - plan: The pipeline.
    ///   - wanted: The events that are followed.
    ///   - showsWritten: True where sinks are asked what they would write.
    ///   - opensAll: True where sources open also what by its key holds nothing that they select.
    init(
        _ plan: PipelinePlan,
        following wanted: TraceLog.Wanted,
        showsWritten: Bool = false,
        opensAll: Bool = false
    ) {
        self.plan = plan
        log = TraceLog(wanted, showsWritten: showsWritten)
        self.plan.settings = Self.settings(plan.settings)
        self.plan.settings.opensAll = opensAll
        for number in plan.sinks.indices {
            self.plan.sinks[number].pathUses = []
            let make = plan.sinks[number].make
            // Made, it can show what it would write; it is not opened.
            self.plan.sinks[number].make = { [log] in ProbeSink(for: try make($0), number, log) }
        }
    }

    /// Prepares a run over records that are given, in the place of what one of its sources reads.
    ///
    /// - Parameters:
    ///   - plan: The pipeline.
    ///   - texts: The records.
    ///   - source: The number of the source whose place they take; the others give nothing.
    ///   - showsWritten: True where sinks are asked what they would write.
    init(_ plan: PipelinePlan, of texts: [GivenText], from source: Int, showsWritten: Bool = false) {
        self.init(plan, following: .all, showsWritten: showsWritten)
        // What is compressed may hold more than the file that it is in.
        self.plan.settings.maxFileBytes = min(plan.settings.maxFileBytes, EventText.maximumBytes)
        for number in plan.sources.indices {
            let make = plan.sources[number].make
            self.plan.sources[number].pathUses = []
            self.plan.sources[number].make = { context in
                GivenRecords(number == source ? texts : [], in: try make(context))
            }
        }
    }

    /// One worker, so that events come in the order of the input.
    private static func settings(_ settings: RunSettings) -> RunSettings {
        var own = RunSettings()
        own.workers = 1
        own.onEmpty = .ignore
        own.onDamage = settings.onDamage
        own.maxRecordBytes = settings.maxRecordBytes
        own.maxFileBytes = settings.maxFileBytes
        return own
    }

    /// Runs it; a signal ends it.
    ///
    /// - Parameters:
    ///   - console: Where what programs of the pipeline say is shown.
    ///   - problem: Hears of problems in the input; they are shown where nobody does.
    /// - Returns: What the run did.
    /// - Throws: As `PipelineRun.run`.
    func run(
        _ console: Console,
        problem: (@Sendable (InputProblem) -> Void)? = nil
    ) throws -> RunReport {
        let problems = ProblemDisplay(console: console)
        let run = PipelineRun(
            plan,
            observer: RunObserver(
                problem: problem ?? { problems.add($0) },
                relayed: { stage, line in console.say("\(stage): \(line)") }
            ),
            trace: log
        )
        try run.checkMachine()
        let watcher = try InterruptWatcher(
            console: console,
            commits: false,
            actions: InterruptWatcher.Actions(
                cancel: { run.cancel() },
                abandon: {
                    let isAborted = run.abandon()
                    PipelineRun.leaveNothingBehind()
                    return isAborted
                },
                tell: { _ in console.say("interrupted") }
            )
        )
        defer {
            watcher.stop()
            problems.finish()
        }
        return try run.run()
    }
}
