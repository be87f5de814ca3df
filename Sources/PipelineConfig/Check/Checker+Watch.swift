import MHPipeKit
import MHPipePlan

extension Checker {
    /// Checks whether a pipeline whose sources follow the places that they read can do that for ever.
    mutating func checkWatch(_ entries: [ConfigEntry]) {
        func span(_ key: String) -> SourceSpan? {
            entries.first { $0.key == key }.flatMap { $0.value.span ?? $0.keySpan }
        }
        let sources = stages.compactMap { stage -> (stage: StageDraft, watches: Bool)? in
            if case .source(let source)? = stage.built { (stage, source.watches) } else { nil }
        }
        guard let first = sources.first(where: \.watches)?.stage else { return reportIdleKeys(span) }
        for index in stages.indices where sources.contains(where: { $0.watches && $0.stage.name == stages[index].name })
        {
            for place in stages[index].paths.indices { stages[index].paths[place].isWatched = true }
        }
        if settings.mode != .append {
            report(
                Diagnostic(
                    "\(first.shown) watches what it reads, which needs 'mode: append' and a 'state'",
                    at: first.nameSpan,
                    notes: [
                        "`mode: append` and `state: FOLDER` in the pipeline, or --mode append --state FOLDER of run",
                        "what comes is added to the outputs, and the state says what was read already",
                    ]
                )
            )
        }
        for other in sources where !other.watches {
            report(
                Diagnostic(
                    "\(other.stage.shown) is read once, and \(first.shown) is watched",
                    at: other.stage.nameSpan,
                    notes: ["have all sources watch, or read this one in another pipeline"]
                )
            )
        }
        if settings.onError == .fail {
            report(
                Diagnostic(
                    "'on_error: fail' would stop a watch at the same file again and again",
                    at: span("on_error"),
                    notes: ["leave it out: what cannot be read is reported, and kept where `quarantine` says"]
                )
            )
        }
        if settings.manifest != nil {
            report(
                Diagnostic(
                    "a manifest is of one run, and a watch is many",
                    at: span("manifest"),
                    notes: ["leave it out, or run without `watch` each night"]
                )
            )
        }
    }

    /// Warns of keys that say something of watches alone.
    private mutating func reportIdleKeys(_ span: (String) -> SourceSpan?) {
        guard arePluginsKnown else { return }
        for key in ["commit_every", "commit_events"] {
            guard let span = span(key) else { continue }
            report(
                Diagnostic(
                    "'\(key)' changes nothing, since no source watches what it reads",
                    severity: .warning,
                    at: span,
                    notes: ["`watch: true` of the sources 'directory' and 'sqs' does that"]
                )
            )
        }
    }
}
