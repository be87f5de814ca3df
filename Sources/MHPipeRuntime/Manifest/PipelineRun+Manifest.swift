import MHPipeKit
import MHPipePlan

extension PipelineRun {
    /// Begins the manifest, where the run writes one, behind what an earlier run was done with.
    ///
    /// - Throws: `StageError` when that run wrote none, so that its inputs would be missing.
    func beginManifest(after counts: StageCounts? = nil, _ kept: KeptState?) throws {
        guard let manifest else { return }
        if let kept, kept.isResumed, kept.record.manifest == nil {
            throw StageError(
                "the run whose state is in '\(kept.name)' wrote no manifest, so what it has read would be missing in this one",
                advice: "leave out the manifest, or begin anew with --restart"
            )
        }
        try manifest.begin(
            plan,
            started: started,
            after: counts ?? StageCounts(plan),
            kept: kept.map { try $0.folder.openLines(behind: $0.record.manifest ?? 0) }
        )
    }

    /// Writes the manifest of a run whose outputs are in their places.
    func endManifest(
        _ report: RunReport,
        _ sinks: [SinkRunner],
        _ problems: UnitLog,
        isUnsettled: Bool
    ) throws {
        guard let manifest else { return }
        do {
            try manifest.end(report, outputs: try outputs(report, sinks, problems), isUnsettled: isUnsettled)
        } catch {
            var failure = StageError(wrapping: error)
            failure.advice = [failure.advice, "the outputs are in their places; only the manifest is missing"]
                .compactMap(\.self).joined(separator: "\n")
            failure.isInPlace = true
            throw failure
        }
    }

    private func outputs(_ report: RunReport, _ sinks: [SinkRunner], _ problems: UnitLog) throws -> [ManifestOutput] {
        var outputs: [ManifestOutput] = []
        for (sink, stage) in zip(sinks, plan.sinks) where !sink.hasEnded {
            let rows = report.stages.first { $0.kind == "sink" && $0.name == stage.name }?.eventsOut
            // A run that goes on has begun them in another order than one that was never stopped.
            for file in sink.writtenFiles.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
                let offset = isAppending ? file.offset : nil
                outputs.append(
                    try file.content.map {
                        ManifestOutput(stage: stage.name, object: file.path, rows: file.rows ?? rows, $0)
                    } ?? ManifestOutput(stage: stage.name, path: file.path, rows: file.rows, offset: offset)
                )
            }
            for case .output(let path) in stage.pathUses where !BucketPath.isOne(path) {
                let offset = isAppending ? sink.offset : nil
                outputs.append(try ManifestOutput(stage: stage.name, path: path, rows: rows, offset: offset))
            }
        }
        if let path = plan.settings.quarantine {
            let offset = isAppending ? problems.quarantineOffset : nil
            outputs.append(try ManifestOutput(stage: QuarantineFile.name, path: path, rows: nil, offset: offset))
        }
        return outputs
    }
}
