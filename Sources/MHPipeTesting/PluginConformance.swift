public import MHPipeKit

/// What must hold for every plugin, whatever it does.
///
/// Each check gives what does not hold, in words; nothing when all is well. Run them over a registry, so that a plugin
/// that is added to it is checked without further ado.
public enum PluginConformance {
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
    /// - Returns: What does not hold.
    /// - Throws: When the sample cannot be used.
    public static func source(_ type: any Source.Type, _ sample: PluginSample) throws -> [String] {
        func check<S: Source>(_ type: S.Type) throws -> [String] {
            var conformance = SourceConformance<S>(sample: sample)
            try conformance.check()
            return conformance.findings.texts
        }
        return try check(type)
    }

    /// Checks that what a transform does to an event depends on nothing but the event.
    ///
    /// - Parameters:
    ///   - type: The transform.
    ///   - sample: Its options.
    ///   - records: Records that are worth a try with it, beside those that every transform is given.
    /// - Returns: What does not hold.
    /// - Throws: When the sample cannot be used.
    public static func transform(
        _ type: any Transform.Type,
        _ sample: PluginSample,
        records: [String] = []
    ) throws -> [String] {
        func check<T: Transform>(_ type: T.Type) throws -> [String] {
            var conformance = TransformConformance<T>(sample: sample, records: ConformanceRecords.all + records)
            try conformance.check()
            return conformance.findings.texts
        }
        return try check(type)
    }

    /// Checks that a sink puts what it writes in its place when it commits, and no earlier.
    ///
    /// - Parameters:
    ///   - type: The sink.
    ///   - sample: Options that name outputs directly in `${FOLDER}`.
    /// - Returns: What does not hold.
    /// - Throws: When the sample cannot be used.
    public static func sink(_ type: any Sink.Type, _ sample: PluginSample) throws -> [String] {
        func check<S: Sink>(_ type: S.Type) throws -> [String] {
            var conformance = SinkConformance<S>(sample: sample)
            try conformance.check()
            return conformance.findings.texts
        }
        return try check(type)
    }
}
