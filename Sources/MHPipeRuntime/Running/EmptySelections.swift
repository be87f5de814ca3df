import MHPipeKit
import MHPipePlan

/// Why sources gave nothing, where they were asked for some events only.
struct EmptySelections {
    private let sources: [SourceRunner]
    private let selectors: [[EventSelector?]]

    /// - Parameters:
    ///   - sources: The sources, in the order of the plan.
    ///   - selectors: For each worker, what it has of each source.
    init(_ sources: [SourceRunner], _ selectors: [[EventSelector?]]) {
        self.sources = sources
        self.selectors = selectors
    }

    /// What to tell the user after a run.
    func warnings(of report: RunReport) -> [RunReport.Warning] {
        guard report.outcome == .completed || report.outcome == .nothingToRead else { return [] }
        let stages = report.stages.filter { $0.kind == "source" }
        return zip(sources, stages).enumerated().compactMap { number, source in
            // What lacks the field is there for whatever is asked.
            guard let selection = source.0.selection, source.1.eventsOut == source.1.eventsWithoutField else {
                return nil
            }
            let reasons = [eventReason(number, source.1, selection), keyReason(source.0, selection)].compactMap(\.self)
            guard !reasons.isEmpty else { return nil }
            return RunReport.Warning(
                stage: source.1.name,
                message: "selects nothing: " + reasons.joined(separator: "; ") + advice(selection)
            )
        }
    }

    /// Records whose ids were replaced, as in published data, are of other accounts than their keys.
    private func advice(_ selection: EventSelection) -> String {
        guard let account = selection.accounts?.min(), selection.accounts?.count == 1 else { return "" }
        return "; where keys and records name different accounts, a condition asks the records alone: "
            + "recipientAccountId == \"\(account)\""
    }

    private func eventReason(_ number: Int, _ stage: RunReport.Stage, _ selection: EventSelection) -> String? {
        guard stage.eventsFiltered > 0 else { return nil }
        var sighting = SelectionSighting()
        for selector in selectors.compactMap({ $0[number] }) { sighting += selector.sighting }
        let events = stage.eventsFiltered
        return "the \(events == 1 ? "1 event that was" : "\(events) events that were") read "
            + "\(events == 1 ? "is" : "are") " + sighting.text(selection)
    }

    private func keyReason(_ source: SourceRunner, _ selection: EventSelection) -> String? {
        guard let list = source.list as? any FileListing, !list.keySighting.isEmpty else { return nil }
        let tally = source.tally
        let counts = [(tally.pruned, "file"), (tally.prunedFolders, "folder")].filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        let isOne = tally.pruned + tally.prunedFolders == 1
        return "\(counts.joined(separator: " and ")) \(isOne ? "was" : "were") never opened: by "
            + "\(isOne ? "its key it is" : "their keys they are") " + list.keySighting.text(selection)
    }
}
