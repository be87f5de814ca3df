import MHPipeKit

/// Event's ways as people read them.
struct WayText {
    let ways: [EventWay]

    /// The longest JSON text that is shown whole.
    private static let longest = 200

    var text: String {
        ways.map { lines(of: $0).map(\.visible).joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private func lines(of way: EventWay) -> [String] {
        let origin = way.maker.map { "made by '\($0)'" } ?? "record \(way.origin.record) of '\(way.origin.unit)'"
        var lines = [title(way), "  \(origin)", "  \(way.outcome)"]
        for step in way.steps where step.fate != .notReached { lines += Self.lines(of: step) }
        let rest = way.steps.filter { $0.fate == .notReached }
        if !rest.isEmpty { lines.append("not reached: " + rest.map(\.stage).joined(separator: ", ")) }
        return lines
    }

    private func title(_ way: EventWay) -> String {
        let record = JSONValue(sound: way.origin.json)
        func text(_ key: String) -> String? { record?[key]?.string }
        let call = [text("eventName"), text("eventSource").map { "of \($0)" }].compactMap(\.self).joined(separator: " ")
        let parts = ["event \(text("eventID") ?? "without an eventID")", call.isEmpty ? nil : call, text("eventTime")]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func lines(of step: EventWay.Step) -> [String] {
        // The word before it says what became of these; of an event that was dropped, that is every way.
        let these = step.fate == .dropped ? step.dropped : step.times - step.dropped
        let ways = step.times > 1 ? ", by \(these < step.times ? "\(these) of " : "")\(step.times) ways" : ""
        let ports = step.ports.isEmpty ? "" : " on \(step.ports.joined(separator: ", "))"
        let place = step.fate == .written ? step.view.map { " to '\($0.path)'" } ?? "" : ""
        var lines = ["\(step.kind) \(step.stage) (\(step.plugin)): \(word(step))\(place)\(ports)\(ways)"]
        if let rejection = step.rejection { lines.append("    \(rejection)") }
        lines += step.reasons.flatMap(Self.lines)
        if !step.dropReasons.isEmpty {
            lines.append("    dropped\(step.share(step.dropped)):")
            lines += step.dropReasons.flatMap(Self.lines).map { "    " + $0 }
        }
        lines += step.changes.map(line)
        if let view = step.view, step.fate == .written { lines += Self.lines(of: view) }
        return lines
    }

    private static func lines(of view: SinkView) -> [String] {
        if let line = view.line { return ["    " + shortened(line)] }
        let filled = view.cells.compactMap { cell in cell.text.map { "    \(cell.column): \(shortened($0))" } }
        let rest = view.cells.count - filled.count
        return filled
            + (rest > 0 ? ["    \(Readable.count(rest, "other column")) \(rest == 1 ? "is" : "are") empty"] : [])
    }

    private static func word(_ step: EventWay.Step) -> String {
        switch step.fate {
        case .kept: step.kind == "source" ? "read" : "kept"
        case .dropped: step.kind == "source" ? "not selected" : "dropped"
        case .made: "made"
        case .rejected: "quarantined"
        case .written: "written"
        case .notReached: "not reached"
        }
    }

    private static func lines(_ reason: Reason) -> [String] {
        let port = reason.port.map { "\($0): " } ?? ""
        let word =
            switch reason.holds {
            case _ where !reason.isCondition: ""
            case true?: "holds: "
            case false?: "does not hold: "
            case nil: "needs too many steps: "
            }
        return ["    \(port)\(word)\(reason.text)"]
            + reason.readings.map { "        \($0.field) is \($0.json.map(shortened) ?? "missing")" }
    }

    private static func line(_ change: RecordDifference.Change) -> String {
        switch (change.before, change.after) {
        case (nil, let after?): "    + \(change.field) = \(shortened(after))"
        case (let before?, nil): "    - \(change.field) = \(shortened(before))"
        case (let before, let after):
            "    ~ \(change.field) = \(shortened(after ?? "")), was \(shortened(before ?? ""))"
        }
    }

    private static func shortened(_ json: String) -> String {
        json.count > longest ? "\(json.prefix(longest))... (\(Readable.count(json.count, "character")))" : json
    }
}
