import MHPipeKit

extension Checker {
    /// Warns of events that surely, or where ways meet again and again, arrive more than once.
    ///
    /// Ways that meet once are a usual thing: filters that never keep the same event, and what they keep put together.
    mutating func warnAboutWays(transformOrder order: [Int]) {
        guard isGraphKnown else { return }
        let order = order + stages.indices.filter { stages[$0].kind == .sink }
        for index in order { warnAboutInputOfInput(index) }
        let ways = ways(in: order)
        let multiplying = order.filter { index in
            let incoming = stages[index].resolvedInputs.map { ways[$0] }
            return incoming.count > 1 && incoming.contains { $0 > 1 }
        }
        guard !multiplying.isEmpty, let most = order.map({ ways[$0] }).max(),
            let last = order.last(where: { ways[$0] == most })
        else { return }
        let count = most < Self.mostWays ? String(most) : "\(Self.mostWays) or more"
        let meeting = order.filter { stages[$0].resolvedInputs.count > 1 }.map { "'\(stages[$0].name)'" }
        let others = meeting.count > 5 ? " and \(meeting.count - 5) more" : ""
        report(
            Diagnostic(
                "an event can come to \(stages[last].shown) by \(count) ways, and is then there as often",
                severity: .warning,
                at: stages[multiplying[0]].inputs?.first?.span ?? stages[multiplying[0]].nameSpan,
                notes: [
                    "these stages hand an event on once for each of their inputs that has it: "
                        + meeting.prefix(5).joined(separator: ", ") + others,
                    "that is fine where no two inputs ever have the same event",
                ]
            )
        )
    }

    /// An event that one input has because another one had it arrives twice.
    private mutating func warnAboutInputOfInput(_ index: Int) {
        let inputs = stages[index].takes
        guard inputs.count > 1 else { return }
        for input in inputs {
            let above = ancestors(of: input.stage)
            guard let other = inputs.first(where: { above.contains($0) }) else { continue }
            let (lower, upper) = (stages[input.stage], stages[other.stage])
            report(
                Diagnostic(
                    "what '\(lower.name)' has from '\(upper.name)' comes to \(stages[index].shown) twice",
                    severity: .warning,
                    at: stages[index].inputs?.first { $0.text == lower.name }?.span ?? stages[index].nameSpan,
                    notes: ["'\(upper.name)' is an input of it as well"]
                )
            )
        }
    }

    /// Whose events come to a stage, and from which ports: what one port has is not what another has.
    private func ancestors(of index: Int) -> Set<ResolvedInput> {
        var found: Set<ResolvedInput> = []
        var waiting = stages[index].takes
        while let next = waiting.popLast() {
            if found.insert(next).inserted { waiting += stages[next.stage].takes }
        }
        return found
    }

    private static let mostWays = 1_000_000

    /// For each stage, the most ways by which an event of one source can come to it.
    private func ways(in order: [Int]) -> [Int] {
        var most = [Int](repeating: 0, count: stages.count)
        for source in stages.indices where stages[source].kind == .source {
            var ways = [Int](repeating: 0, count: stages.count)
            ways[source] = 1
            for index in order {
                ways[index] = stages[index].resolvedInputs.reduce(0) { min($0 + ways[$1], Self.mostWays) }
            }
            for index in stages.indices { most[index] = max(most[index], ways[index]) }
        }
        return most
    }
}
