import MHPipeKit
import MHPipePlan

/// What a test has besides its name.
struct WrittenTest: PluginOptions {
    var records: String?
    var file: InputPath?
    var source: String?

    static let all: [Option<WrittenTest>] = [
        .optional("records", \.records, "The records that come in, as JSON in any form that files have.", example: "|"),
        .optional("file", \.file, "The file that they stand in.", example: "sample.json"),
        .optional("source", \.source, "The source that gives them; the first one when left out.", example: "logs"),
    ]
}

extension Checker {
    /// Reads the tests that stand in the file.
    ///
    /// - Parameters:
    ///   - tree: The pipeline.
    ///   - reach: For each stage the fields of the events that come to it.
    mutating func readTests(of tree: ConfigNode, _ reach: [FieldsInReach]) {
        guard let section = tree.entries?.first(where: { $0.key == "tests" }) else { return }
        guard let entries = section.value.entries, !entries.isEmpty else {
            return report(
                Diagnostic(
                    section.value.entries == nil
                        ? "'tests' needs a mapping of names to tests, not \(section.value.kindName)"
                        : "'tests' holds no test",
                    at: section.value.span ?? section.keySpan,
                    notes: ["each test has a name of its own, and below it 'records' and 'expect'"]
                )
            )
        }
        for entry in entries { readTest(entry, reach) }
    }

    private mutating func readTest(_ entry: ConfigEntry, _ reach: [FieldsInReach]) {
        guard let parts = entry.value.entries else {
            return report(
                Diagnostic(
                    "test '\(entry.key)' needs 'records' and 'expect', not \(entry.value.kindName)",
                    at: entry.value.span ?? entry.keySpan
                )
            )
        }
        let label = StageLabel(kind: "test", plugin: entry.key, span: entry.keySpan)
        let others = parts.filter { $0.key != "expect" }
        var mistakes: [Diagnostic] = []
        let written = OptionDecoder.decode(WrittenTest.self, others, stage: label, diagnostics: &mistakes)
        mistakes.forEach { report($0) }
        let expectations = readExpectations(parts.first { $0.key == "expect" }, of: entry, reach)
        guard let written, let records = records(written, others, of: entry) else { return }
        guard let source = source(written, others) else { return }
        tests.append(
            PipelineTest(
                name: entry.key,
                span: entry.keySpan,
                records: records,
                source: source,
                expectations: expectations
            )
        )
    }

    private mutating func records(
        _ written: WrittenTest,
        _ parts: [ConfigEntry],
        of test: ConfigEntry
    ) -> PipelineTest.Records? {
        switch (written.records, written.file) {
        case (let text?, nil): return .text(text)
        case (nil, let file?): return .file(file.path)
        case (nil, nil):
            let example = "add lines below this one: `records: |`, and the records as JSON, indented"
            report(
                Diagnostic(
                    "test '\(test.key)' needs 'records', or the 'file' that they stand in",
                    at: test.keySpan,
                    label: example
                )
            )
        case (_?, _?):
            report(
                Diagnostic(
                    "'file' cannot stand beside 'records': a test has its records in one place",
                    at: parts.first { $0.key == "file" }?.keySpan
                )
            )
        }
        return nil
    }

    private mutating func source(_ written: WrittenTest, _ parts: [ConfigEntry]) -> String? {
        let sources = stages.filter { $0.kind == .source }.map(\.name)
        guard let name = written.source else { return sources.first }
        if sources.contains(name) { return name }
        report(
            Diagnostic(
                "there is no source '\(name)'",
                at: parts.first { $0.key == "source" }?.value.span,
                label: Suggestion.label(for: name, among: sources),
                notes: ["sources to choose from: \(sources.joined(separator: ", "))"]
            )
        )
        return nil
    }

    private mutating func readExpectations(
        _ expect: ConfigEntry?,
        of test: ConfigEntry,
        _ reach: [FieldsInReach]
    ) -> [PipelineTest.Expectation] {
        guard let expect, let entries = expect.value.entries, !entries.isEmpty else {
            let what = expect.map {
                $0.value.entries == nil
                    ? "'expect' needs a mapping of stages, not \($0.value.kindName)" : "'expect' names no stage"
            }
            report(
                Diagnostic(
                    what ?? "test '\(test.key)' needs 'expect': without it nothing can fail",
                    at: expect.map { $0.value.span ?? $0.keySpan } ?? test.keySpan,
                    notes: ["below 'expect' stands the name of a stage, and below that what is expected behind it"]
                )
            )
            return []
        }
        return entries.compactMap { readExpectation($0, reach) }
    }

    private mutating func readExpectation(
        _ entry: ConfigEntry,
        _ reach: [FieldsInReach]
    ) -> PipelineTest.Expectation? {
        let parts = entry.key.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let port = parts.count > 1 ? parts[1] : nil
        guard let index = stageIndices[parts[0]] else {
            let names = stages.map(\.name)
            report(
                Diagnostic(
                    "there is no stage '\(parts[0])'",
                    at: entry.keySpan,
                    label: Suggestion.label(for: parts[0], among: names),
                    notes: ["stages to choose from: \(names.joined(separator: ", "))"]
                )
            )
            return nil
        }
        let stage = stages[index]
        // What is dropped has no port.
        let needsPort = ["count", "ids", "fields", "missing", "records"].contains { entry.value[$0] != nil }
        if port != nil {
            checkPort(port, of: stage, for: "the test", at: entry.keySpan)
        } else if needsPort, let ports = stage.ports, !ports.isEmpty {
            report(
                Diagnostic(
                    "a test must say which port of '\(stage.name)' it means",
                    at: entry.keySpan,
                    notes: ["it has: \(ports.map { "\(stage.name).\($0)" }.joined(separator: ", "))"]
                )
            )
        }
        var mistakes: [Diagnostic] = []
        let label = StageLabel(kind: "what is expected of", plugin: entry.key, span: entry.keySpan)
        let events = OptionDecoder.decode(
            ExpectedEvents.self,
            entry.value.entries ?? [],
            stage: label,
            diagnostics: &mistakes
        )
        mistakes.forEach { report($0) }
        guard let events else { return nil }
        checkCounts(events, of: stage, entry)
        if index < reach.count { checkFields(events, of: index, entry, reach) }
        return PipelineTest.Expectation(stage: stage.name, port: port, events: events)
    }

    private mutating func checkCounts(_ events: ExpectedEvents, of stage: StageDraft, _ entry: ConfigEntry) {
        let written = entry.value.entries ?? []
        func span(_ key: String) -> SourceSpan? {
            written.first { $0.key == key }.map { $0.value.span ?? $0.keySpan } ?? nil
        }
        if written.isEmpty {
            let keys = ExpectedEvents.all.map(\.key).joined(separator: ", ")
            report(
                Diagnostic(
                    "nothing is expected of '\(entry.key)'",
                    at: entry.value.span ?? entry.keySpan,
                    notes: ["what can be expected: \(keys)"]
                )
            )
        }
        if events.missing?.isEmpty == true {
            report(Diagnostic("'missing' names no field, so it proves nothing", at: span("missing")))
        }
        for (key, count) in [("count", events.count), ("dropped", events.dropped), ("quarantined", events.quarantined)]
        {
            guard let count, count < 0 else { continue }
            report(Diagnostic("'\(key)' needs a whole number of 0 or more, not '\(count)'", at: span(key)))
        }
        if events.dropped != nil, stage.kind == .sink {
            report(Diagnostic("'dropped' is for sources and transforms: a sink drops nothing", at: span("dropped")))
        }
    }

    /// Checks that the fields which are named can be there, as a name that is nearly one would prove nothing.
    private mutating func checkFields(
        _ events: ExpectedEvents,
        of index: Int,
        _ entry: ConfigEntry,
        _ reach: [FieldsInReach]
    ) {
        let here = stages[index].kind == .sink ? reach[index] : behind(index, reach[index])
        guard here.isKnown else { return }
        var reported: Set<String> = []
        for part in entry.value.entries ?? [] where part.key == "fields" {
            let paths = events.fields?.fieldPaths ?? []
            for use in FieldUse.uses(of: paths, in: part, isTemplate: false, isHidden: true) {
                check(use, of: index, here, &reported)
            }
        }
        // What is to be missing may have been taken away above, or be added in another branch.
        var anywhere = here
        for other in reach { anywhere.merge(other) }
        let known = anywhere.all.adding(CloudTrailFields.all)
        for part in entry.value.entries ?? [] where part.key == "missing" {
            for use in FieldUse.uses(of: events.missing ?? [], in: part, isTemplate: false, isHidden: true) {
                checkMissing(use, among: known)
            }
        }
    }

    private mutating func checkMissing(_ use: FieldUse, among fields: [EventField]) {
        if case .found = FieldLookup(use.path.keys, among: fields) { return }
        guard let meant = FieldSuggestion(among: fields).path(for: use.path.keys) else { return }
        report(
            Diagnostic(
                "no event can have a field '\(use.path.text)', so that it is missing proves nothing",
                at: use.span,
                label: "did you mean '\(FieldPath(keys: meant).text)'?"
            )
        )
    }
}
