import MHPipeKit

/// Writes events as the Elastic Common Schema has them, in the place of the records.
///
/// The fields are those of Elastic's integration for AWS, data stream `cloudtrail`. It has no place for everything, and
/// neither has this, unless it is told to keep the rest. Records without a time are rejected.
///
/// - Complexity: O(*n* log *n*) in the tokens of a record, however deep they nest.
struct ECSTransform: RewritingTransform, TallyKeeping {
    static let name = "ecs"
    static let summary =
        "Writes events in the Elastic Common Schema (ECS), as Elastic's aws.cloudtrail integration does."

    struct Options: PluginOptions {
        var unmapped = false

        static let all: [Option<Options>] = [
            .optional(
                "unmapped",
                \.unmapped,
                "Keeps what has no place in the schema, and what earlier transforms have added, under 'mhpipe'."
            )
        ]
    }

    private let keepsRest: Bool
    private let rewriter = RecordRewriter()
    private let writer: RecordWriter
    private let places = PlacedRecord.makePlaces()
    private let blanks: BlankValues
    private let used: UsedFields
    private var event: ECSEvent
    /// The events of which something was left out.
    private(set) var tally = [0]

    init(_ options: Options, _ context: PluginContext) {
        keepsRest = options.unmapped
        writer = RecordWriter(rewriter)
        blanks = BlankValues()
        used = UsedFields(without: blanks)
        event = ECSEvent(blanks)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func shape(_ options: Options) -> FieldShape {
        FieldShape(kept: ECSFields.paths + (options.unmapped ? [FieldPath("mhpipe")] : []), areAll: true)
    }

    func remarks(_ tally: [Int]) -> [String] {
        guard tally[0] > 0 else { return [] }
        let events = tally[0] == 1 ? "1 event" : "\(tally[0]) events"
        return ["left out what has no place in the schema, of \(events); 'unmapped: true' keeps it"]
    }

    mutating func process(_ batch: EventBatch) throws {
        var rejected: [Int: String] = [:]
        var leftOut = 0
        let texts = AddedColumn(layout: ColumnLayout(Self.name, members: []), rows: 0)
        try rewriter.rewrite(batch) { cursor, start, row in
            blanks.read(start, cursor)
            let reader = TextReader(cursor: cursor, column: texts)
            let record = PlacedRecord(start, row, batch.rows, reader, places, used)
            guard let time = record.takeTime() else {
                rejected[row] = "has no 'eventTime' such as 2026-01-31T23:59:59Z, which becomes '@timestamp'"
                return
            }
            writer.replace(start..<cursor.skip(start)) {
                event.write(record, at: time, writer)
                if keepsRest { used.writeRest(of: start, as: "mhpipe", cursor, writer) }
            }
            if !keepsRest, used.hasRest(of: start, cursor) { leftOut += 1 }
        }
        batch.reject(rows: rejected)
        tally = [tally[0] + leftOut]
    }
}
