import MHPipeKit

/// Writes events as the Open Cybersecurity Schema Framework has them, in the place of the records.
///
/// The class is chosen by service and action. What has no place in it stays as it was, under `unmapped`, with all that
/// earlier transforms have added. Records without a time, which the schema demands, are rejected.
///
/// - Complexity: O(*n*) in the tokens of a record.
struct OCSFTransform: RewritingTransform {
    static let name = "ocsf"
    static let summary = "Writes events in the Open Cybersecurity Schema Framework (OCSF), as security lakes want them."

    struct Options: PluginOptions {
        var version = OCSFVersion.v1_1

        static let all: [Option<Options>] = [
            .optional("version", \.version, "The version of the schema that the events say they are in.")
        ]
    }

    /// The characters that a text of the schema has at most, up to version 1.3.
    private static let longest = 65_535

    private let rewriter = RecordRewriter()
    private let writer: RecordWriter
    private let places = PlacedRecord.makePlaces()
    private let used = UsedFields()
    private var event: OCSFEvent

    init(_ options: Options, _ context: PluginContext) {
        writer = RecordWriter(rewriter)
        event = OCSFEvent(options.version)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape {
        FieldShape(kept: OCSFFields.paths, areAll: true)
    }

    mutating func process(_ batch: EventBatch) throws {
        var rejected: [Int: String] = [:]
        let texts = AddedColumn(layout: ColumnLayout(Self.name, members: []), rows: 0)
        try rewriter.rewrite(batch) { cursor, start, row in
            let reader = TextReader(cursor: cursor, column: texts)
            let record = PlacedRecord(start, row, batch.rows, reader, places, used, longest: Self.longest)
            guard let time = record.takeTime() else {
                rejected[row] = "has no 'eventTime' such as 2026-01-31T23:59:59Z, which OCSF demands"
                return
            }
            writer.replace(start..<cursor.skip(start)) { event.write(record, at: time, writer) }
        }
        batch.reject(rows: rejected)
    }
}
