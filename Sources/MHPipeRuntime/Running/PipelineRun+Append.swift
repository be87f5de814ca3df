import MHPipeKit
import MHPipePlan
import Synchronization

/// What runs with `mode: append` do beside the others.
extension PipelineRun {
    /// True when earlier runs, or this one, add to what is there.
    var isAppending: Bool { plan.settings.state?.appends == true }

    /// Opens the state, and does the rest of a run that was stopped while its outputs were put in their places.
    func openState() throws -> KeptState? {
        guard let settings = plan.settings.state else { return nil }
        let kept = try KeptState(settings, plan)
        stateKey.withLock { $0 = kept.key }
        if let transform = kept.hasForgotten {
            observer.warning(
                transform,
                "the file that it reads has changed since the run before was stopped, so that run begins anew"
            )
        }
        earlierRuns.withLock { $0 = kept.runs.map { EarlierRuns(folder: kept.folder, record: $0.record) } }
        if let runs = kept.runs?.record, runs.run > 0, !kept.isResumed {
            for stage in plan.transforms
            where stage.spansRuns && runs.stages[stage.name] == nil && runs.known[stage.name] == nil {
                observer.warning(stage.name, "it knows nothing of the \(runs.run) runs before, which ran without it")
            }
        }
        // With a manifest, the rest is a run of its own, which the manifest tells of.
        guard kept.runs != nil, kept.record.hasEnded, manifest == nil else { return kept }
        try settle(kept, settings)
        return try KeptState(settings, plan, kept.folder)
    }

    private func settle(_ kept: KeptState, _ settings: StateSettings) throws {
        var files: [String: [WrittenFile]] = [:]
        var sinks = try plan.sinks.map { try $0.make(context($0.name)) }
        // It may have been stopped when all that was left was to forget it.
        if kept.runs?.record.run != kept.record.number {
            for number in sinks.indices {
                guard var sink = sinks[number] as? any ResumableSink else { continue }
                try sink.open(kept.start(of: (number, plan.sinks[number].name)))
                try sink.commit()
                sinks[number] = sink
                files[plan.sinks[number].name] = sink.listing?.writtenFiles
            }
            if let path = plan.settings.quarantine {
                let options = QuarantineFile.Options(path: OutputPath(stringLiteral: path))
                var file = QuarantineFile(options, context(QuarantineFile.name))
                try file.open(kept.start(of: nil))
                try file.commit()
            }
            try kept.runs?.commit(kept.record, plan, identity: settings.pipeline, files: files)
        }
        try kept.folder.clear()
        for sink in sinks { sink.forgetting?.forget() }
        var counts = StageCounts(plan)
        if counts.take(kept.record.counts) {
            problemsBefore.store(RunReport(plan, counts).hasProblems, ordering: .relaxed)
            tellProblems(counts)
        }
        observer.warning(
            plan.name,
            "the run before was stopped while its outputs were put in their places; that is done now, with \(kept.record.units) files that it had read"
        )
    }

    /// Refuses to append to what no earlier run is known to have written.
    func checkNotThere(_ kept: KeptState?) throws {
        guard let kept, let runs = kept.runs, !kept.isResumed else { return }
        var paths = plan.sinks.filter { runs.record.sinks[$0.name] == nil }.flatMap(\.pathUses)
        if runs.record.quarantine == nil, let path = plan.settings.quarantine { paths.append(.output(path)) }
        for case .output(let path) in paths {
            guard let status = try? FileStatus(FilePath(path)), status.kind == .file, status.size > 0 else { continue }
            throw StageError(
                "'\(path)' is there already, and no run whose state is in '\(kept.name)' has written it",
                advice:
                    "move it away, since nothing of it may be lost or come twice; or name the folder of the runs that wrote it"
            )
        }
    }

    /// Writes down that a run is committed, with its units.
    func keepRun(_ kept: KeptState?, _ committer: Committer?, _ sinks: [SinkRunner]) throws {
        guard let runs = kept?.runs, let committer, let settings = plan.settings.state else { return }
        do {
            let files = Dictionary(uniqueKeysWithValues: sinks.map { ($0.name, $0.writtenFiles) })
            try runs.commit(committer.record, plan, identity: settings.pipeline, files: files)
        } catch {
            var failure = StageError(wrapping: error)
            failure.advice = [failure.advice, "every output is in its place; run again, which does the rest first"]
                .compactMap(\.self).joined(separator: "\n")
            failure.isInPlace = true
            throw failure
        }
    }

    /// Ends a run that found nothing but what earlier ones have committed; no output is touched.
    func endWithNothingNew(_ feed: UnitFeed, _ problems: UnitLog, _ committer: Committer?) throws -> RunReport {
        try committer?.clear()
        for stage in plan.sinks { try stage.make(context(stage.name)).forgetting?.forget() }
        if case .failed(let error) = state.beginCommit() { throw error }
        return report([], [], [], problems, feed, outcome: .nothingNew)
    }
}
