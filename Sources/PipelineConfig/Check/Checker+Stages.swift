import MHPipeKit

extension Checker {
    mutating func readStage(_ entry: ConfigEntry, _ kind: PluginDescription.Kind, lines: ClosedRange<Int>?) {
        checkName(entry, kind)
        var draft = StageDraft(kind: kind, name: entry.key, nameSpan: entry.keySpan, lines: lines)
        if let entries = stageEntries(entry, draft) {
            draft.inputs = inputs(entries, kind)
            build(&draft, entries)
        }
        if stageIndices[draft.name] == nil { stageIndices[draft.name] = stages.count }
        stages.append(draft)
    }

    private mutating func checkName(_ entry: ConfigEntry, _ kind: PluginDescription.Kind) {
        let name = entry.key
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        if !isPlain || name.first?.isLetter != true {
            report(
                Diagnostic(
                    "'\(name)' is no name for a stage",
                    at: entry.keySpan,
                    notes: ["a name begins with a letter, and goes on with letters, digits, '_' and '-'"]
                )
            )
        }
        if let other = stageIndices[name].map({ stages[$0] }), other.kind != kind {
            let line = other.nameSpan.map { " on line \($0.line)" } ?? ""
            report(
                Diagnostic(
                    "two stages are named '\(name)'",
                    at: entry.keySpan,
                    label: "the \(other.kind.rawValue)\(line) has this name"
                )
            )
        }
    }

    private mutating func stageEntries(_ entry: ConfigEntry, _ draft: StageDraft) -> [ConfigEntry]? {
        switch entry.value.content {
        case .mapping(let entries): return entries
        case .null:
            reportWithoutType(draft, [])
        case .text(let text):
            report(
                Diagnostic(
                    "\(draft.shown) needs a mapping with a 'type', not a text",
                    at: entry.value.span ?? entry.keySpan,
                    label: isPlugin(text, draft.kind) ? "write `type: \(text)` on a line below the name" : nil
                )
            )
        case .list:
            report(
                Diagnostic(
                    "\(draft.shown) needs a mapping with a 'type', not a list",
                    at: entry.value.span ?? entry.keySpan
                )
            )
        }
        return nil
    }

    private mutating func inputs(_ entries: [ConfigEntry], _ kind: PluginDescription.Kind) -> [ConfigNode]? {
        guard let entry = entries.first(where: { $0.key == "inputs" }) else { return nil }
        guard kind != .source else {
            report(Diagnostic("a source has no inputs", at: entry.keySpan, label: "remove this key"))
            return nil
        }
        let nodes = entry.value.elements ?? [entry.value]
        for node in nodes where node.text == nil {
            report(
                Diagnostic(
                    "'inputs' needs the name of a stage or a list of names, not \(node.kindName)",
                    at: node.span ?? entry.keySpan
                )
            )
            isGraphKnown = false
        }
        if nodes.isEmpty {
            report(
                Diagnostic(
                    "'inputs' names no stage",
                    at: entry.value.span ?? entry.keySpan,
                    notes: ["left out, it is the stage above"]
                )
            )
            isGraphKnown = false
        }
        return nodes.filter { $0.text != nil }
    }
}
