public import MHPipeKit

/// What to run: the stages and how they are joined.
///
/// The text of a pipeline file becomes one of these, and a program can build one without any text:
///
/// ```swift
/// var plan = PipelinePlan(name: "audit")
/// plan.sources = [Stage("logs", DirectorySource.self, options)]
/// ```
public struct PipelinePlan: Sendable {
    /// The pipeline's name.
    public var name: String
    /// The sources; units of the first come before units of the second.
    public var sources: [Stage<any Source>] = []
    /// The transforms, each after all of its inputs.
    public var transforms: [Stage<any TransformPlugin>] = []
    /// The sinks.
    public var sinks: [Stage<any Sink>] = []
    /// How the run goes about it.
    public var settings = RunSettings()

    /// Makes a plan without stages.
    ///
    /// - Parameter name: The pipeline's name.
    public init(name: String) {
        self.name = name
    }

    /// True when all sources follow the places that they read.
    package var isWatching: Bool { sources.allSatisfy(\.watches) }

    /// The top-level keys that the transforms on the ways to a stage add, as far as they say.
    package func keysAdded(above stage: String) -> Set<String> {
        let inputs = (transforms.first { $0.name == stage })?.inputs ?? (sinks.first { $0.name == stage })?.inputs ?? []
        var keys: Set<String> = []
        var reached = Set(inputs.map { Self.stage(of: $0) })
        // Each transform stands behind its inputs.
        for transform in transforms.reversed() where reached.contains(transform.name) {
            keys.formUnion(transform.adds.map(\.key))
            reached.formUnion(transform.inputs.map { Self.stage(of: $0) })
        }
        return keys
    }

    /// The top-level keys that every source on the ways to a sink sets in all its events, and no transform since.
    ///
    /// What a record had under such a name before does not matter, so nobody who can write a log can claim anything by it.
    package func keysStamped(above sink: String) -> Set<String> {
        var behind = Dictionary(uniqueKeysWithValues: sources.map { ($0.name, Set($0.adds.map(\.key))) })
        func common(_ inputs: [String]) -> Set<String> {
            let ways = inputs.map { behind[Self.stage(of: $0)] ?? [] }
            return ways.dropFirst().reduce(ways.first ?? []) { $0.intersection($1) }
        }
        // Each transform stands behind its inputs.
        for transform in transforms {
            behind[transform.name] = common(transform.inputs).filter { !transform.mayPutSomething(under: $0) }
        }
        return common(sinks.first { $0.name == sink }?.inputs ?? [])
    }

    /// The fields that the stages on the ways to a sink have put into events, as far as they say.
    package func fieldsAdded(above sink: String) -> AddedFields {
        var behind = Dictionary(
            uniqueKeysWithValues: sources.map { ($0.name, AddedFields().behind(nil, adding: $0.adds)) }
        )
        func merged(_ inputs: [String]) -> AddedFields {
            AddedFields(merging: inputs.compactMap { behind[Self.stage(of: $0)] })
        }
        // Each transform stands behind its inputs.
        for transform in transforms {
            behind[transform.name] = merged(transform.inputs).behind(transform.shape, adding: transform.adds)
        }
        return merged(sinks.first { $0.name == sink }?.inputs ?? [])
    }

    /// The services whose events come to a stage, as far as the transforms on the ways to it say; nil for all.
    package func servicesKept(above stage: String) -> Set<String>? {
        let inputs = (transforms.first { $0.name == stage })?.inputs ?? (sinks.first { $0.name == stage })?.inputs ?? []
        var kept: Set<String> = []
        for input in inputs.map({ Self.stage(of: $0) }) {
            let own = transforms.first { $0.name == input }?.keptServices
            guard let own = own ?? servicesKept(above: input) else { return nil }
            kept.formUnion(own)
        }
        return inputs.isEmpty ? nil : kept
    }

    /// The time behind which no source has events, where all are asked for those before some time.
    package func readLimit(_ started: Timestamp) -> Timestamp? {
        let limits = sources.compactMap { $0.until?.end(started) }
        return limits.count == sources.count ? limits.max() : nil
    }

    /// The name of the stage that an input names, without the port.
    private static func stage(of input: String) -> String {
        input.split(separator: ".", maxSplits: 1).first.map(String.init) ?? input
    }
}

/// One stage of a plan: a plugin with its options, under a name of its own.
public struct Stage<Instance>: Sendable {
    /// The stage's name, unique in the plan.
    public var name: String
    /// The plugin's name.
    public var plugin: String
    /// The names of the stages whose events it takes, with the port behind a dot where a stage has some: `router.errors`;
    /// empty for sources.
    public var inputs: [String]
    /// The names of its ports; empty for all but routing transforms.
    public var ports: [String] = []
    /// True for a transform with state, which runs once.
    package var isOrdered = false
    /// True for one whose state is kept from run to run, where runs append.
    package var spansRuns = false
    /// What takes fingerprints out of its state, where it looks them up from run to run.
    package var keptFingerprints: (@Sendable ([UInt8]) throws -> KeptFingerprints)?
    /// True for a source that follows the place that it reads.
    package var watches = false
    /// True for a source that reads standard input.
    package var readsStandardInput = false
    /// True for a source that takes away what was read.
    package var takesAway = false
    /// The top-level fields that a source or a transform adds, as far as it says.
    package var adds: [EventField] = []
    /// False for a transform that does not say what it adds.
    package var tellsWhatItAdds = true
    /// What a transform does to the fields of records, where it writes them anew.
    package var shape: FieldShape?
    /// The services whose events a transform keeps, as `eventSource` names them; nil for all.
    package var keptServices: Set<String>?
    /// Until when a source has events, where it is asked for those before some time.
    package var until: TimeBound?
    /// The fields of events that a transform's options, or the path of a sink, name.
    package var namedFields: [FieldPath] = []
    /// What it reads and writes, as far as its options tell.
    public var pathUses: [PathUse]
    /// Makes the plugin; see `Plugin.init` for when.
    public var make: @Sendable (PluginContext) throws -> Instance
}

extension Stage where Instance == any Source {
    /// Makes a source stage.
    ///
    /// - Parameters:
    ///   - name: The stage's name.
    ///   - type: The plugin.
    ///   - options: Its options.
    public init<P: Source>(_ name: String, _ type: P.Type, _ options: P.Options) {
        self.init(name: name, plugin: P.name, inputs: [], pathUses: options.pathUses) { try P(options, $0) }
        adds = type.adds(options) ?? []
        until = (options as? any SelectingOptions)?.selection.until
        if let type = type as? any DescribedSource.Type { describe(type, options) }
    }

    private mutating func describe<S: DescribedSource>(_ type: S.Type, _ options: any PluginOptions) {
        guard let options = options as? S.Options else { return }
        watches = type.watches(options)
        readsStandardInput = type.readsStandardInput(options)
        takesAway = type.takesAway
    }
}

extension Stage where Instance == any TransformPlugin {
    /// Makes a transform stage.
    ///
    /// - Parameters:
    ///   - name: The stage's name.
    ///   - type: The plugin.
    ///   - options: Its options.
    ///   - inputs: The stages before it.
    public init<P: TransformPlugin>(_ name: String, _ type: P.Type, _ options: P.Options, inputs: [String]) {
        self.init(name: name, plugin: P.name, inputs: inputs, pathUses: options.pathUses) { try P(options, $0) }
        let added = type.adds(options)
        (adds, tellsWhatItAdds) = (added ?? [], added != nil)
        namedFields = options.fieldPaths
        if let type = type as? any DescribedTransform.Type { describe(type, options) }
        if let type = type as? any OrderedTransform.Type {
            isOrdered = true
            spansRuns = Self.spansRuns(type, options)
            if spansRuns, let type = type as? any FingerprintKeeping.Type { keptFingerprints = { try type.kept($0) } }
        }
        if let type = type as? any RoutingTransform.Type { ports = Self.ports(type, options) }
        if let type = type as? any ReshapingTransform.Type { shape = Self.shape(type, options) }
        if let type = type as? any SwitchingTransform.Type { switchOver(type, options) }
    }

    /// True when it may put something of its own, or of another field, under a top-level key.
    fileprivate func mayPutSomething(under key: String) -> Bool {
        guard tellsWhatItAdds, shape?.areAll != true else { return true }
        let changed = (shape?.changes ?? []).compactMap { change -> String? in
            switch change {
            case .removed: nil
            case .renamed(_, let path), .opened(let path): path.keys.first
            }
        }
        return changed.contains(key) || adds.contains { $0.key == key }
    }

    /// Makes it a stage with state where the options ask for that.
    private mutating func switchOver<S: SwitchingTransform>(_ type: S.Type, _ options: any PluginOptions) {
        guard let options = options as? S.Options, S.isOrdered(options) else { return }
        isOrdered = true
        make = { try S.Ordered(options, $0) }
    }

    private mutating func describe<T: DescribedTransform>(_ type: T.Type, _ options: any PluginOptions) {
        guard let options = options as? T.Options else { return }
        keptServices = type.keptServices(options)
        namedFields += type.fieldChecks(options).flatMap(\.fields)
    }

    private static func shape<R: ReshapingTransform>(_ type: R.Type, _ options: any PluginOptions) -> FieldShape? {
        (options as? R.Options).map(R.shape)
    }

    private static func spansRuns<T: OrderedTransform>(_ type: T.Type, _ options: any PluginOptions) -> Bool {
        (options as? T.Options).map(T.spansRuns) ?? false
    }

    private static func ports<R: RoutingTransform>(_ type: R.Type, _ options: any PluginOptions) -> [String] {
        (options as? R.Options).map(R.ports) ?? []
    }
}

extension Stage where Instance == any Sink {
    /// Makes a sink stage.
    ///
    /// - Parameters:
    ///   - name: The stage's name.
    ///   - type: The plugin.
    ///   - options: Its options.
    ///   - inputs: The stages before it.
    public init<P: Sink>(_ name: String, _ type: P.Type, _ options: P.Options, inputs: [String]) {
        self.init(name: name, plugin: P.name, inputs: inputs, pathUses: options.pathUses) { try P(options, $0) }
        for case .outputFiles(let template) in pathUses { namedFields += template.fieldPaths }
    }
}
