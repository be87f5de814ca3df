public import MHPipeKit

/// Small runs of a plugin, for the tests of what it does.
public enum PluginTrial {
    /// Runs a transform over some records.
    ///
    /// - Parameters:
    ///   - type: The transform.
    ///   - options: The lines below the stage's name in a pipeline, without its `type`.
    ///   - records: JSON objects, one an event.
    /// - Returns: A line of JSON for each event that is left, as the `jsonl` sink would write it.
    /// - Throws: `PluginSample.Mistake` for options that are refused; otherwise what the transform throws.
    public static func lines<T: Transform>(
        _ type: T.Type,
        _ options: String = "",
        records: [String]
    ) throws -> [String] {
        let decoded = try PluginSample(options).decode(type, .transform, folder: "")
        var transform = try type.init(decoded, PluginContext(stage: "test"))
        let batch = EventBatch(records: records)
        try transform.process(batch)
        let output = OutputBuffer()
        JSONLines().append(batch, to: output)
        return unsafe String(decoding: output.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Runs a transform with state over some records, one batch, and to its end.
    ///
    /// - Parameters:
    ///   - type: The transform.
    ///   - options: The lines below the stage's name in a pipeline, without its `type`.
    ///   - records: JSON objects, one an event.
    /// - Returns: A line of JSON for each event that goes on, as the `jsonl` sink would write it.
    /// - Throws: `PluginSample.Mistake` for options that are refused; otherwise what the transform throws.
    public static func lines<T: OrderedTransform>(
        _ type: T.Type,
        _ options: String = "",
        records: [String]
    ) throws -> [String] {
        var trial = try OrderedTrial<T>(PluginSample(options))
        return try trial.run([records])
    }
}
