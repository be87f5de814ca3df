import MHPipeKit
import MHPipePlan

extension Checker {
    /// Makes the stage of a draft from the plugin that its `type` names.
    mutating func build(_ draft: inout StageDraft, _ entries: [ConfigEntry]) {
        guard let type = entries.first(where: { $0.key == "type" }) else { return reportWithoutType(draft, entries) }
        guard let plugin = type.value.text else {
            return report(
                Diagnostic(
                    "'type' needs the name of a \(draft.kind.rawValue), not \(type.value.kindName)",
                    at: type.value.span ?? type.keySpan,
                    notes: [pluginList(draft.kind)]
                )
            )
        }
        guard let known = knownPlugin(plugin, draft.kind, type.value.span ?? type.keySpan) else { return }
        let options = StageOptions(
            entries: entries.filter { $0.key != "type" && $0.key != "inputs" },
            label: StageLabel(
                kind: draft.kind.rawValue,
                plugin: known,
                span: type.value.span ?? type.keySpan ?? draft.nameSpan,
                isComplete: !isDamaged(draft.lines)
            )
        )
        switch draft.kind {
        case .source: plugins.source(known).map { draft.built = source($0, options, &draft) }
        case .transform: plugins.transform(known).map { draft.built = transform($0, options, &draft) }
        case .sink: plugins.sink(known).map { draft.built = sink($0, options, &draft) }
        }
    }

    private mutating func source<P: Source>(
        _ type: P.Type,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) -> StageDraft.Built? {
        guard let decoded = decode(type, options, &draft), make(type, decoded, options, &draft) != nil else {
            return nil
        }
        draft.adds = type.adds(decoded)
        draft.canReadAgain = type.canReadAgain(decoded)
        if decoded is any SelectingOptions {
            // `convert` asks for an earlier time than it keeps.
            let keys = ["accounts", "regions"] + (draft.lines == nil ? [] : ["since"])
            draft.selectedBy = keys.filter { key in options.entries.contains { $0.key == key } }
        }
        if let reading = type as? any BucketReading.Type {
            draft.bucket = Self.bucket(of: reading, decoded, options, draft)
        }
        return .source(Stage(draft.name, type, decoded))
    }

    private static func bucket<S: BucketReading>(
        of type: S.Type,
        _ decoded: Any,
        _ options: StageOptions,
        _ draft: StageDraft
    ) -> PathPlace? {
        guard let decoded = decoded as? S.Options else { return nil }
        let address = type.address(decoded)
        let entry = options.entries.first { $0.value.text == address }
        let span = entry?.value.span ?? options.label.span
        return PathPlace(use: .inputTree(address), user: draft.shown, kind: .source, span: span)
    }

    private mutating func transform<P: TransformPlugin>(
        _ type: P.Type,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) -> StageDraft.Built? {
        guard let decoded = decode(type, options, &draft), make(type, decoded, options, &draft) != nil else {
            return nil
        }
        draft.adds = type.adds(decoded)
        draft.usuallyAdds = type.adds(P.Options()) ?? []
        for port in (type as? any RoutingTransform.Type).map({ Self.ports(of: $0, decoded) }) ?? [] {
            draft.portSpans[port] = options.span(ofName: port)
        }
        if let reshaping = type as? any ReshapingTransform.Type { draft.shape = Self.shape(of: reshaping, decoded) }
        return .transform(Stage(draft.name, type, decoded, inputs: []))
    }

    private static func ports<R: RoutingTransform>(of type: R.Type, _ options: Any) -> [String] {
        (options as? R.Options).map { type.ports($0) } ?? []
    }

    private static func shape<R: ReshapingTransform>(of type: R.Type, _ options: Any) -> FieldShape? {
        (options as? R.Options).map { type.shape($0) }
    }

    private mutating func sink<P: Sink>(
        _ type: P.Type,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) -> StageDraft.Built? {
        guard let decoded = decode(type, options, &draft) else { return nil }
        draft.makeSink = { check, draft, context in check.make(type, decoded, options, &draft, context) }
        return .sink(Stage(draft.name, type, decoded, inputs: []))
    }

    /// Decodes the options, and notes what the plugin reads and writes.
    private mutating func decode<P: Plugin>(
        _ type: P.Type,
        _ options: StageOptions,
        _ draft: inout StageDraft
    ) -> P.Options? {
        var mistakes: [Diagnostic] = []
        let decoded = OptionDecoder.decode(
            P.Options.self,
            options.entries,
            stage: options.label,
            diagnostics: &mistakes
        )
        mistakes.forEach { report($0) }
        guard let decoded, options.label.isComplete else { return nil }
        noteFields(type, decoded, options, &draft)
        let sink = draft.kind == .sink ? type as? any FormatSink.Type : nil
        let format = sink?.format
        let usesByOption = decoded.pathUsesByOption
        draft.paths = usesByOption.flatMap { [draft] key, uses in
            uses.map { use in
                PathPlace(
                    use: use,
                    user: draft.shown,
                    kind: draft.kind,
                    span: options.span(of: use, in: key),
                    format: format,
                    isCompressible: format.map { $0.isText } ?? false,
                    mayBeObject: sink?.writesObjects == true
                )
            }
        }
        let pathKeys = usesByOption.filter { !$0.uses.isEmpty }.map(\.key)
        draft.isNarrowed = options.entries.contains { !pathKeys.contains($0.key) }
        return decoded
    }

    /// Makes a plugin once to hear what it has to say.
    private mutating func make<P: Plugin>(
        _ type: P.Type,
        _ decoded: P.Options,
        _ options: StageOptions,
        _ draft: inout StageDraft,
        _ known: PluginContext? = nil
    ) -> P? {
        var context = known ?? PluginContext(stage: draft.name, isCheck: true)
        context.started = .now
        let plugin: P
        do {
            plugin = try type.init(decoded, context)
        } catch let error as OptionError {
            let mistake = OptionDecoder.diagnostic(error, P.Options.self, options.entries, stage: options.label)
            // One word on each text is enough.
            draft.fieldUses.removeAll { $0.span == mistake.span }
            report(mistake)
            return nil
        } catch let error as StageError {
            // A plugin has no mistake to tell of, but cannot read what it needs.
            var fault = Diagnostic("\(draft.shown): \(error.message)", at: options.label.span)
            fault.notes = error.advice?.split(separator: "\n").map(String.init) ?? []
            fault.isMachineFault = true
            report(fault)
            return nil
        } catch {
            report(
                Diagnostic("\(draft.kind.rawValue) '\(P.name)' cannot be made: \(error)", at: options.label.span)
            )
            return nil
        }
        for warning in type.warnings(decoded) {
            let entry = options.entries.first { $0.key == warning.option }
            report(
                Diagnostic(
                    warning.message,
                    severity: .warning,
                    at: warning.span ?? entry?.span(of: warning.text) ?? options.label.span,
                    notes: warning.notes
                )
            )
        }
        return plugin
    }

    // MARK: - Types

    mutating func reportWithoutType(_ draft: StageDraft, _ entries: [ConfigEntry]) {
        let near = entries.first { Suggestion.nearest(to: $0.key, among: ["type"]) != nil }
        reportMissing(
            Diagnostic(
                "\(draft.shown) has no 'type'",
                at: near?.keySpan ?? draft.nameSpan,
                label: near == nil ? "add a line below this one: `type: NAME`" : "did you mean 'type'?",
                notes: [pluginList(draft.kind)]
            ),
            in: draft.lines
        )
    }

    /// The plugin that was named or, after reporting it, the one that was meant.
    private mutating func knownPlugin(
        _ name: String,
        _ kind: PluginDescription.Kind,
        _ span: SourceSpan?
    ) -> String? {
        if isPlugin(name, kind) { return name }
        guard arePluginsKnown else { return nil }
        // Whoever names a format under the wrong section rather wants to write it.
        let others = [PluginDescription.Kind.sink, .source, .transform].filter { $0 != kind }
        let other = others.first { isPlugin(name, $0) }
        let package = PluginWords.package(of: name).flatMap { isPlugin($0.plugin, $0.kind) ? nil : $0 }
        let meant = package == nil ? plugin(meantBy: name, kind, isNear: other == nil) : nil
        var label = meant.map { "did you mean '\($0)'?" }
        if let place = package?.kind ?? other, meant == nil {
            label = place == kind ? nil : "move this stage to '\(place.rawValue)s'"
        } else if meant == nil, let place = others.first(where: { plugin(meantBy: name, $0) != nil }) {
            label = plugin(meantBy: name, place).map {
                "did you mean the \(place.rawValue) '\($0)'? move this stage to '\(place.rawValue)s'"
            }
        }
        report(
            Diagnostic(
                other.map { "'\(name)' is a \($0.rawValue), not a \(kind.rawValue)" }
                    ?? "there is no \(kind.rawValue) '\(name)'",
                at: span,
                label: label,
                notes: (package.map { [$0.note] } ?? []) + [pluginList(kind)]
            )
        )
        return meant
    }

    /// The plugin that goes by another name or, with `isNear`, that was misspelt.
    private func plugin(meantBy name: String, _ kind: PluginDescription.Kind, isNear: Bool = true) -> String? {
        let names = pluginNames(kind)
        let known = PluginWords.plugin(meantBy: name, kind, among: names)
        return known ?? (isNear ? Suggestion.nearest(to: name, among: names) : nil)
    }

    func isPlugin(_ name: String, _ kind: PluginDescription.Kind) -> Bool { pluginNames(kind).contains(name) }

    private func pluginNames(_ kind: PluginDescription.Kind) -> [String] {
        switch kind {
        case .source: plugins.sources.map { $0.name }
        case .transform: plugins.transforms.map { $0.name }
        case .sink: plugins.sinks.map { $0.name }
        }
    }

    private func pluginList(_ kind: PluginDescription.Kind) -> String {
        "\(kind.rawValue)s: \(pluginNames(kind).joined(separator: ", ")); `mhpipe plugins` says what they do"
    }
}

/// What was written below a stage, and what messages say about it.
struct StageOptions {
    /// The entries, without `type` and `inputs`.
    var entries: [ConfigEntry]
    var label: StageLabel

    /// Where a name was written, as a key of a mapping or as a value.
    func span(ofName name: String) -> SourceSpan? {
        let keys = entries.compactMap { $0.value.entries?.first { $0.key == name }?.keySpan }
        return keys.first ?? entries.flatMap(\.value.scalars).first { $0.text == name }?.span
    }

    /// Where a path was written: its element of a list, the value, or the stage for a default.
    func span(of use: PathUse, in key: String) -> SourceSpan? {
        guard let entry = entries.first(where: { $0.key == key }) else { return label.span }
        let path = PathPlace(use: use, user: "").path
        let element = entry.value.elements?.first { $0.text == path }
        return element?.span ?? entry.value.span ?? entry.keySpan
    }
}
