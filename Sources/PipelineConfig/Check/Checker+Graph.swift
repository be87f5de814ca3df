import MHPipeKit

extension Checker {
    /// Finds out whose events each stage takes.
    mutating func resolveInputs() {
        let sources = stages.indices.filter { stages[$0].kind == .source }
        let transforms = stages.indices.filter { stages[$0].kind == .transform }
        var above = sources
        for index in transforms {
            stages[index].takes = resolve(index, whenLeftOut: above)
            above = [index]
        }
        for index in stages.indices where stages[index].kind == .sink {
            stages[index].takes = resolve(index, whenLeftOut: above)
        }
    }

    private mutating func resolve(_ index: Int, whenLeftOut: [Int]) -> [ResolvedInput] {
        guard let inputs = stages[index].inputs else {
            for other in whenLeftOut where stages[other].ports?.isEmpty == false {
                reportWithoutPort(stages[index].shown, stages[other], at: stages[index].nameSpan)
            }
            return whenLeftOut.map { ResolvedInput(stage: $0) }
        }
        var resolved: [ResolvedInput] = []
        for input in inputs {
            guard let text = input.text else { continue }
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            let port = parts.count > 1 ? String(parts[1]) : nil
            guard let other = stage(named: String(parts[0]), for: index, at: input.span) else { continue }
            checkPort(port, of: stages[other], for: stages[index].shown, at: input.span)
            let taken = ResolvedInput(stage: other, port: port)
            if resolved.contains(taken) {
                report(Diagnostic("the input '\(text)' is here twice", at: input.span))
            } else {
                resolved.append(taken)
            }
        }
        return resolved
    }

    /// Reports a port that a stage does not have, and one that is missing.
    mutating func checkPort(_ port: String?, of stage: StageDraft, for user: String, at span: SourceSpan?) {
        guard let ports = stage.ports else { return }
        switch port {
        case nil where !ports.isEmpty:
            reportWithoutPort(user, stage, at: span)
        case let port? where !ports.contains(port):
            let has =
                ports.isEmpty
                ? "\(stage.shown) has no ports; write '\(stage.name)'" : "its ports: \(ports.joined(separator: ", "))"
            report(
                Diagnostic(
                    "\(stage.shown) has no port '\(port)'",
                    at: span,
                    label: Suggestion.label(for: port, among: ports),
                    notes: [has]
                )
            )
        default: break
        }
    }

    private mutating func reportWithoutPort(_ user: String, _ stage: StageDraft, at span: SourceSpan?) {
        let choices = (stage.ports ?? []).map { "\(stage.name).\($0)" }
        report(
            Diagnostic(
                "\(user) must say which port of '\(stage.name)' it takes",
                at: span,
                notes: ["`inputs` may be: \(choices.joined(separator: ", "))"]
            )
        )
    }

    /// The stage that an input names or, after reporting it, the one that was meant.
    private mutating func stage(named name: String, for index: Int, at span: SourceSpan?) -> Int? {
        let takes = stages[index].shown
        if name == stages[index].name {
            report(Diagnostic("\(takes) names itself as its input", at: span))
            isGraphKnown = false
            return nil
        }
        let other = stageIndices[name]
        if let other, stages[other].kind != .sink { return other }
        let names = stages.filter { $0.kind != .sink && $0.name != stages[index].name }.map(\.name)
        let meant = Suggestion.nearest(to: name, among: names)
        if other != nil {
            report(Diagnostic("'\(name)' is a sink, and sinks pass no events on", at: span))
        } else {
            let mistake = Diagnostic(
                "there is no source or transform '\(name)'",
                at: span,
                label: meant.map { "did you mean '\($0)'?" },
                notes: names.isEmpty ? [] : ["stages to choose from: " + names.joined(separator: ", ")]
            )
            // A name that is like another is mistyped, whatever stood in lines that could not be read.
            if meant == nil { reportMissing(mistake, in: nil) } else { report(mistake) }
        }
        isGraphKnown = isGraphKnown && meant != nil
        return meant.flatMap { stageIndices[$0] }
    }

    /// Puts the transforms into an order in which each follows its inputs; where there is none, a cycle is reported.
    mutating func transformOrder() -> [Int] {
        var waiting = stages.indices.filter { stages[$0].kind == .transform }
        var isWaiting = Set(waiting)
        var order: [Int] = []
        while !waiting.isEmpty {
            let placed = order.count
            for index in waiting where isWaiting.isDisjoint(with: stages[index].resolvedInputs) {
                order.append(index)
                isWaiting.remove(index)
            }
            if order.count == placed {
                let cycle = cycle(among: isWaiting)
                reportCycle(cycle)
                isWaiting.subtract(cycle)
            }
            waiting.removeAll { !isWaiting.contains($0) }
        }
        return order
    }

    /// A cycle among stages each of which waits for another of them; the first stage of the file comes first.
    private func cycle(among waiting: Set<Int>) -> [Int] {
        var path: [Int] = []
        var next = waiting.min()
        while let index = next, !path.contains(index) {
            path.append(index)
            next = stages[index].resolvedInputs.first { waiting.contains($0) }
        }
        let cycle = path[(path.firstIndex { $0 == next } ?? 0)...]
        let first = cycle.indices.min { cycle[$0] < cycle[$1] } ?? cycle.startIndex
        return Array(cycle[first...] + cycle[..<first])
    }

    private mutating func reportCycle(_ cycle: [Int]) {
        isGraphKnown = false
        guard let first = cycle.first else { return }
        let names = (cycle + [first]).map { "'\(stages[$0].name)'" }.joined(separator: " from ")
        let unwritten = cycle.sorted().filter { stages[$0].inputs == nil }.map { "'\(stages[$0].name)'" }
        let next = cycle.count > 1 ? stages[cycle[1]].name : stages[first].name
        let span = stages[first].inputs?.first { $0.text == next }?.span
        report(
            Diagnostic(
                "transforms take their events from each other: \(names)",
                at: span ?? stages[first].nameSpan,
                notes: unwritten.isEmpty
                    ? []
                    : ["without 'inputs', a transform takes the one above it: \(unwritten.joined(separator: ", "))"]
            )
        )
    }

    /// Warns about sources and transforms that no stage takes events from.
    mutating func warnAboutUnusedStages() {
        guard isGraphKnown, !isDamaged(nil), stages.contains(where: { $0.kind == .sink }) else { return }
        let used = Set(stages.flatMap(\.resolvedInputs))
        let taken = Set(stages.flatMap(\.takes))
        for (index, stage) in stages.enumerated() where stage.kind != .sink && !used.contains(index) {
            report(
                Diagnostic(
                    "the events of \(stage.shown) go nowhere",
                    severity: .warning,
                    at: stage.nameSpan,
                    notes: ["no stage names it in its 'inputs'"]
                )
            )
        }
        for (index, stage) in stages.enumerated() where used.contains(index) {
            let (ports, takers) = (stage.ports ?? [], taken.filter { $0.stage == index })
            // Whoever names no port, or another one, was told so, and which one is meant is not known.
            guard takers.allSatisfy({ $0.port.map(ports.contains) ?? false }) else { continue }
            for port in ports where !takers.contains(ResolvedInput(stage: index, port: port)) {
                report(
                    Diagnostic(
                        "the events of port '\(port)' of \(stage.shown) go nowhere",
                        severity: .warning,
                        at: stage.portSpans[port] ?? stage.nameSpan,
                        notes: ["no stage has '\(stage.name).\(port)' in its 'inputs'"]
                    )
                )
            }
        }
    }
}
