import MHPipeKit
import MHPipePlan

/// One event's way through a pipeline: what each stage did with it.
struct EventWay: Sendable {
    /// What became of an event at a stage.
    enum Fate: String, Sendable {
        case kept, dropped
        /// The stage made the event.
        case made
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
        /// On how many of these ways it was dropped.
        var dropped = 0
        /// The ports that it went on by.
        var ports: [String] = []
        /// Why it could not be worked on.
        var rejection: String?
        var reasons: [Reason] = []
        /// Why it was dropped on a way, where it went on by another.
        var dropReasons: [Reason] = []
        var changes: [RecordDifference.Change] = []
        /// The event as it came to a sink.
        var record: String?
        /// What a sink would write, where it can say so.
        var view: SinkView?

        /// `on 1 of 2 ways`, where not all of its ways ended in the same manner; empty where they did.
        func share(_ count: Int) -> String { count < times ? " on \(count) of \(times) ways" : "" }
    }

    let origin: TraceLog.Origin
    /// The stage that made the event; nil for one that was read.
    let maker: String?
    /// The stages in the order of the plan.
    let steps: [Step]

    /// The ways of all events of a log, in the order in which they were read or made.
    static func all(_ plan: PipelinePlan, _ log: TraceLog) -> [EventWay] {
        let entries = Dictionary(grouping: log.entries, by: \.event)
        return log.origins.enumerated().map { EventWay($1, plan, entries[$0] ?? []) }
    }

    private init(_ origin: TraceLog.Origin, _ plan: PipelinePlan, _ entries: [TraceLog.Entry]) {
        self.origin = origin
        let acts = Dictionary(grouping: entries, by: \.place).mapValues { $0.map(\.act) }
        func step(_ kind: String, _ name: String, _ plugin: String, _ ports: [String], at place: TraceLog.Place) -> Step
        {
            StageVisits(acts[place] ?? []).step(kind, name, plugin, ports)
        }
        var sources: [Step] = []
        switch origin.place {
        case .source(let number):
            let source = plan.sources[number]
            sources = [step("source", source.name, source.plugin, [], at: .source(number))]
            maker = nil
        case .transform(let number): maker = plan.transforms[number].name
        case .sink(let number): maker = plan.sinks[number].name
        }
        steps =
            sources
            + plan.transforms.enumerated().map { number, stage in
                step("transform", stage.name, stage.plugin, stage.ports, at: .transform(number))
            }
            + plan.sinks.enumerated().map { number, stage in
                step("sink", stage.name, stage.plugin, [], at: .sink(number))
            }
    }

    /// What became of the event in the end, in words.
    var outcome: String {
        let dropped = steps.filter { $0.dropped > 0 }.map { "'\($0.stage)'\($0.share($0.dropped))" }
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
