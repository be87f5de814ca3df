import MHPipeKit
import MHPipePlan
import MHPipeRuntime

extension PlanExecution {
    /// Opens the manifest, where one is asked for.
    ///
    /// - Throws: `UsageError` when it cannot be written where it should be.
    func openManifest() throws -> RunManifest? {
        guard let path = plan.settings.manifest else { return nil }
        let description = ManifestDescription(
            path: path,
            members: { [provenance, plan] in try provenance.members(of: plan, started: $0) },
            summary: { [self] report, isUnsettled in
                let exitCode = isUnsettled ? ExitCode.unsettled : exitCode(report)
                return (try document(report, exitCode).line, exitCode.value)
            },
            failureCode: ExitCode.failure.value
        )
        do {
            return try RunManifest(description)
        } catch let error as OutputFailure {
            throw MachineFault.isOne(error.errorNumber)
                ? UsageError.machineFault(error.message, advice: error.advice)
                : UsageError.refused(error.message, advice: error.advice.map { [$0] } ?? [])
        }
    }

    /// Writes the manifest of a run that has put nothing in its place; false when that fails.
    func endManifest(_ manifest: RunManifest?, _ report: RunReport) -> Bool {
        guard let manifest, !manifest.isOver else { return true }
        return write(manifest) { try manifest.end(report, outputs: []) }
    }

    /// Has the manifest say that something failed after it was written.
    func tellUnsettled(_ manifest: RunManifest?) {
        do {
            try manifest?.change(exitCode: ExitCode.unsettled.value)
        } catch {
            let failure = StageError(wrapping: error)
            console.say(failure.message, advice: failure.adviceLines)
        }
    }

    /// Writes the manifest of a run that has failed.
    func tellFailure(_ error: any Error, _ run: PipelineRun, _ manifest: RunManifest?) {
        guard let manifest, !manifest.isOver else { return }
        _ = write(manifest) { try manifest.fail(error, started: run.started) }
    }

    private func write(_ manifest: RunManifest, _ work: () throws -> Void) -> Bool {
        do {
            try work()
        } catch {
            let failure = StageError(wrapping: error)
            console.say(failure.message, advice: failure.adviceLines)
            return false
        }
        if let name = manifest.otherName {
            console.say(
                "the manifest of this run is '\(name)': the one that is there tells of the outputs as they still are"
            )
        }
        return true
    }
}
