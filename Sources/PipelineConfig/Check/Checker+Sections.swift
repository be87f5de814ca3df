import MHPipeKit
import MHPipePlan

extension Checker {
    private static let sections: [(key: String, kind: PluginDescription.Kind)] = [
        ("sources", .source), ("transforms", .transform), ("sinks", .sink),
    ]

    /// Reads the stages of the tree, and finds what does not belong on its top level.
    mutating func readSections(of tree: ConfigNode) {
        guard let entries = tree.entries else {
            let isEmpty = tree.content == .null
            return reportMissing(
                isEmpty
                    ? PipelineCheck.emptyPipeline
                    : Diagnostic(
                        "a pipeline is a mapping with 'sources' and 'sinks', not \(tree.kindName)",
                        at: tree.span
                    ),
                in: nil
            )
        }
        loadLibraries(entries)
        var found: [String: ConfigEntry] = [:]
        for (index, entry) in entries.enumerated() {
            let key = knownKey(entry)
            let next = entries.line(behind: index)
            if let section = Self.sections.first(where: { $0.key == key }) {
                found[section.key] = entry
                readSection(entry, section.kind, endLine: (next ?? .max) - 1)
            }
        }
        for section in Self.sections
        where section.kind != .transform && !stages.contains(where: { $0.kind == section.kind }) {
            reportNone(section.key, section.kind, found[section.key])
        }
    }

    /// Reads what the top level says of the whole pipeline, some of which the stages have to be able to do.
    mutating func readSettings(of tree: ConfigNode) {
        guard let entries = tree.entries else { return }
        let stage = StageLabel(kind: "pipeline", plugin: "pipeline")
        var mistakes: [Diagnostic] = []
        let known = entries.filter { entry in PipelineSettings.all.contains { $0.key == entry.key } }
        if let settings = OptionDecoder.decode(PipelineSettings.self, known, stage: stage, diagnostics: &mistakes) {
            self.settings = settings
        }
        mistakes.forEach { report($0) }
        warnAboutLimits(known)
        checkState(known)
        checkWatch(known)
        quarantine = place("quarantine", settings.quarantine?.path, user: "the quarantine", known)
        if settings.quarantineLimit != nil, settings.quarantine == nil {
            report(
                Diagnostic(
                    "'quarantine_limit' says how large the quarantine may become, and the pipeline has none",
                    severity: .warning,
                    at: known.first { $0.key == "quarantine_limit" }?.keySpan,
                    notes: ["'quarantine' names its file"]
                )
            )
        }
        manifest = place("manifest", settings.manifest?.path, user: "the manifest", known)
        if let manifest, manifest.path == "-" {
            report(
                Diagnostic(
                    "the manifest cannot go to standard output",
                    at: manifest.span,
                    notes: ["it is a file, which gets its name when the outputs are in their places"]
                )
            )
        } else if let manifest, CanonicalPath.isFolder(manifest.path) != true,
            !CanonicalPath(manifest.path, isOutput: true).isFile
        {
            report(
                Diagnostic(
                    "the manifest cannot go to a pipe or a device: '\(manifest.path)'",
                    at: manifest.span,
                    notes: ["it is a file, which gets its name when the outputs are in their places"]
                )
            )
        }
        addMetricsFile(known)
        addState(known)
    }

    /// Warns of a limit that hardly any record or file is below, such as `64` for `64MiB`.
    private mutating func warnAboutLimits(_ entries: [ConfigEntry]) {
        let limits = [
            ("max_record_bytes", settings.maxRecordBytes, "record"), ("max_file_bytes", settings.maxFileBytes, "file"),
        ]
        for (key, limit, what) in limits where limit.bytes < SizeLimit.usualRecord {
            guard let entry = entries.first(where: { $0.key == key }) else { continue }
            report(
                Diagnostic(
                    "'\(key)' is \(limit.bytes) \(limit.bytes == 1 ? "byte" : "bytes"), and hardly any \(what) of CloudTrail is that small",
                    severity: .warning,
                    at: entry.value.span ?? entry.keySpan,
                    label: "did you mean '\(limit.bytes)MiB'?"
                )
            )
        }
    }

    /// The file that a key at the top names.
    private func place(_ key: String, _ path: String?, user: String, _ entries: [ConfigEntry]) -> PathPlace? {
        guard let path, let entry = entries.first(where: { $0.key == key }),
            !isDamaged(entry.keySpan.map { $0.line...$0.line })
        else { return nil }
        return PathPlace(use: .output(path), user: user, span: entry.value.span ?? entry.keySpan, format: .jsonLines)
    }

    private mutating func addMetricsFile(_ entries: [ConfigEntry]) {
        guard let path = settings.metricsFile?.path, let entry = entries.first(where: { $0.key == "metrics_file" }),
            !isDamaged(entry.keySpan.map { $0.line...$0.line })
        else { return }
        let span = entry.value.span ?? entry.keySpan
        metricsFile = PathPlace(use: .output(path), user: "'metrics_file'", span: span)
        guard path != "-", !path.hasSuffix(".prom") else { return }
        report(
            Diagnostic(
                "node_exporter reads only files whose names end in .prom, and not '\(path)'",
                severity: .warning,
                at: span
            )
        )
    }

    /// The key that was written or, after reporting it, the one that was meant.
    private mutating func knownKey(_ entry: ConfigEntry) -> String? {
        let known = Self.topLevelKeys
        if known.contains(entry.key) { return entry.key }
        let near = Suggestion.nearest(to: entry.key, among: known)
        let meant = near ?? Self.otherWords.first { $0.words.contains(entry.key.lowercased()) }?.key
        report(
            Diagnostic(
                "a pipeline has no key '\(entry.key)'",
                at: entry.keySpan,
                label: meant.map { "did you mean '\($0)'?" },
                notes: ["a pipeline takes: " + known.joined(separator: ", ")]
            )
        )
        return meant
    }

    /// What people call the sections and keys that have other names.
    private static let otherWords: [(key: String, words: Set<String>)] = [
        ("sources", ["input", "inputs", "from", "read", "reader", "readers", "extract"]),
        ("transforms", ["filter", "filters", "processor", "processors", "step", "steps", "stages", "process"]),
        ("sinks", ["output", "outputs", "destination", "destinations", "to", "write", "writer", "writers", "load"]),
        ("workers", ["threads", "jobs", "parallelism", "concurrency", "parallel"]),
        ("pipeline", ["name", "title", "id"]),
        ("quarantine", ["deadletter", "dead_letter", "dead_letters", "rejects", "rejected", "bad_records"]),
        ("plugins", ["libraries", "library", "modules", "extensions"]),
    ]

    private static var topLevelKeys: [String] {
        let settings = PipelineSettings.all.map(\.key)
        return settings.prefix(1) + sections.map(\.key) + settings.dropFirst() + ["tests"]
    }

    private mutating func readSection(_ section: ConfigEntry, _ kind: PluginDescription.Kind, endLine: Int) {
        switch section.value.content {
        case .null: return
        case .mapping(let entries):
            for (index, entry) in entries.enumerated() {
                let next = entries.line(behind: index)
                let lines = entry.keySpan.map { $0.line...max($0.line, next.map { $0 - 1 } ?? endLine) }
                readStage(entry, kind, lines: lines)
            }
        case .text, .list:
            report(
                Diagnostic(
                    "'\(section.key)' needs a mapping of names to stages, not \(section.value.kindName)",
                    at: section.value.span ?? section.keySpan,
                    notes: ["each stage stands below '\(section.key)' under a name of its own, and has a 'type'"]
                )
            )
            isGraphKnown = false
        }
    }

    private mutating func reportNone(_ key: String, _ kind: PluginDescription.Kind, _ section: ConfigEntry?) {
        if let section {
            // Anything but nothing, or a mapping with nothing in it, is reported already.
            if case .null = section.value.content {} else if section.value.entries?.isEmpty != true { return }
            reportMissing(
                Diagnostic("'\(key)' holds no \(kind.rawValue)", at: section.keySpan, notes: [Self.example(of: kind)]),
                in: nil
            )
        } else {
            reportMissing(Diagnostic("the pipeline has no '\(key)'", notes: [Self.example(of: kind)]), in: nil)
        }
    }

    private static func example(of kind: PluginDescription.Kind) -> String {
        let article = kind == .source ? "where events come from" : "where events go"
        return "'\(kind.rawValue)s' says \(article): a name, and below it 'type' and the options of that plugin"
    }
}

extension [ConfigEntry] {
    /// The line of the next key that stands in the text.
    fileprivate func line(behind index: Int) -> Int? {
        for entry in self[(index + 1)...] {
            if let span = entry.keySpan { return span.line }
        }
        return nil
    }
}
