import MHPipeKit
import MHPipePlan
import MHPipeRuntime
import PipelineConfig

/// Runs one test of a pipeline, and says what is not as it was expected.
struct TestRun {
    let test: PipelineTest
    let plan: PipelinePlan

    /// What an expectation is held against.
    private struct Seen {
        /// The events that left the stage or came to the sink, as JSON texts.
        var events: [String] = []
        var dropped = 0
        /// Why events could not be worked on.
        var rejections: [String] = []
    }

    /// Runs it.
    ///
    /// - Returns: The differences, none where the test passes; nil when a signal has ended the run.
    /// - Throws: `UsageError` when its file cannot be read; else as `PipelineRun.run`.
    func differences(_ console: Console) throws -> [String]? {
        let records: GivenText =
            switch test.records {
            case .text(let text): GivenText(name: "records", bytes: Array(text.utf8))
            case .file(let path): try EventText.read(path, console)
            }
        let source = plan.sources.firstIndex { $0.name == test.source } ?? 0
        let traced = TracedRun(plan, of: [records], from: source)
        let problems = Locked<[InputProblem]>([])
        let report: RunReport
        do {
            report = try traced.run(console) { problem in problems.withLock { $0.append(problem) } }
        } catch let error as StageError where !error.isClosedPipe {
            return ["the run fails: \(error.message)"]
        }
        if report.outcome == .aborted || report.outcome == .interrupted { return nil }
        // What a stage could not work on has no place in the text.
        let unreadable = problems.withLock { $0 }.filter { $0.record == nil || $0.offset != nil }.map(\.description)
        let ways = EventWay.all(traced.plan, traced.log)
        return test.expectations.flatMap { expectation in
            differences(expectation, seen(expectation, traced, ways, unreadable))
        } + unexpected(traced.log, unreadable)
            + (traced.log.origins.isEmpty && unreadable.isEmpty ? nothingRead(records, report) : [])
    }

    /// Says that no event came in where that was not meant: with nothing in, what is expected of nothing always holds.
    private func nothingRead(_ records: GivenText, _ report: RunReport) -> [String] {
        guard !records.isPlainlyEmpty else { return [] }
        let what = report.housekeeping > 0 ? ", in what AWS writes for itself and holds none" : ""
        let advice = "a test of no events says so: records: '[]'"
        let size = Readable.count(records.bytes.count, "byte")
        return ["\(test.source): no event was read from '\(records.name.visible)' (\(size)\(what)); \(advice)"]
    }

    private func seen(
        _ expectation: PipelineTest.Expectation,
        _ run: TracedRun,
        _ ways: [EventWay],
        _ unreadable: [String]
    ) -> Seen {
        var seen = Seen()
        guard let place = place(expectation.stage) else { return seen }
        let port = port(expectation)
        for entry in run.log.entries where entry.place == place {
            switch (entry.act, place) {
            case (.gave(let json, let from), .source), (.gave(let json, let from), .transform):
                if from == port { seen.events.append(json) }
            case (.took(let json, _, _), .sink): seen.events.append(json)
            case (.rejected(let reason), _): seen.rejections.append(reason)
            default: break
            }
        }
        if case .source = place { seen.rejections += unreadable }
        seen.dropped = ways.flatMap(\.steps).filter { $0.stage == expectation.stage }.map(\.dropped).reduce(0, +)
        return seen
    }

    private func place(_ stage: String) -> TraceLog.Place? {
        if let number = plan.sources.firstIndex(where: { $0.name == stage }) { return .source(number) }
        if let number = plan.transforms.firstIndex(where: { $0.name == stage }) { return .transform(number) }
        return plan.sinks.firstIndex { $0.name == stage }.map { .sink($0) }
    }

    private func port(_ expectation: PipelineTest.Expectation) -> Int {
        let ports = plan.transforms.first { $0.name == expectation.stage }?.ports ?? []
        return expectation.port.flatMap { ports.firstIndex(of: $0) } ?? 0
    }

    private func differences(_ expectation: PipelineTest.Expectation, _ seen: Seen) -> [String] {
        let expected = expectation.events
        var differences: [String] = []
        func differ(_ what: String, _ wanted: String, _ got: String) {
            differences.append("\(expectation.place): \(what): expected \(wanted), got \(got)")
        }
        let ids = seen.events.map { JSONValue(sound: $0)?["eventID"]?.string ?? "(none)" }
        if let count = expected.count, count != seen.events.count {
            differ("count", "\(count)", "\(seen.events.count)" + (ids.isEmpty ? "" : ": \(Self.list(ids))"))
        }
        if let wanted = expected.ids, wanted != ids { differ("ids", "[\(Self.list(wanted))]", "[\(Self.list(ids))]") }
        if let dropped = expected.dropped, dropped != seen.dropped {
            differ("dropped", "\(dropped)", "\(seen.dropped)")
        }
        if let quarantined = expected.quarantined, quarantined != seen.rejections.count {
            let reasons = seen.rejections.isEmpty ? "" : ": " + seen.rejections.joined(separator: "; ")
            differ("quarantined", "\(quarantined)", "\(seen.rejections.count)\(reasons)")
        }
        for (path, value) in expected.fields?.list ?? [] {
            let value = ExpectedValue(node: value)
            if seen.events.isEmpty { differ(path.text, value.text, "no event") }
            for (number, event) in seen.events.enumerated() {
                let got = Self.value(path, event)
                guard !value.isMet(by: got) else { continue }
                differ("\(path.text) of '\(ids[number])'", value.text, got?.json ?? "nothing, the field is missing")
            }
        }
        for path in expected.missing ?? [] {
            if seen.events.isEmpty { differ(path.text, "events without it", "no event") }
            for (number, event) in seen.events.enumerated() {
                guard let got = Self.value(path, event) else { continue }
                differ("\(path.text) of '\(ids[number])'", "no such field", got.json)
            }
        }
        if let records = expected.records?.list {
            if records.count != seen.events.count {
                differ(
                    "records",
                    "\(records.count)",
                    "\(seen.events.count)" + (ids.isEmpty ? "" : ": \(Self.list(ids))")
                )
            }
            for (number, (record, event)) in zip(records, seen.events).enumerated() {
                for change in RecordDifference(from: record, to: event).changes {
                    differ(
                        "record \(number): \(change.field)",
                        change.before ?? "no such field",
                        change.after ?? "nothing"
                    )
                }
            }
        }
        return differences
    }

    /// What was lost that no expectation speaks of.
    private func unexpected(_ log: TraceLog, _ unreadable: [String]) -> [String] {
        func isExpected(_ stage: String) -> Bool {
            test.expectations.contains { $0.stage == stage && $0.events.quarantined != nil }
        }
        var differences: [String] = []
        if !isExpected(test.source) { differences += unreadable.map { "\(test.source): cannot be read: \($0)" } }
        for entry in log.entries {
            guard case .rejected(let reason) = entry.act, let stage = name(entry.place), !isExpected(stage) else {
                continue
            }
            differences.append("\(stage): quarantined: \(reason)")
        }
        return differences
    }

    private func name(_ place: TraceLog.Place) -> String? {
        switch place {
        case .source(let number): plan.sources[number].name
        case .transform(let number): plan.transforms[number].name
        case .sink(let number): plan.sinks[number].name
        }
    }

    private static func value(_ path: FieldPath, _ event: String) -> JSONValue? {
        let batch = EventBatch(records: [event])
        // What it gives is valid as long as its batch; a copy is not.
        return batch.first { _ in true }?[path].flatMap { JSONValue(sound: $0.json) }
    }

    private static func list(_ ids: [String]) -> String {
        let most = 10
        return ids.prefix(most).joined(separator: ", ") + (ids.count > most ? " and \(ids.count - most) more" : "")
    }
}
