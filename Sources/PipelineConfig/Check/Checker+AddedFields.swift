import MHPipeKit

/// What is said of the fields that stages add.
extension Checker {
    /// Warns of a stage that adds what one above it has added, which is lost then.
    mutating func warnOfReplaced(_ index: Int, _ reach: FieldsInReach) {
        guard stages[index].built != nil, !stages[index].extends else { return }
        for field in stages[index].adds ?? [] where reach.added[field.key] != nil {
            guard let other = stages.indices.first(where: { addsField(field.key, $0) && isBelow(index, $0) }) else {
                continue
            }
            let line = stages[other].nameSpan.map { " on line \($0.line)" } ?? ""
            report(
                Diagnostic(
                    "\(stages[index].shown) replaces '\(field.key)', which \(stages[other].shown)\(line) has added",
                    severity: .warning,
                    at: stages[index].nameSpan,
                    notes: ["leave one of them out, or give one another name: `as: NAME`"]
                )
            )
        }
    }

    func addsField(_ key: String, _ index: Int) -> Bool {
        stages[index].built != nil && stages[index].adds?.contains { $0.key == key } == true
    }

    /// What the plugins of this program can add.
    var usualFields: [EventField] {
        plugins.transforms.flatMap { Self.usualFields($0) }
    }

    private static func usualFields<T: TransformPlugin>(_ type: T.Type) -> [EventField] {
        type.adds(T.Options()) ?? []
    }

    /// Reports a field that a stage adds of which this one does not take the events.
    mutating func reportUnreached(_ use: FieldUse, of index: Int, _ adder: Int) {
        let (stage, adding) = (stages[index], stages[adder])
        let line = adding.nameSpan.map { " on line \($0.line)" } ?? ""
        guard isBelow(adder, index) else {
            let notes = ["put it above, or name '\(adding.name)' in the 'inputs' of '\(stage.name)'"]
            return report(
                Diagnostic(
                    "'\(use.path.text)' is added by \(adding.shown)\(line), whose events \(stage.shown) does not take",
                    severity: .warning,
                    at: use.span,
                    notes: notes
                )
            )
        }
        report(
            Diagnostic(
                "\(stage.shown) reads '\(use.path.text)', which \(adding.shown)\(line) adds only below it",
                at: use.span,
                label: "not there yet",
                notes: ["move '\(stage.name)' below '\(adding.name)'"]
            )
        )
    }

    /// Reports a field that events had until a stage above took it away; false when there is no such stage.
    mutating func reportTaken(_ use: FieldUse, of index: Int, _ reach: [FieldsInReach]) -> Bool {
        guard case .unknown = FieldLookup(use.path.keys, among: reach[index].all) else { return false }
        let taker = stages.indices.first { other in
            guard stages[other].shape != nil, isBelow(index, other),
                case .found = FieldLookup(use.path.keys, among: reach[other].all),
                case .unknown = FieldLookup(use.path.keys, among: behind(other, reach[other]).all)
            else { return false }
            return true
        }
        guard let taker else { return false }
        let line = stages[taker].nameSpan.map { " on line \($0.line)" } ?? ""
        let new = stages[taker].shape?.newPath(of: use.path)
        report(
            Diagnostic(
                "\(stages[index].shown) reads '\(use.path.text)', which \(stages[taker].shown)\(line) "
                    + (new == nil ? "has taken out" : "has renamed"),
                at: use.span,
                label: new.map { "did you mean '\($0.text)'?" } ?? "not there any more",
                notes: [
                    stages[index].kind == .sink
                        ? "name a stage above '\(stages[taker].name)' in the 'inputs' of '\(stages[index].name)'"
                        : "move '\(stages[index].name)' above '\(stages[taker].name)'"
                ]
            )
        )
        return true
    }

    /// True when events go from one stage to another, by whatever way.
    func isBelow(_ index: Int, _ above: Int) -> Bool {
        var waiting = [index]
        var seen: Set<Int> = [index]
        while let next = waiting.popLast() {
            for input in stages[next].resolvedInputs where seen.insert(input).inserted {
                if input == above { return true }
                waiting.append(input)
            }
        }
        return false
    }

    /// Warns of a field that no stage adds, though there is a plugin that would.
    mutating func reportUnadded(_ use: FieldUse, of index: Int) {
        let keys = use.path.keys
        let renamed = stages.indices.first { other in
            isBelow(index, other) && stages[other].usuallyAdds.contains { $0.key == keys[0] }
        }
        let column = renamed.flatMap { stages[$0].adds?.first?.key }
        let meant = column.map { FieldPath(keys: [$0] + keys.dropFirst()).text }
        report(
            Diagnostic(
                "no stage above adds '\(keys[0])', so '\(use.path.text)' is missing unless the events have it already",
                severity: .warning,
                at: use.span,
                label: meant.map { "did you mean '\($0)'?" },
                notes: [unadded(keys[0], by: adding(keys))]
            )
        )
    }

    /// What a plugin adds under the first key, one that adds the whole path if there is any.
    func usualField(_ keys: [String]) -> EventField? {
        let fields = usualFields.filter { $0.key == keys[0] }
        return fields.first { if case .found = FieldLookup(keys, among: [$0]) { true } else { false } } ?? fields.first
    }

    /// The plugin that adds a field to an object which another one adds, as `resolve_roles` does to `identity`.
    func adding(_ keys: [String]) -> String? {
        plugins.transforms.first { type in
            if case .found = FieldLookup(keys, among: Self.usualFields(type)) { true } else { false }
        }
        .map { $0.name }
    }

    func unadded(_ key: String, by name: String? = nil) -> String {
        let plugin = plugins.transforms.first { type in Self.usualFields(type).contains { $0.key == key } }
        return "transform `\(name ?? plugin.map { $0.name } ?? key)` adds '\(key)'"
    }
}
