import MHPipeKit
import MHPipePlan

/// One event's way through a pipeline: what each stage did with it.
struct EventWay: Sendable {
    /// What became of an event at a stage.
    enum Fate: String, Sendable {
        case kept, dropped
        /// The stage could not work on it.
        case rejected
        /// It came to a sink.
        case written
        case notReached = "not_reached"
    }

    /// An event at one stage.
    struct Step: Sendable {
        let kind: String
        let stage: String
        let plugin: String
        var fate: Fate
        /// How often the event came; more than once where ways meet.
        var times = 0
        /// The ports that it went on by.
        var ports: [String] = []
        /// Why it could not be worked on.
        var rejection: String?
        var reasons: [Reason] = []
        var changes: [RecordDifference.Change] = []
        /// The event as it came to a sink.
        var record: String?
        /// What a sink would write, where it can say so.
        var view: SinkView?
    }

    let origin: TraceLog.Origin
    /// The stages in the order of the plan.
    let steps: [Step]

    /// The ways of all events of a log, in their order.
    static func all(_ plan: PipelinePlan, _ log: TraceLog) -> [EventWay] {
        let entries = Dictionary(grouping: log.entries.filter { $0.event != nil }) { $0.event ?? 0 }
        return log.origins.enumerated().map { EventWay($1, plan, entries[$0] ?? []) }
    }

    private init(_ origin: TraceLog.Origin, _ plan: PipelinePlan, _ entries: [TraceLog.Entry]) {
        self.origin = origin
        let acts = Dictionary(grouping: entries, by: \.place).mapValues { $0.map(\.act) }
        let source = plan.sources[origin.source]
        steps =
            [Self.step("source", source.name, source.plugin, [], acts[.source(origin.source)])]
            + plan.transforms.enumerated().map { number, stage in
                Self.step("transform", stage.name, stage.plugin, stage.ports, acts[.transform(number)])
            }
            + plan.sinks.enumerated().map { number, stage in
                Self.step("sink", stage.name, stage.plugin, [], acts[.sink(number)])
            }
    }

    private static func step(
        _ kind: String,
        _ name: String,
        _ plugin: String,
        _ ports: [String],
        _ acts: [TraceLog.Act]?
    ) -> Step {
        var step = Step(kind: kind, stage: name, plugin: plugin, fate: .notReached)
        var (before, after): (String?, String?)
        var dropReasons: [Reason] = []
        for act in acts ?? [] {
            switch act {
            case .took(let json, let reasons, let drop):
                step.times += 1
                before = before ?? json
                if step.reasons.isEmpty { step.reasons = reasons }
                dropReasons = drop
            case .gave(let json, let port):
                after = after ?? json
                if ports.indices.contains(port), !step.ports.contains(ports[port]) { step.ports.append(ports[port]) }
            case .rejected(let reason): step.rejection = reason
            case .showed(let view):
                step.view = step.view ?? view
                step.rejection = step.rejection ?? view.refusal
            }
        }
        guard step.times > 0 else { return step }
        if step.rejection != nil {
            step.fate = .rejected
        } else if kind == "sink" {
            step.fate = .written
            step.record = before
        } else if let before, let after {
            step.fate = .kept
            step.changes = RecordDifference(from: before, to: after).changes
        } else {
            step.fate = .dropped
            step.reasons += dropReasons
        }
        return step
    }

    /// What became of the event in the end, in words.
    var outcome: String {
        let dropped = steps.filter { $0.fate == .dropped }.map { "'\($0.stage)'" }
        let rejected = steps.filter { $0.fate == .rejected }.map { "'\($0.stage)'" }
        let written = steps.filter { $0.fate == .written }.map { "'\($0.stage)'" }
        var parts: [String] = []
        if !written.isEmpty { parts.append("written by " + written.joined(separator: ", ")) }
        if !dropped.isEmpty { parts.append("dropped by " + dropped.joined(separator: ", ")) }
        if !rejected.isEmpty { parts.append("quarantined at " + rejected.joined(separator: ", ")) }
        // A port that no stage takes events from leads nowhere.
        return parts.isEmpty ? "no stage takes it from where it went" : parts.joined(separator: "; ")
    }
}
