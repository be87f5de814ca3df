import MHPipeKit
import MHPipePlan

extension Checker {
    /// Checks whether the pipeline can do what `state`, `mode` and `changed` ask for.
    mutating func checkState(_ entries: [ConfigEntry]) {
        func span(_ key: String) -> SourceSpan? {
            entries.first { $0.key == key }.flatMap { $0.value.span ?? $0.keySpan }
        }
        if settings.mode == .append, settings.state == nil {
            report(
                Diagnostic(
                    "'mode: append' needs a 'state', which says what was read already",
                    at: span("mode"),
                    notes: ["`state: FOLDER` in the pipeline, or --state FOLDER of run"]
                )
            )
        }
        if settings.changed == .reread, settings.mode != .append {
            report(
                Diagnostic(
                    "'changed: reread' is for runs with 'mode: append', which know what changed",
                    at: span("changed")
                )
            )
        }
        if settings.mode != .append {
            reportSpanningTransforms()
            reportQueues()
        }
        guard settings.state != nil else { return }
        for stage in stages where !stage.canGoOn {
            report(
                Diagnostic(
                    stage.kind == .source
                        ? "\(stage.shown) cannot read a second time what it has given, as a pipeline with 'state' may have to"
                        : "\(stage.shown) cannot go on where an earlier run was stopped, as a pipeline with 'state' must",
                    at: stage.nameSpan,
                    notes: [
                        stage.kind == .source
                            ? "read files, or leave out the state"
                            : "leave out the state, or write files with jsonl, csv or sqlite"
                    ]
                )
            )
        }
        if settings.changed == .reread { checkReread() }
    }

    /// What is read of a queue is there no more, neither for a run that begins anew nor in the same order.
    private mutating func reportQueues() {
        for stage in stages {
            guard case .source(let source)? = stage.built, source.takesAway else { continue }
            let notes = ["`mode: append` and `state: FOLDER` in the pipeline, or --mode append --state FOLDER of run"]
            let span = stage.nameSpan
            if settings.state != nil {
                let text =
                    "\(stage.shown) gives its files in another order each time, so that a state needs 'mode: append'"
                report(Diagnostic(text, at: span, notes: notes))
            } else {
                let text = "each run replaces the outputs, and \(stage.shown) does not give again what was read before"
                report(Diagnostic(text, severity: .warning, at: span, notes: notes))
            }
        }
    }

    /// What keeps its state from run to run needs runs that know of each other.
    private mutating func reportSpanningTransforms() {
        for stage in stages {
            guard case .transform(let transform)? = stage.built, transform.spansRuns else { continue }
            report(
                Diagnostic(
                    "\(stage.shown) keeps what it knows across runs, which needs 'mode: append' and a 'state'",
                    at: stage.nameSpan
                )
            )
        }
    }

    /// Rows can be replaced where they can be told, and where no other event depends on them.
    private mutating func checkReread() {
        for stage in stages {
            var reason: String?
            if stage.kind == .sink, stage.built != nil, !stage.replacesUnits {
                reason =
                    "what \(stage.shown) has written of a file cannot be replaced, as 'changed: reread' must; only sqlite can"
            }
            if case .transform(let transform)? = stage.built, transform.isOrdered {
                reason =
                    "\(stage.shown) works across files, so that the events of one file cannot be replaced, as 'changed: reread' must"
            }
            guard let reason else { continue }
            report(
                Diagnostic(
                    reason,
                    at: stage.nameSpan,
                    notes: ["leave out `changed: reread`, or run this stage in another pipeline"]
                )
            )
        }
    }
}
