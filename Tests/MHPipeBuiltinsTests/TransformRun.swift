import MHPipeKit
import Testing

/// One transform, made from options as a pipeline file has them, and what it warned of.
final class TransformRun<T: Transform> {
    private(set) var transform: T
    let warnings: Warnings

    /// Collects warnings; a transform may give them on any queue.
    final class Warnings: @unchecked Sendable /* tests call from one queue only */ {
        var texts: [String] = []
    }

    convenience init(_ type: T.Type = T.self, _ options: KeyValuePairs<String, ConfigNode.Content> = [:]) throws {
        try self.init(type, entries: options.map { ConfigEntry(key: $0.key, value: ConfigNode($0.value)) })
    }

    init(_ type: T.Type = T.self, entries: [ConfigEntry]) throws {
        let warnings = Warnings()
        var diagnostics: [Diagnostic] = []
        let label = StageLabel(kind: "transform", plugin: T.name)
        let decoded = OptionDecoder.decode(T.Options.self, entries, stage: label, diagnostics: &diagnostics)
        guard let decoded else { throw OptionError(diagnostics.map(\.message).joined(separator: "; ")) }
        let context = PluginContext(stage: T.name, warn: { warnings.texts.append($0) })
        transform = try T(decoded, context)
        warnings.texts += T.warnings(decoded).map(\.message)
        self.warnings = warnings
    }

    /// The batch of some records after the transform.
    func batch(_ records: [String]) throws -> EventBatch {
        let batch = EventBatch(records: records)
        try apply(to: batch)
        return batch
    }

    /// Runs a batch that has been through other transforms.
    func apply(to batch: EventBatch) throws {
        try transform.process(batch)
    }

    /// What the transform added to one record under `column`; nil when the record was dropped.
    func added(to record: String, column: String) throws -> String? {
        let batch = try batch([record])
        try #require(batch.rowCount == 1, "the record is not valid JSON: \(record)")
        guard let event = batch.map({ $0 }).first else { return nil }
        let added = try #require(batch.columns.first { $0.name == column })
        return JSONLines.objectText(of: added, row: event.row)
    }

    /// What sinks write of some records after the transform.
    func lines(_ records: [String]) throws -> [String] {
        try batch(records).map(\.enrichedJSON)
    }

    /// The numbers of the records that are kept.
    func kept(_ records: [String]) throws -> [Int] {
        try batch(records).map(\.number)
    }
}

extension ConfigNode.Content {
    /// A list of texts.
    static func texts(_ texts: String...) -> Self {
        .list(texts.map { ConfigNode(.text($0)) })
    }
}
