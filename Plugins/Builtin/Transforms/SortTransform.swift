import MHPipeKit

/// Brings the events into an order, in bounded memory; those of equal keys keep the order of the input.
///
/// Nothing goes on before the last event has come. Kept of each event are its bytes, with what was added to it.
///
/// - Complexity: O(*n* log *n*) comparisons; what is on disk is written once and read once.
struct SortTransform: OrderedTransform, DescribedTransform {
    static let name = "sort"
    static let summary = "Brings events into the order of their time, or of other fields, in bounded memory."

    struct Options: PluginOptions {
        var by = [FieldPath("eventTime"), FieldPath("eventID")]
        var descending = false
        var limit: Int?
        var spill = SpillSettings()

        static let all: [Option<Options>] = [
            .optional(
                "by",
                \.by,
                "The fields to sort by, the first one first; an event without a field comes behind those that have it.",
                example: "[recipientAccountId, eventTime]"
            ),
            .optional("descending", \.descending, "Turns the order round: the latest, largest or last comes first."),
            .optional(
                "limit",
                \.limit,
                "How many events go on, the first ones in that order; left out, all.",
                example: "10"
            ),
            .optional("memory", \.spill.memory, "The memory it may use; what does not fit is sorted on disk."),
            .optional(
                "temp_folder",
                \.spill.folder,
                SpillSettings.folderHelp,
                example: SpillSettings.folderExample
            ),
        ]
    }

    private var sort: ExternalSort
    private let codec = EventCodec()
    private let fields: FieldSet
    private let fieldCount: Int
    private let order: String
    private var key: SortKey
    /// How many events may go on still.
    private var room: Int
    private let content = OutputBuffer()

    private static let stateName = "sort 1"
    /// Events go on in batches of so many bytes.
    private static let batchBytes = 512 << 10

    static func reads(_ options: Options) -> [FieldPath] { options.by }

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.by.isEmpty else { throw OptionError(option: "by", "needs at least one field") }
        if let limit = options.limit, limit < 1 {
            throw OptionError(option: "limit", "needs a number of events from 1 on, not \(limit)")
        }
        try options.spill.check()
        room = options.limit ?? .max
        fields = FieldSet(options.by)
        fieldCount = options.by.count
        order = options.by.map(\.text).joined(separator: ",") + (options.descending ? " descending" : "")
        key = SortKey(descending: options.descending)
        sort = ExternalSort(options.spill)
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    mutating func process(_ batch: EventBatch, into output: EventOutput) throws {
        try batch.forEach(fields) { event in
            key.removeAll()
            for field in 0..<fieldCount { key.append(event, field) }
            content.removeAll()
            codec.append(batch, row: event.row, to: content)
            try unsafe key.bytes.withUnsafeBufferPointer { try unsafe sort.append(key: $0, content.bytes) }
        }
    }

    mutating func finish(into output: EventOutput) throws {
        let builder = BatchBuilder()
        try sort.finish { record in
            guard room > 0 else { return output.drop(1) }
            room -= 1
            try unsafe codec.decode(record.content, into: builder)
            if builder.byteCount >= Self.batchBytes { output.pass(builder.build()) }
        }
        output.pass(builder.build())
    }

    func save(into state: OutputBuffer) throws {
        state.append(counted: Self.stateName)
        state.append(counted: order)
        codec.save(into: state)
        try sort.save(into: state)
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        var reader = try StateReader(state, Self.stateName)
        guard try reader.text() == order else { throw StageError("the saved state of 'sort' is of another order") }
        try codec.restore(&reader)
        try sort.restore(&reader)
        try reader.finish()
    }
}
