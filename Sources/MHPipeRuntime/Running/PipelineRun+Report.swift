import Dispatch
import MHPipeKit
import MHPipePlan
import Synchronization

extension PipelineRun {
    func report(
        _ workers: [Worker],
        _ stages: [OrderedStage],
        _ sinks: [SinkRunner],
        _ problems: UnitLog,
        _ feed: UnitFeed,
        outcome: RunReport.Outcome
    ) -> RunReport {
        let endedSinks = Set(sinks.filter(\.hasEnded).map(\.name))
        var report = RunReport(
            plan,
            counts(workers, stages, problems),
            of: feed,
            outcome: outcome,
            endedSinks: endedSinks
        )
        report.filesBefore = unitsBefore.load(ordering: .relaxed)
        report.problemsBefore = problemsBefore.load(ordering: .relaxed)
        if let picker = picker.withLock({ $0 }) { report.add(picker.counts, isResumed: report.filesBefore > 0) }
        report.started = started
        report.ended = Timestamp.now.description
        report.seconds = seconds
        report.problemFiles = problems.files.files
        report.quarantineLeftOut = problems.leftOut
        report.moreProblemFiles = problems.files.more
        report.warnings = warnings.all
        return report
    }

    /// Tells the user why there is nothing where something was asked for.
    func explained(_ report: RunReport, _ reasons: [RunReport.Warning]) -> RunReport {
        for warning in reasons { observer.warning(warning.stage, warning.message) }
        var report = report
        report.warnings = warnings.all
        return report
    }

    /// Tells the user what sources have to say at their end.
    func tellRemarks(_ sources: [SourceRunner]) {
        for source in sources { for text in source.remarks { observer.warning(source.name, text) } }
    }

    /// What there is to say of fields that no event has, unless one of the reasons does.
    func unfound(
        _ sought: [(stage: String, fields: SoughtFields)],
        _ report: RunReport,
        besides reasons: [RunReport.Warning]
    ) -> [RunReport.Warning] {
        // What was read before the run was stopped has left no trace.
        guard report.outcome == .completed, report.filesBefore == 0 else { return [] }
        let stages = plan.transforms.map { ($0.name, $0.namedFields) } + plan.sinks.map { ($0.name, $0.namedFields) }
        let named = Dictionary(uniqueKeysWithValues: stages.map { ($0.0, Set($0.1).count) })
        return UnfoundFields(sought, named: named, told: reasons).warnings(stages: stages.map(\.0))
    }

    func tallies(_ workers: [Worker], _ stages: [OrderedStage]) -> StageTallies {
        StageTallies(workers.flatMap(\.tallyKeeping) + stages.flatMap(\.tallyKeeping))
    }

    /// How a run ends that commits what it read.
    func outcome(_ feed: UnitFeed) -> RunReport.Outcome {
        feed.isExhausted && !state.hasCut ? .completed : .interrupted
    }

    /// What was counted: of units in their order, and what no unit has taken with it.
    func counts(_ workers: [Worker], _ stages: [OrderedStage], _ problems: UnitLog) -> StageCounts {
        var counts = problems.counts
        for worker in workers { counts += worker.counts }
        for stage in stages { counts += stage.counts }
        return counts
    }

    func context(_ stage: String) -> PluginContext {
        var context = PluginContext(
            stage: stage,
            warn: { [observer] message in observer.warning(stage, message) }
        )
        context.relay = { [observer] line in observer.relayed(stage, line) }
        context.addedKeys = plan.keysAdded(above: stage)
        if plan.sinks.contains(where: { $0.name == stage }) {
            context.addedFields = plan.fieldsAdded(above: stage)
            context.stampedKeys = plan.keysStamped(above: stage)
        }
        context.stop = state.stop
        context.rounds = plan.settings.rounds
        context.opensAll = plan.settings.opensAll
        context.hasQuarantine = plan.settings.quarantine != nil
        context.stateKey = stateKey.withLock { $0 }
        context.earlierFiles = earlierRuns.withLock {
            $0.map {
                LeftFiles($0.folder, $0.record, sink: stage, takesChanged: plan.settings.state?.restarts == true)
            }
        }
        context.stateFolder = plan.settings.state?.folder
        context.keepsExisting = plan.settings.keepsExisting
        context.keptServices = plan.servicesKept(above: stage)
        if let time = start.withLock({ $0?.time }) { context.started = time }
        context.readLimit = plan.readLimit(context.started)
        return context
    }

    /// When the run began; empty before it has.
    package var started: String { start.withLock { $0?.time.description } ?? "" }

    var seconds: Double {
        guard let start = start.withLock({ $0 }) else { return 0 }
        return Double(DispatchTime.now().uptimeNanoseconds - start.ticks.uptimeNanoseconds) / 1e9
    }
}
