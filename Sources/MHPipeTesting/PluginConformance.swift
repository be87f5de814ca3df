public import MHPipeKit
public import MHPipePlan

/// What must hold for every plugin, whatever it does.
///
/// Each check gives what does not hold, in words; nothing when all is well. It needs no test framework: a test makes
/// a failure of every finding, and `mhpipe plugin test` prints them. Run `check` over a registry, so that a plugin that is
/// added to it is checked without further ado:
///
/// ```swift
/// @Test func keepsWhatMustHoldForAnyPlugin() throws {
///     let registry = PluginRegistry(transforms: [TagTeamTransform.self])
///     for finding in try PluginConformance.check(registry) { Issue.record("\(finding)") }
/// }
/// ```
public enum PluginConformance {
    /// Checks everything: what `declarations`, `source`, `transform` and `sink` check, with all samples.
    ///
    /// - Parameters:
    ///   - registry: The plugins.
    ///   - samples: The options to try them with.
    ///   - engine: What runs whole pipelines; without one, no pipelines are run, and workers are only imitated.
    /// - Returns: What does not hold.
    /// - Throws: `PluginSample.Mistake` when a sample cannot be used.
    public static func check(
        _ registry: PluginRegistry,
        samples: PluginSamples = PluginSamples(),
        engine: ConformanceEngine? = nil
    ) throws -> [ConformanceFinding] {
        var all: [ConformanceFinding] = []
        func check(_ plugin: PluginDescription, _ work: (PluginSample) throws -> [String]) throws {
            let registry = registry.only(plugin)
            all += declarations(registry).map { ConformanceFinding(plugin, nil, $0) }
            for sample in samples.samples(for: plugin) {
                all += try work(sample).map { ConformanceFinding(plugin, sample, $0) }
            }
        }
        for plugin in registry.descriptions {
            switch plugin.kind {
            case .source:
                guard let type = registry.source(plugin.name) else { continue }
                try check(plugin) { try source(type, $0, engine: engine) }
            case .transform:
                guard let type = registry.transform(plugin.name) else { continue }
                try check(plugin) { try transform(type, $0, engine: engine) }
            case .sink:
                guard let type = registry.sink(plugin.name) else { continue }
                try check(plugin) { try sink(type, $0, engine: engine) }
            }
        }
        return all
    }

    /// Checks the names and texts of all plugins of a registry, and how each reads its options.
    ///
    /// - Parameter registry: The plugins.
    /// - Returns: What does not hold.
    public static func declarations(_ registry: PluginRegistry) -> [String] {
        var findings = Findings()
        DeclarationConformance.check(registry.descriptions, &findings)
        for type in registry.sources { OptionConformance.check(type, .source, &findings) }
        for type in registry.transforms { OptionConformance.check(type, .transform, &findings) }
        for type in registry.sinks { OptionConformance.check(type, .sink, &findings) }
        return findings.texts
    }

    /// Checks that a source hands out the same units each time, and each with all of its bytes.
    ///
    /// - Parameters:
    ///   - type: The source.
    ///   - sample: Options that name files below `${FOLDER}`, where `a.json`, `b.json.gz` and `sub/c.jsonl` are.
    ///   - engine: What runs whole pipelines, to see that one that is cancelled ends well and that the number of workers
    ///     makes no difference.
    /// - Returns: What does not hold.
    /// - Throws: `PluginSample.Mistake` when the sample cannot be used.
    public static func source(
        _ type: any Source.Type,
        _ sample: PluginSample,
        engine: ConformanceEngine? = nil
    ) throws -> [String] {
        func checkQueue<Q: AcknowledgedSource>(_ type: Q.Type) throws -> [String] {
            var conformance = AcknowledgedSourceConformance<Q>(sample: sample)
            let thrown = try unexpected { try conformance.check() }
            return conformance.findings.texts + thrown
        }
        func check<S: Source>(_ type: S.Type) throws -> [String] {
            var conformance = SourceConformance<S>(sample: sample)
            let thrown = try unexpected { try conformance.check() }
            var texts = conformance.findings.texts + thrown
            if let type = type as? any AcknowledgedSource.Type { texts += try checkQueue(type) }
            guard let engine else { return texts }
            return texts + (try PipelineConformance(engine, sample).source(type))
        }
        return try check(type)
    }

    /// Checks that what a transform does to an event depends on nothing but the event; for one with state, on nothing but
    /// the events and their order.
    ///
    /// - Parameters:
    ///   - type: The transform.
    ///   - sample: Its options.
    ///   - records: Records that are worth a try with it, beside those that every transform is given.
    ///   - engine: What runs whole pipelines; see `source`.
    /// - Returns: What does not hold.
    /// - Throws: `PluginSample.Mistake` when the sample cannot be used.
    public static func transform(
        _ type: any TransformPlugin.Type,
        _ sample: PluginSample,
        records: [String] = [],
        engine: ConformanceEngine? = nil
    ) throws -> [String] {
        let records = ConformanceRecords.all + records
        func check<T: Transform>(_ type: T.Type) throws -> [String] {
            var conformance = TransformConformance<T>(sample: sample, records: records)
            let thrown = try unexpected { try conformance.check() }
            return conformance.findings.texts + thrown
        }
        func checkRouting<T: RoutingTransform>(_ type: T.Type) throws -> [String] {
            var conformance = RoutingTransformConformance<T>(sample: sample, records: records)
            let thrown = try unexpected { try conformance.check() }
            return conformance.findings.texts + thrown
        }
        func checkOrdered<T: OrderedTransform>(_ type: T.Type) throws -> [String] {
            var conformance = OrderedTransformConformance<T>(sample: sample, records: records)
            let thrown = try unexpected { try conformance.check() }
            return conformance.findings.texts + thrown
        }
        func checkPipelines<T: TransformPlugin>(_ type: T.Type) throws -> [String] {
            guard let engine else { return [] }
            return try PipelineConformance(engine, sample).transform(type, records)
        }
        let texts =
            if let type = type as? any Transform.Type {
                try check(type)
            } else if let type = type as? any RoutingTransform.Type {
                try checkRouting(type)
            } else if let type = type as? any OrderedTransform.Type {
                try checkOrdered(type)
            } else {
                ["it is none of Transform, RoutingTransform and OrderedTransform"]
            }
        return texts + (try checkPipelines(type))
    }

    /// Checks that a sink puts what it writes in its place when it commits, and no earlier.
    ///
    /// - Parameters:
    ///   - type: The sink.
    ///   - sample: Options that name outputs directly in `${FOLDER}`.
    ///   - engine: What runs whole pipelines; see `source`.
    /// - Returns: What does not hold.
    /// - Throws: `PluginSample.Mistake` when the sample cannot be used.
    public static func sink(
        _ type: any Sink.Type,
        _ sample: PluginSample,
        engine: ConformanceEngine? = nil
    ) throws -> [String] {
        func checkResumable<R: ResumableSink>(_ type: R.Type) throws -> [String] {
            var conformance = ResumableSinkConformance<R>(sample: sample)
            let thrown = try unexpected { try conformance.check() }
            return conformance.findings.texts + thrown
        }
        func check<S: Sink>(_ type: S.Type) throws -> [String] {
            var conformance = SinkConformance<S>(sample: sample)
            let thrown = try unexpected { try conformance.check() }
            var texts = conformance.findings.texts + thrown
            if let type = type as? any ResumableSink.Type { texts += try checkResumable(type) }
            guard let engine else { return texts }
            return texts + (try PipelineConformance(engine, sample).sink(type))
        }
        return try check(type)
    }

    /// What a plugin throws where it should throw nothing, as a finding; the checks behind it are left out.
    private static func unexpected(_ check: () throws -> Void) throws -> [String] {
        do {
            try check()
            return []
        } catch let mistake as PluginSample.Mistake {
            throw mistake
        } catch {
            return ["throws \(error)"]
        }
    }
}

/// Runs a whole pipeline, for checks of plugins.
///
/// With `MHPipeRuntime`:
///
/// ```swift
/// let engine: ConformanceEngine = { plan, started in
///     let run = PipelineRun(plan)
///     started { run.cancel() }
///     _ = try run.run()
/// }
/// ```
///
/// It is given the plan, and a function that takes what cancels the run, to be called before the run begins; it comes back
/// when the run has ended, and throws when the run failed.
public typealias ConformanceEngine =
    @Sendable (_ plan: PipelinePlan, _ started: (_ cancel: @escaping @Sendable () -> Void) -> Void) throws -> Void

extension PluginRegistry {
    /// One plugin by itself.
    fileprivate func only(_ plugin: PluginDescription) -> PluginRegistry {
        PluginRegistry(
            sources: plugin.kind == .source ? sources.filter { $0.name == plugin.name } : [],
            transforms: plugin.kind == .transform ? transforms.filter { $0.name == plugin.name } : [],
            sinks: plugin.kind == .sink ? sinks.filter { $0.name == plugin.name } : []
        )
    }
}
