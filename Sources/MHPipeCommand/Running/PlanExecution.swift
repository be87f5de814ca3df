import Libc
import MHPipeIO
import MHPipeKit
import MHPipePlan
import MHPipeRuntime

/// Runs a checked plan and tells the user how it goes.
struct PlanExecution {
    let plan: PipelinePlan
    let options: RunOptions
    let context: CommandContext
    /// The pipeline file; nil for a pipeline that stands in none.
    var pipelineFile: String?
    /// Where the plan comes from, for the manifest.
    var provenance = Provenance()

    var console: Console { context.console }

    /// Runs the plan to its end.
    ///
    /// - Throws: `UsageError` when the summary cannot be written where it should be; `StageError` or `OptionError`
    ///   when the run fails.
    func run() throws -> ExitCode {
        try options.task.check(plan)
        if let paths = try options.task.existing(plan) { return try skip(paths) }
        if let attempt = options.task.attempt { RunAttempt.begin(attempt.text) }
        let manifest = try openManifest()
        let (exitCode, report) = try runWithMetrics(manifest)
        if exitCode == .unsettled { tellUnsettled(manifest) }
        try showSummaryLine(report, exitCode)
        return exitCode
    }

    /// Says that there is nothing to do.
    private func skip(_ paths: [String]) throws -> ExitCode {
        let others = paths.count > 1 ? " and \(Readable.count(paths.count - 1, "other output"))" : ""
        if let first = paths.first { console.say("'\(first)'\(others) there already: skipped, nothing was read") }
        try showSummaryLine(RunReport(skipped: plan), .success)
        return .success
    }

    private func showSummaryLine(_ report: RunReport, _ exitCode: ExitCode) throws {
        if options.task.endsWithSummary { console.show(try document(report, exitCode).line) }
    }

    private func runWithMetrics(_ manifest: RunManifest?) throws -> (ExitCode, RunReport) {
        guard plan.settings.metrics != nil || plan.settings.metricsFile != nil else { return try run(nil, manifest) }
        let output = try MetricsOutput(plan.settings, console: console, isQuiet: options.isQuiet)
        let result = Result { try run(output.metrics, manifest) }
        output.metrics.finish((try? result.get())?.0 ?? .failure)
        let isWritten = output.update()
        let (exitCode, report) = try result.get()
        return (!isWritten && exitCode != .interrupted ? .unsettled : exitCode, report)
    }

    private func run(_ metrics: RunMetrics?, _ manifest: RunManifest?) throws -> (ExitCode, RunReport) {
        let problems = ProblemDisplay(console: console, quarantine: plan.settings.quarantine)
        let summaryFile = try options.summary.map { try SummaryFile($0.path) }
        let run = PipelineRun(
            plan,
            observer: RunObserver(
                problem: { problems.add($0) },
                warning: { [console] stage, message in console.say("warning: '\(stage)': \(message)") },
                relayed: { [console] stage, line in console.say("\(stage): \(line)") }
            ),
            manifest: manifest
        )
        try run.checkMachine()
        let starvation = try Self.watchForStarvation(of: run, console, exitCode: options.task.codeOfShortage)
        defer { starvation.stop() }
        let watcher = try InterruptWatcher(
            console: console,
            commits: plan.settings.onInterrupt == .commit || plan.settings.state != nil,
            actions: InterruptWatcher.Actions(
                cancel: { run.cancel() },
                abandon: {
                    let isAborted = run.abandon()
                    PipelineRun.leaveNothingBehind()
                    return isAborted
                },
                tell: {
                    tellInterrupted(isAborted: $0, isKept: plan.settings.state != nil)
                    Self.tellUploads(console)
                }
            )
        )
        let display = displayForm.map { ProgressDisplay($0, on: console) { run.progress } }
        metrics?.begin(run)
        let result = Result { try run.run() }
        metrics?.end(result)
        display?.stop()
        watcher.stop()
        problems.finish()
        if case .failure(let error) = result, run.unsettledReport == nil { tellFailure(error, run, manifest) }
        let (report, failure) = try outcome(of: run, result)
        if !options.isQuiet, report.outcome != .closedPipe {
            console.show(RunSummary(report, of: plan, filesTotal: run.progress.filesTotal).text)
        }
        tell(report.outcome, isKept: run.canGoOn)
        let exitCode = failure == nil ? exitCode(report) : .unsettled
        if let failure { console.say(failure.message, advice: failure.adviceLines) }
        let isManifestMissing = !endManifest(manifest, report)
        do {
            try summaryFile?.write(document(report, exitCode), to: console)
        } catch let error as StageError where !error.isClosedPipe {
            console.say(error.message, advice: [error.advice, Self.whatIsThere(report.outcome)].compactMap(\.self))
            return (exitCode == .interrupted ? .interrupted : .unsettled, report)
        }
        return (isManifestMissing && exitCode != .interrupted ? .unsettled : exitCode, report)
    }

    /// The summary as `--summary` has it.
    func document(_ report: RunReport, _ exitCode: ExitCode) -> SummaryDocument {
        SummaryDocument(
            report: report,
            exitCode: exitCode,
            pipelineFile: pipelineFile.map { FilePath($0).text },
            quarantine: plan.settings.quarantine.map { FilePath($0).text }
        )
    }

    /// What a run did, and what failed behind its commits.
    private func outcome(
        of run: PipelineRun,
        _ result: Result<RunReport, any Error>
    ) throws -> (RunReport, StageError?) {
        do {
            return (try result.get(), nil)
        } catch var error as StageError {
            if let report = run.unsettledReport { return (report, error) }
            if run.canGoOn { error.advise(goesOn) }
            throw error
        }
    }

    /// Ends the process when the run waits for a thread that it does not get.
    static func watchForStarvation(
        of run: PipelineRun,
        _ console: Console,
        exitCode: ExitCode
    ) throws -> StarvationWatcher {
        do throws(PlainThread.Refusal) {
            return try StarvationWatcher(
                state: {
                    var progress = run.progress
                    progress.seconds = 0
                    return progress
                },
                // A disk that takes its time gets on.
                givesThreads: { DescriptorWriting.isSyncing || MachineProbe.givesThreads },
                end: {
                    // What is left to do then needs no thread, and must not be cut in two.
                    guard run.abandon() else { return }
                    PipelineRun.leaveNothingBehind()
                    console.abandonProgress()
                    let shortage = MachineProbe.noThread()
                    let state = "the run could not go on; every output is as it was before"
                    console.say(shortage.message, advice: [state, shortage.advice])
                    tellUploads(console)
                    _exit(exitCode.value)
                }
            )
        } catch {
            let shortage = MachineProbe.noThread(error.errorNumber)
            throw StageError(shortage.message, advice: shortage.advice)
        }
    }

    /// Names what there was no time to let go of on other machines.
    private static func tellUploads(_ console: Console) {
        let commands = UnfinishedUploads.commands
        guard !commands.isEmpty else { return }
        let rest = commands.count - mostUploads
        console.say(
            "\(Readable.count(commands.count, "upload")) could not be aborted in time; what was sent costs money until that is done:",
            advice: commands.prefix(mostUploads) + (rest > 0 ? ["and \(rest) more"] : [])
        )
    }

    private static let mostUploads = 20

    /// What is there of a run whose summary could not be written.
    private static func whatIsThere(_ outcome: RunReport.Outcome) -> String? {
        switch outcome {
        case .completed, .interrupted: "the outputs are in their places; only the summary is missing"
        case .aborted, .nothingToRead, .nothingNew, .closedPipe, .skipped: nil
        }
    }

    /// Says what became of the outputs where that is not what everybody expects.
    private func tell(_ outcome: RunReport.Outcome, isKept: Bool) {
        switch outcome {
        case .aborted:
            tellInterrupted(isAborted: true, isKept: isKept)
        case .nothingToRead:
            console.say(
                "warning: nothing to read, so nothing was written: every output is as it was before",
                advice: [
                    "--on-empty, or `on_empty` in the pipeline: ignore writes outputs without events, fail makes the exit code 1"
                ]
            )
        case .nothingNew:
            if options.isQuiet { break }
            console.say("nothing is new since the last run, so nothing was written: every output is as it was before")
        case .completed, .interrupted, .closedPipe, .skipped:
            break
        }
    }

    private var goesOn: String {
        plan.settings.state?.appends == true
            ? "the same command goes on with it, and takes what is new"
            : "the same command goes on behind the last checkpoint; with --restart it begins anew"
    }

    private func tellInterrupted(isAborted: Bool, isKept: Bool = false) {
        guard isAborted else {
            return console.say(
                "interrupted while outputs were put in their places: some may be new, others as before",
                advice: isKept ? ["the same command does the rest"] : []
            )
        }
        if isKept {
            return console.say(
                "interrupted: every output is as it was before, and what was done so far is kept",
                advice: [goesOn]
            )
        }
        let sent = writesStandardOutput ? ", but for what went to standard output" : ""
        console.say(
            "interrupted: nothing was written, every output is as it was before\(sent)",
            advice: plan.settings.onInterrupt == .abort
                ? ["--on-interrupt commit, or `on_interrupt: commit` in the pipeline, writes what was read by then"]
                : []
        )
    }

    /// A terminal that shows the events themselves, perhaps by way of a program such as `less`, at which events are typed, or
    /// which cannot take a line back, has no room for progress.
    private var displayForm: ProgressDisplay.Form? {
        let line = ProgressDisplay.Form.line(readsStandardInput: plan.sources.allSatisfy(\.readsStandardInput))
        switch options.progress {
        case .never: return nil
        case .json: return .json
        case .always: return line
        case .auto:
            let output = console.standardOutput
            let showsEvents = writesStandardOutput && (output.isTerminal || output.isPipe)
            let isTyped = FileInput.standardInputIsTerminal && plan.sources.contains(where: \.readsStandardInput)
            return console.canRedraw && !showsEvents && !isTyped && !options.isQuiet ? line : nil
        }
    }

    private var writesStandardOutput: Bool {
        plan.sinks.contains { $0.pathUses.contains(.output("-")) }
    }

    func exitCode(_ report: RunReport) -> ExitCode {
        switch report.outcome {
        case .completed, .nothingToRead, .nothingNew, .closedPipe, .skipped:
            report.hasProblems ? .inputProblems : .success
        case .interrupted, .aborted: .interrupted
        }
    }
}
