import MHPipeKit

/// The times that one event came to one stage, and what became of it each time.
struct StageVisits {
    private struct Visit {
        let before: String
        let reasons: [Reason]
        let dropReasons: [Reason]
        var after: String?
        /// The numbers of the ports that it went on by.
        var ports: Set<Int> = []
        var rejection: String?
        var view: SinkView?
    }

    private var visits: [Visit] = []
    /// The event as the stage made it.
    private var made: String?
    /// All ports that it went on by, in order.
    private var ports: [Int] = []

    /// Tells the visits apart.
    ///
    /// A stage gives what it was given last, but for one that holds events and gives all of them later; so each event that
    /// leaves is taken for the latest that has not left by the port, which tells in both cases how many have.
    init(_ acts: [TraceLog.Act]) {
        for act in acts {
            switch act {
            case .took(let json, let reasons, let drop):
                visits.append(Visit(before: json, reasons: reasons, dropReasons: drop))
            case .gave(let json, let port):
                if !ports.contains(port) { ports.append(port) }
                guard let place = visits.lastIndex(where: { $0.rejection == nil && !$0.ports.contains(port) }) else {
                    made = made ?? json
                    continue
                }
                visits[place].ports.insert(port)
                visits[place].after = visits[place].after ?? json
            case .rejected(let reason):
                guard let place = visits.lastIndex(where: { $0.rejection == nil && $0.ports.isEmpty }) else { continue }
                visits[place].rejection = reason
            case .showed(let view):
                guard let place = visits.firstIndex(where: { $0.view == nil }) else { continue }
                visits[place].view = view
                visits[place].rejection = view.refusal
            }
        }
    }

    /// What became of the event at the stage.
    func step(_ kind: String, _ name: String, _ plugin: String, _ portNames: [String]) -> EventWay.Step {
        var step = EventWay.Step(kind: kind, stage: name, plugin: plugin, fate: .notReached, times: visits.count)
        step.ports = ports.filter(portNames.indices.contains).map { portNames[$0] }
        guard let first = visits.first else {
            guard let made else { return step }
            step.fate = .made
            step.changes = RecordDifference(from: "{}", to: made).changes
            return step
        }
        step.reasons = first.reasons
        step.rejection = visits.lazy.compactMap(\.rejection).first
        step.view = visits.lazy.compactMap(\.view).first
        let lost = kind == "sink" ? [] : visits.filter { $0.after == nil && $0.rejection == nil }
        step.dropped = lost.count
        if step.rejection != nil {
            step.fate = .rejected
        } else if kind == "sink" {
            step.fate = .written
            step.record = first.before
        } else if let kept = visits.first(where: { $0.after != nil }), let after = kept.after {
            step.fate = .kept
            step.reasons = kept.reasons
            step.changes = RecordDifference(from: kept.before, to: after).changes
            step.dropReasons = lost.first.map { $0.reasons + $0.dropReasons } ?? []
        } else {
            step.fate = .dropped
            step.reasons += first.dropReasons
        }
        return step
    }
}
