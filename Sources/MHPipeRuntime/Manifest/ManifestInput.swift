import MHPipeIO
import MHPipeKit
import MHPipePlan

/// Makes the line of a manifest that says what became of an input.
///
/// Asked for every unit in the order of the input. Stages that hold events back, such as `sort`, give them out while another
/// unit is read, or behind the last one; what became of a unit's events is said only when no stage holds any before the
/// unit and behind it.
struct ManifestInput {
    private let sources: [String: Bool]
    private let transforms: [String]
    private let sinks: [String]
    /// The events that each transform holds.
    private var held: [Int]

    /// - Parameters:
    ///   - plan: What is run.
    ///   - counts: What was counted before the first unit that is asked for.
    init(_ plan: PipelinePlan, after counts: StageCounts) {
        sources = Dictionary(plan.sources.map { ($0.name, Self.readsFiles($0)) }) { first, _ in first }
        transforms = plan.transforms.map(\.name)
        sinks = plan.sinks.map(\.name)
        held = counts.transforms.map(\.held)
    }

    private static func readsFiles(_ source: Stage<any Source>) -> Bool {
        source.pathUses.contains { use in
            switch use {
            case .inputFile, .inputTree: true
            case .program, .output, .outputTree, .outputFiles: false
            }
        }
    }

    mutating func append(_ unit: UnitOutcome, _ counts: StageCounts, to line: OutputBuffer) {
        let wasHeld = held.contains { $0 != 0 }
        for (transform, stage) in counts.transforms.enumerated() { held[transform] += stage.held }
        let heldNow = held.reduce(0, +)
        let isKnown = !wasHeld && !held.contains { $0 != 0 }

        line.append("{\"type\":\"input\",\"source\":")
        line.append(json: unit.source)
        line.append(",\"name\":")
        line.append(json: unit.id.displayName)
        if String(validating: unit.id.name, as: UTF8.self) == nil {
            line.append(",\"nameBase64\":")
            line.append(
                json: unsafe unit.id.name.withUnsafeBufferPointer {
                    unsafe String(decoding: Base64.encode($0), as: UTF8.self)
                }
            )
        }
        line.append(",\"version\":")
        line.append(json: unit.id.version)
        let isFile = unit.content?.isFile == true && sources[unit.source] == true
        line.append(",\"kind\":\"\(unit.ending == .unreadable ? "unopened" : isFile ? "file" : "stream")\"")
        line.append(",\"ending\":\"\(unit.ending.rawValue)\",\"bytes\":\(unit.content?.bytes ?? 0),\"sha256\":")
        line.append(json: unit.content?.sha256.map { Hexadecimal.text($0) })
        line.append(",\"textBytes\":\(unit.content?.textBytes ?? 0),\"records\":\(unit.events)")
        let events = counts.events
        let dropped = unit.events + counts.made - events.kept - events.quarantined
        line.append(",\"made\":\(isKnown ? "\(counts.made)" : "null"),\"kept\":\(isKnown ? "\(events.kept)" : "null")")
        line.append(",\"dropped\":\(isKnown ? "\(dropped)" : "null")")
        line.append(",\"quarantined\":\(isKnown ? "\(events.quarantined)" : "null"),\"unread\":\(unit.quarantined)")
        line.append(",\"held\":\(heldNow),\"stages\":{")
        if isKnown { appendStages(counts, unit.source, to: line) }
        line.append("}}\n")
    }

    /// What each stage has taken out, for those that have.
    private func appendStages(_ counts: StageCounts, _ source: String, to line: OutputBuffer) {
        var isFirst = true
        func append(_ name: String, _ stage: StageCounts.Stage) {
            let reasons = [
                ("filtered", stage.drops.filtered), ("duplicate", stage.drops.duplicate),
                ("consumed", stage.drops.consumed), ("quarantined", stage.quarantined),
            ]
            .filter { $0.1 > 0 }
            guard !reasons.isEmpty else { return }
            if !isFirst { line.append(",") }
            isFirst = false
            line.append(json: name)
            line.append(":{" + reasons.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}")
        }
        for stage in counts.sources { append(source, stage) }
        for (name, stage) in zip(transforms + sinks, counts.transforms + counts.sinks) { append(name, stage) }
    }
}

extension StageCounts.Stage {
    /// The events that came in, or were made, and of which nothing is said yet.
    fileprivate var held: Int { eventsIn + made - eventsOut - drops.total - quarantined }
}

extension OutputBuffer {
    /// Appends a text as JSON, null for none.
    func append(json text: String?) {
        guard let text else { return append("null") }
        var escaped: [UInt8] = [UInt8(ascii: "\"")]
        JSONText.escape(text.utf8, into: &escaped)
        escaped.append(UInt8(ascii: "\""))
        append(escaped)
    }
}
