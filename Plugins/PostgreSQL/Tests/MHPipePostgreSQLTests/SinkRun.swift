import MHPipeKit
import Synchronization

@testable import MHPipePostgreSQL

/// A sink that is driven by hand, as the runtime drives it.
final class SinkRun {
    var sink: PostgreSQLSink
    private let heard: Heard

    private final class Heard: Sendable {
        let warnings = Mutex<[String]>([])
    }

    var warnings: [String] { heard.warnings.withLock { $0 } }

    init(
        _ server: TestServer,
        _ table: String,
        columns: [String]? = nil,
        record: Bool = false,
        create: Bool = true
    ) throws {
        var options = PostgreSQLSink.Options()
        // Tells this session from those of other tests.
        options.connection = server.connection + " application_name=\(table)"
        options.table = table
        if let columns { options.columns = try columns.map { try FieldPath(parsing: $0) } }
        options.record = record
        options.create = create
        let heard = Heard()
        self.heard = heard
        let context = PluginContext(stage: "test", warn: { text in heard.warnings.withLock { $0.append(text) } })
        sink = try PostgreSQLSink(options, context)
    }

    func write(_ records: [String]) throws {
        let encoder = sink.makeEncoder()
        try write(records, encoder)
    }

    func write(_ records: [String], _ encoder: CopyTupleEncoder) throws {
        var encoder = encoder
        let output = OutputBuffer()
        encoder.encode(EventBatch(records: records), into: output)
        encoder.finishUnit(into: output)
        try sink.write(output.bytes)
    }

    func commit() throws {
        try sink.finish()
        try sink.commit()
    }

    /// From `open` to `commit`.
    func all(_ records: [String]) throws {
        try sink.open()
        try write(records)
        try commit()
    }
}
