import MHPipeKit

/// Adds the beginning of the hour, day or other stretch of time that an event is in, in UTC, so that events can be counted
/// by it.
///
/// Weeks, and several of them, begin on Monday; other stretches of days are counted from 1970-01-01. An event whose field is
/// missing or no time (RFC 3339) gets nothing.
struct TimeBucketTransform: Transform, TallyKeeping {
    static let name = "time_bucket"
    static let summary = "Adds the beginning of the stretch of time that an event is in, such as its hour."

    struct Options: PluginOptions {
        var every = BucketLength(seconds: BucketLength.day)
        var field = FieldPath("eventTime")
        var column: ColumnName = "bucket"

        static let all: [Option<Options>] = [
            .required("every", \.every, "How long a stretch is.", example: "1h"),
            .optional("field", \.field, "The field that holds the time.", example: "eventTime"),
            .optional("as", \.column, "The top-level key under which it is added.", example: "hour"),
        ]
    }

    private let every: BucketLength
    private let field: FieldPath
    private let layout: ColumnLayout
    /// The events, and those whose field holds a time.
    private(set) var tally = [0, 0]

    init(_ options: Options, _ context: PluginContext) {
        every = options.every
        field = options.field
        layout = ColumnLayout(options.column.key)
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        options.column.warnings(unless: Options().column)
    }

    static func adds(_ options: Options) -> [EventField]? { [EventField(options.column.key, .text)] }

    func remarks(_ tally: [Int]) -> [String] {
        tally[0] > 0 && tally[1] == 0 ? ["adds nothing: '\(field.text)' is no time in any event, or not there"] : []
    }

    mutating func process(_ batch: EventBatch) {
        tally[0] += batch.count
        let reader = FieldReader(field, batch)
        let column = batch.addColumn(layout)
        // Events come in files of a few minutes, so the text of the last one is most often the next one's too.
        var last: (start: Int64, row: Int)?
        for row in batch.selection {
            guard let seconds = Self.seconds(reader.slice(row)) else { continue }
            tally[1] += 1
            let start = every.start(of: seconds)
            if let last, last.start == start {
                column.set(column.slice(row: last.row), row: row)
            } else {
                column.set(.string(Timestamp(seconds: start).description), row: row)
                last = (start, row)
            }
        }
    }

    private static func seconds(_ slice: JSONSlice) -> Int64? {
        guard slice.kind == .string else { return nil }
        guard !slice.isEscaped else { return slice.string.flatMap { Timestamp(rfc3339: $0) }?.seconds }
        return unsafe Timestamp(rfc3339: slice.bytes.span)?.seconds
    }
}
