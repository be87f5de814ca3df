import MHPipeKit

/// What is said of events that are left out above a stage that needs them.
extension Checker {
    mutating func warnOfLeftOut() {
        guard isGraphKnown else { return }
        for index in stages.indices {
            guard let lost = stages[index].lost else { continue }
            for above in stages.indices where isBelow(index, above) && leavesOut(above, before: index) {
                let line = stages[above].nameSpan.map { " on line \($0.line)" } ?? ""
                let keys = stages[above].selectedBy.map { "'\($0)'" }.joined(separator: ", ")
                report(
                    Diagnostic(
                        "\(stages[above].shown)\(line) leaves out events\(keys.isEmpty ? "" : " by " + keys), "
                            + "and for want of them \(stages[index].shown) may not tell \(lost)",
                        severity: .warning,
                        at: stages[index].nameSpan,
                        notes: [
                            keys.isEmpty
                                ? "move '\(stages[above].name)' below '\(stages[index].name)'"
                                : "leave out \(keys), and put a filter with `where` below '\(stages[index].name)'"
                        ]
                    )
                )
            }
        }
    }

    /// True when a stage keeps some events from one below it.
    private func leavesOut(_ above: Int, before index: Int) -> Bool {
        let stage = stages[above]
        guard !stage.drops, stage.selectedBy.isEmpty else { return true }
        return (stage.ports ?? []).contains { port in
            !stages.indices.contains { taker in
                stages[taker].takes.contains(ResolvedInput(stage: above, port: port))
                    && (taker == index || isBelow(index, taker))
            }
        }
    }
}
