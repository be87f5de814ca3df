import MHPipeKit

/// Event's ways as `explain --json` has them.
struct WayDocument: Encodable {
    /// Changes with each change that a reader could trip over.
    static let schema = 1

    struct Reading: Encodable {
        let field: String
        /// The value's JSON text; left out where the event has no such field.
        let json: String?
    }

    struct Why: Encodable {
        let text: String
        let holds: Bool?
        let port: String?
        let readings: [Reading]
    }

    struct Change: Encodable {
        let field: String
        let before: String?
        let after: String?
    }

    struct Step: Encodable {
        let kind: String
        let stage: String
        let plugin: String
        let fate: String
        /// On how many ways it came, and on how many of them it was dropped.
        let ways: Int
        let dropped: Int
        let ports: [String]
        let rejection: String?
        let reasons: [Why]
        /// Why it was dropped on a way, where it went on by another.
        let dropReasons: [Why]
        let changes: [Change]
        let record: String?
        let written: Written?
    }

    struct Cell: Encodable {
        let column: String
        /// Left out where it is empty, or NULL.
        let text: String?
    }

    struct Written: Encodable {
        let path: String
        let line: String?
        let cells: [Cell]
    }

    struct Way: Encodable {
        /// Left out, as are the others, for an event that a stage has made.
        let file: String?
        let record: Int?
        let source: String?
        /// The stage that has made it; left out for an event that was read.
        let madeBy: String?
        let json: String
        let outcome: String
        let stages: [Step]
    }

    let schema = WayDocument.schema
    let events: [Way]

    init(_ ways: [EventWay]) {
        events = ways.map { way in
            Way(
                file: way.maker == nil ? way.origin.unit : nil,
                record: way.maker == nil ? way.origin.record : nil,
                source: way.maker == nil ? way.steps.first?.stage : nil,
                madeBy: way.maker,
                json: way.origin.json,
                outcome: way.outcome,
                stages: way.steps.map(Self.step)
            )
        }
    }

    private static func step(_ step: EventWay.Step) -> Step {
        Step(
            kind: step.kind,
            stage: step.stage,
            plugin: step.plugin,
            fate: step.fate.rawValue,
            ways: step.times,
            dropped: step.dropped,
            ports: step.ports,
            rejection: step.rejection,
            reasons: step.reasons.map(Self.why),
            dropReasons: step.dropReasons.map(Self.why),
            changes: step.changes.map { Change(field: $0.field, before: $0.before, after: $0.after) },
            record: step.record,
            written: step.view.map { view in
                Written(
                    path: view.path,
                    line: view.line,
                    cells: view.cells.map { Cell(column: $0.column, text: $0.text) }
                )
            }
        )
    }

    private static func why(_ reason: Reason) -> Why {
        Why(
            text: reason.text,
            holds: reason.holds,
            port: reason.port,
            readings: reason.readings.map { Reading(field: $0.field, json: $0.json) }
        )
    }

    /// The object, keys sorted, with a line end.
    var json: String {
        get throws { try JSONDocument.text(self, isPretty: true) + "\n" }
    }
}
