import MHPipeKit
import MHPipePlan

extension PipelineRun {
    func open(_ sinks: [SinkRunner], _ problems: UnitLog, _ kept: KeptState? = nil) throws {
        // Opening a pipe waits for its reader, which an interrupted run must not.
        guard !state.isStopped else { return }
        try checkNotThere(kept)
        func open(_ name: String, _ start: SinkStart?, _ open: (SinkStart?) throws -> Void) throws {
            do {
                try open(start)
            } catch let error as StageError where error.isOfChangedOutput && plan.settings.state?.restarts == true {
                observer.warning(name, "\(error.message); with --restart it is taken as it is now")
                try open(.append(nil))
            }
        }
        let start = plan.settings.quarantine == nil ? nil : try kept?.start(of: nil)
        try open(QuarantineFile.name, start) { try problems.open($0) }
        for (number, sink) in sinks.enumerated() {
            try open(sink.name, kept?.start(of: (number, sink.name))) { try sink.open($0) }
        }
    }

    /// The sink that keeps what could not be read, where the pipeline has one.
    func quarantine(_ graph: StageGraph, _ pool: BufferPool, _ committer: Committer?) -> SinkRunner? {
        guard let path = plan.settings.quarantine else { return nil }
        let options = QuarantineFile.Options(
            path: OutputPath(stringLiteral: path),
            limit: plan.settings.quarantineLimit.map { ByteSize(bytes: $0) },
            failsAtLimit: plan.settings.failsAtQuarantineLimit,
            keepsEarlier: plan.sources.contains(where: \.takesAway)
        )
        return SinkRunner(
            name: QuarantineFile.name,
            number: plan.sinks.count + graph.sections.count,
            sections: Array(graph.sections.indices),
            sink: QuarantineFile(options, context(QuarantineFile.name)),
            isLive: true,
            committer: committer,
            state: state,
            budget: budget,
            pool: pool
        )
    }

    /// Makes everything durable.
    func finish(_ counts: StageCounts, _ sinks: [SinkRunner], _ problems: UnitLog) throws {
        // Outputs of nothing at all are no part of what was to be read.
        if state.isCancelled, counts.files == 0 { state.end(.aborted) }
        let totals = RunTotals(
            units: counts.files,
            damagedUnits: counts.damagedFiles,
            unreadable: counts.unopenedFiles,
            events: counts.found,
            kept: counts.events.kept,
            quarantined: counts.events.quarantined
        )
        try problems.finish(totals)
        for sink in sinks { try sink.finish(totals) }
    }

    /// Tells the sources which of their units will not be needed again.
    func acknowledge(_ sources: [SourceRunner], _ totals: UnitTotals, _ problems: UnitLog) throws {
        do {
            for source in sources where source.isAcknowledged {
                var units = totals.units(source.name)
                // Nobody knows which of them the quarantine does not have.
                if problems.hasLost { units.reported = [] }
                try source.commit(units)
            }
        } catch {
            var failure = StageError(wrapping: error)
            let advice = "every output is in its place all the same; what was read may come again in the next run"
            failure.advise(advice)
            failure.isInPlace = true
            throw failure
        }
    }

    /// Puts everything in its place.
    func commit(_ sinks: [SinkRunner], _ problems: UnitLog, _ committer: Committer?) throws {
        var committed: [String] = []
        var unsettled: StageError?
        /// A file that is in its place is no reason to keep the others from theirs.
        func settling(_ commit: () throws -> Void) throws {
            do {
                try commit()
            } catch let error as StageError where error.isInPlace {
                unsettled = unsettled ?? error
            }
        }
        do {
            for sink in sinks {
                try settling { try sink.commit() }
                if !sink.hasEnded { committed.append("'\(sink.name)'") }
            }
            try settling { try problems.commit() }
        } catch {
            leave(sinks, problems, committer)
            guard !committed.isEmpty else { throw error }
            var failure = StageError(wrapping: error)
            let advice =
                "what \(committed.joined(separator: ", ")) wrote is in its place all the same;"
                + " what comes behind the sink that failed is as it was"
            failure.advise(advice)
            throw failure
        }
        if var unsettled {
            unsettled.advise("every output of this run is in its place")
            throw unsettled
        }
    }
}
