import Dispatch
import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import Synchronization

/// Runs a plan in rounds, until a signal ends it: each takes what has come, and commits as a run that appends does.
///
/// A round that fails is tried again with growing pauses, while input waits where it is.
final class Watch {
    /// What a pipeline file gives by now.
    typealias Reload = () throws -> PipelinePlan?

    private var plan: PipelinePlan
    private let options: RunOptions
    private let context: CommandContext
    private var console: Console { context.console }
    private let pipelineFile: String
    private let reload: Reload
    private let bell = Doorbell()
    private let rounds: WatchRounds
    private let notifier: ServiceNotifier
    private let shared = Shared()
    private var pause = GrowingPause()
    private var lastFailure: String?
    private var notBefore = DispatchTime.now()
    private let said = SaidOnce()

    /// What the signals' queue touches as well.
    private final class Shared: Sendable {
        let run = Locked<PipelineRun?>(nil)
        let wantsReload = Atomic(false)
    }

    /// - Parameters:
    ///   - plan: The plan, whose sources all watch.
    ///   - options: What the command line asks for.
    ///   - context: The command's.
    ///   - pipelineFile: The pipeline file.
    ///   - reload: Reads the file again; gives nil, or throws, when it cannot run, and has said why.
    init(
        _ plan: PipelinePlan,
        _ options: RunOptions,
        _ context: CommandContext,
        pipelineFile: String,
        reload: @escaping Reload
    ) {
        self.plan = plan
        self.options = options
        self.pipelineFile = pipelineFile
        self.reload = reload
        self.context = context
        let notifier = ServiceNotifier(environment: context.environment)
        self.notifier = notifier
        rounds = WatchRounds(onFollow: { notifier.ready() }, onNews: { [bell] in bell.ring() })
    }

    /// Watches until a signal comes.
    ///
    /// - Returns: How it ended: well, where the last round did not fail.
    /// - Throws: What keeps the first round from beginning to watch; `UsageError` when the summary cannot be written where
    ///   it should be.
    func run() throws -> ExitCode {
        let summaryFile = try options.summary.map { try SummaryFile($0.path) }
        let output = try MetricsOutput(plan.settings, console: console, isQuiet: options.isQuiet)
        output.metrics.follow(rounds)
        let watcher = try watchSignals()
        defer { watcher.stop() }
        defer { rounds.finish() }
        var exitCode = try go(output)
        notifier.stopping()
        if let report = output.metrics.committed {
            let execution = PlanExecution(plan: plan, options: options, context: context, pipelineFile: pipelineFile)
            if !options.isQuiet { console.show(RunSummary(report, of: plan, filesTotal: nil).text) }
            let document = execution.document(report, exitCode)
            do {
                try summaryFile?.write(document, to: console)
            } catch let error as StageError where !error.isClosedPipe {
                console.say(error.message, advice: error.adviceLines)
                if exitCode != .failure { exitCode = .unsettled }
            }
        }
        output.metrics.finish(exitCode)
        return !output.update() && exitCode != .failure ? .unsettled : exitCode
    }

    private func watchSignals() throws(StageError) -> InterruptWatcher {
        try InterruptWatcher(
            console: console,
            commits: true,
            actions: InterruptWatcher.Actions(
                cancel: { [rounds] in
                    rounds.stop()
                    return true
                },
                abandon: { [shared] in
                    let isAborted = shared.run.withLock { $0 }?.abandon() ?? true
                    PipelineRun.leaveNothingBehind()
                    return isAborted
                },
                tell: { [console] isAborted in
                    console.say(
                        "interrupted at once: "
                            + (isAborted
                                ? "what was not committed is read again when mhpipe is started again"
                                : "outputs were being put in their places, which is done when mhpipe is started again")
                    )
                },
                reload: { [shared, bell] in
                    shared.wantsReload.store(true, ordering: .releasing)
                    bell.ring()
                }
            )
        )
    }

    /// One round after the other.
    private func go(_ output: MetricsOutput) throws -> ExitCode {
        var isFirst = true
        while !rounds.isStopped {
            if shared.wantsReload.exchange(false, ordering: .acquiringAndReleasing) { takeOver() }
            let now = DispatchTime.now()
            if now < notBefore {
                bell.wait(until: notBefore)
            } else if isFirst || lastFailure != nil || rounds.hasNews {
                try round(output, isFirst: isFirst)
                isFirst = false
            } else {
                bell.wait()
            }
        }
        if let lastFailure {
            console.say(
                "ended while nothing could be committed: \(lastFailure)",
                advice: ["what has come waits, and is read when mhpipe is started again"]
            )
            return .failure
        }
        return output.metrics.committed?.hasProblems == true ? .inputProblems : .success
    }

    private func round(_ output: MetricsOutput, isFirst: Bool) throws {
        let began = DispatchTime.now()
        let problems = ProblemDisplay(console: console, quarantine: plan.settings.quarantine)
        var plan = plan
        plan.settings.rounds = rounds
        plan.settings.onEmpty = .warn
        let run = PipelineRun(
            plan,
            observer: RunObserver(
                problem: { problems.add($0) },
                warning: { [said, console] stage, message in
                    if said.isNew("\(stage): \(message)") { console.say("warning: '\(stage)': \(message)") }
                },
                relayed: { [console] stage, line in console.say("\(stage): \(line)") }
            )
        )
        if isFirst { try run.checkMachine() }
        rounds.begin(plan.settings.roundLimits) { run.progress.events }
        shared.run.withLock { $0 = run }
        output.metrics.begin(run)
        let starvation = try PlanExecution.watchForStarvation(of: run, console, exitCode: .failure)
        let result = Result { try run.run() }
        starvation.stop()
        output.metrics.end(result)
        shared.run.withLock { $0 = nil }
        problems.finish()
        let isInPlace = (try? result.get()) != nil || run.unsettledReport != nil
        rounds.end(isCommitted: isInPlace)
        // What cannot be watched at all will not be by waiting.
        if isFirst, !rounds.isFollowing { _ = try result.get() }
        notBefore = began + plan.settings.roundLimits.time.dispatchInterval
        switch result {
        case .success(let report): succeed(report)
        case .failure(let error): fail(error, isInPlace: isInPlace)
        }
        output.update()
        // Rounds take turns on many threads, and memory would grow for hours by what each keeps.
        releaseFreeMemory()
    }

    private func succeed(_ report: RunReport) {
        if lastFailure != nil {
            console.say(
                "committed again, after \(pause.failures) \(pause.failures == 1 ? "round" : "rounds") that failed"
            )
            lastFailure = nil
            pause.reset()
        }
        if rounds.wasCut { notBefore = .now() }
        // A round without any file writes nothing down, so the next one still has to be told.
        if report.outcome != .nothingToRead { plan.settings.state?.restarts = false }
        guard report.outcome.isCommitted else { return }
        let text = "\(Readable.count(report.files, "file")), \(Readable.count(report.eventsKept, "event")) kept"
        notifier.status("last committed \(text)")
        if !options.isQuiet { console.say("\(report.pipeline): committed \(text)") }
    }

    private func fail(_ error: any Error, isInPlace: Bool) {
        let failure = StageError(wrapping: error)
        guard !isInPlace else {
            lastFailure = nil
            pause.reset()
            return console.say(failure.message, advice: failure.adviceLines)
        }
        let wait = pause.next()
        notBefore = .now() + wait.dispatchInterval
        if lastFailure != failure.message {
            console.say(
                failure.message,
                advice: failure.adviceLines + ["nothing was committed; it is tried again, with growing pauses"]
            )
        }
        lastFailure = failure.message
        notifier.status("fails: \(failure.message)")
    }

    /// Goes on with the pipeline as its file has it now, where that can be.
    private func takeOver() {
        notifier.reloading()
        defer { notifier.ready() }
        let keeps = "goes on with the pipeline as it was"
        let new: PipelinePlan?
        do {
            new = try reload()
        } catch {
            let failure = error as? StageError
            console.say("'\(pipelineFile)': \(failure?.message ?? "\(error)")", advice: failure?.adviceLines ?? [])
            new = nil
        }
        guard let new else { return console.say("'\(pipelineFile)' cannot be run as it is now; mhpipe \(keeps)") }
        guard new.settings.state?.identity == plan.settings.state?.identity, new.isWatching else {
            return console.say(
                "'\(pipelineFile)' is another pipeline now than the one whose state is kept; mhpipe \(keeps)",
                advice: ["to take it over, end mhpipe and start it again; --restart says that it may be another one"]
            )
        }
        let isServed =
            new.settings.metrics == plan.settings.metrics
            && new.settings.metricsFile == plan.settings.metricsFile
        let restarts = plan.settings.state?.restarts ?? false
        plan = new
        plan.settings.state?.restarts = restarts
        console.say(
            "goes on with '\(pipelineFile)' as it is now",
            advice: isServed ? [] : ["'metrics' and 'metrics_file' are taken over when mhpipe is started again"]
        )
    }
}
