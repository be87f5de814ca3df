import MHPipeKit

extension Checker {
    /// Notes which fields the options of a stage name.
    func noteFields<P: Plugin>(
        _ type: P.Type,
        _ decoded: P.Options,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) {
        let described = draft.kind == .transform ? type as? any DescribedTransform.Type : nil
        for option in P.Options.all {
            // A default that was not written needs no check.
            guard let entry = options.entries.first(where: { $0.key == option.key }) else { continue }
            let paths = option.fieldPaths(decoded)
            let isTemplate = !paths.isEmpty && option.pathUses(decoded).contains(where: \.isTemplate)
            let isHidden = described?.hidesFields == true
            draft.fieldUses += FieldUse.uses(of: paths, in: entry, isTemplate: isTemplate, isHidden: isHidden)
        }
        guard let described else { return }
        note(described, decoded, options, &draft)
    }

    /// Notes what a transform says of itself.
    private func note<T: DescribedTransform>(
        _ type: T.Type,
        _ decoded: Any,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) {
        guard let decoded = decoded as? T.Options else { return }
        draft.extends = type.extendsObjects
        draft.lost = type.lost
        draft.reads = type.reads(decoded)
        draft.drops = type.drops(decoded)
        draft.comparisons = WrittenComparison.all(of: type, decoded, options.entries)
        draft.fieldChecks = type.fieldChecks(decoded)
    }

    /// Checks that events have the fields that options name, where they come to the stage.
    ///
    /// - Parameter order: The transforms, each behind those whose events it takes.
    /// - Returns: For each stage the fields of the events that come to it; nothing while not all of the file is known.
    mutating func checkFields(transformOrder order: [Int]) -> [FieldsInReach] {
        guard isGraphKnown, !isDamaged(nil) else { return [] }
        var reach: [FieldsInReach] = Array(repeating: FieldsInReach(), count: stages.count)
        for index in order + stages.indices.filter({ stages[$0].kind == .sink }) {
            for input in stages[index].resolvedInputs {
                reach[index].merge(behind(input, reach[input]))
            }
        }
        for index in stages.indices {
            warnOfReplaced(index, reach[index])
            guard reach[index].isKnown else { continue }
            var missing: Set<String> = []
            let uses = stages[index].fieldUses.filter { !reportTaken($0, of: index, reach) }
            for use in uses { check(use, of: index, reach[index], &missing) }
            for comparison in stages[index].comparisons { check(comparison, reach[index]) }
            for value in stages[index].fieldChecks {
                // One word on each text is enough.
                let taken = value.writtenFields.filter { reportTaken(FieldUse($0), of: index, reach) }
                if taken.isEmpty { check(value, of: index, reach[index], &missing) }
            }
        }
        return reach
    }

    /// The fields behind a stage.
    func behind(_ index: Int, _ reach: FieldsInReach) -> FieldsInReach {
        let stage = stages[index]
        return reach.behind(adding: stage.built == nil ? nil : stage.adds, extending: stage.extends, stage.shape)
    }

    /// Checks one path; of a key in `missing`, which no stage adds, enough was said.
    mutating func check(
        _ use: FieldUse,
        of index: Int,
        _ reach: FieldsInReach,
        _ missing: inout Set<String>
    ) {
        let keys = use.path.keys
        let fields = reach.all
        switch FieldLookup(keys, among: fields) {
        case .found:
            if keys.count == 1, reach.added[keys[0]] == nil { warnOfAggregatedField(use) }
        case .unknown(depth: 0):
            if let adder = stages.indices.first(where: { addsField(keys[0], $0) }) {
                guard missing.insert(keys[0]).inserted else { return }
                reportUnreached(use, of: index, adder)
            } else if let usual = usualField(keys) {
                guard case .found = FieldLookup(keys, among: [usual]) else {
                    return report(
                        fault: FieldLookup(keys, among: [usual]),
                        use,
                        among: [usual],
                        notes: [unadded(keys[0])]
                    )
                }
                guard missing.insert(keys[0]).inserted else { return }
                reportUnadded(use, of: index)
            } else {
                report(fault: .unknown(depth: 0), use, among: fields.adding(usualFields))
            }
        case let fault: report(fault: fault, use, among: fields)
        }
    }

    private mutating func warnOfAggregatedField(_ use: FieldUse) {
        guard let meant = CloudTrailFields.ofAggregatedEvents[use.path.keys[0]] else { return }
        report(
            Diagnostic(
                "only aggregated events have the field '\(use.path.text)'",
                severity: .warning,
                at: use.span,
                label: "did you mean '\(meant)'?"
            )
        )
    }

    /// Warns of a path that leads nowhere.
    private mutating func report(
        fault: FieldLookup,
        _ use: FieldUse,
        among fields: [EventField],
        notes: [String] = []
    ) {
        let keys = use.path.keys
        let depth: Int
        var message: String
        var notes = notes
        let meant = FieldSuggestion(among: fields).path(for: keys)
        let shown = { (keys: [String]) in use.text(of: keys) }
        var isCertain = true
        switch fault {
        case .found: return
        case .belowValue(let found):
            depth = found
            message =
                "'\(shown(Array(keys[..<depth])))' is no object, so it has no field '\(keys[depth])'"
        case .noElement(let found):
            depth = found
            let list = Array(keys[..<depth])
            message = "'\(shown(list))' is a list: a number says which element is meant, as in \(shown(list + ["0"]))"
            if use.isInCondition { notes.append("or ask all of them: \(shown(list)).exists(x, x.\(keys[depth]) == …)") }
        case .unknown(depth: 0):
            depth = 0
            isCertain = meant != nil
            message = "no CloudTrail record has a field '\(keys[0])'"
            if meant == nil { message += ", as far as mhpipe knows" }
            if meant == nil, use.isInCondition, keys.count == 1 {
                notes.append("a text stands in quotes: \"\(keys[0])\"")
            }
            if meant == nil, let list = Self.list(in: use.path) { notes.append("several fields are a list: \(list)") }
        case .unknown(let found):
            depth = found
            isCertain = meant != nil
            let object = shown(Array(keys[..<depth]))
            message = "'\(object)' has no field '\(keys[depth])'"
            let root = fields.first { $0.key == keys[0] }
            if meant == nil, let root, CloudTrailFields.all.contains(root) {
                message += ", as far as mhpipe knows"
            }
            if let adding = adding(keys) { notes.append("transform `\(adding)` adds '\(use.path.text)'") }
            if meant == nil, case .found(.object(let known)) = FieldLookup(Array(keys[..<depth]), among: fields) {
                notes.insert("\(object) has: \(known.map(\.key).joined(separator: ", "))", at: 0)
            }
        }
        let isOneKey =
            meant.map { meant in
                meant.count == keys.count && zip(meant, keys).count(where: { $0 != $1 }) == 1
            } ?? true
        let label = meant.map { isOneKey ? $0[depth] : shown($0) }
        // CloudTrail has no two fields whose names differ in nothing else.
        let isOtherCase = meant.map { $0.map { $0.lowercased() } == keys.map { $0.lowercased() } } ?? false
        report(
            Diagnostic(
                message,
                severity: isOtherCase || (use.isStrict && isCertain) ? .error : .warning,
                at: isOneKey ? use.span(ofKey: depth) : use.span,
                label: label.map { "did you mean '\($0)'?" },
                notes: notes
            )
        )
    }

    /// The list that was meant by fields with commas between them.
    private static func list(in path: FieldPath) -> String? {
        let parts = path.text.split { ", \"".contains($0) }
        return parts.count > 1 && path.text.contains(",") ? "[\(parts.joined(separator: ", "))]" : nil
    }
}

extension PathUse {
    fileprivate var isTemplate: Bool { if case .outputFiles = self { true } else { false } }
}
