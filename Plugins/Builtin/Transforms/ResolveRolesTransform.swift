import MHPipeKit

/// Says of every event who stands behind its credentials: the person, or the service, to whom the first of a chain of
/// sessions was issued.
///
/// The event that issued a credential may come later than those that were made with it, and in another file. So nothing
/// goes on before the last event has come; the events wait on disk, in their order, and what issued credentials is kept in
/// memory.
struct ResolveRolesTransform: OrderedTransform, DescribedTransform {
    static let name = "resolve_roles"
    static let summary = "Adds the person at the origin of each call, through chains of roles and sign-in sessions."
    static let extendsObjects = true

    struct Options: PluginOptions {
        var column: ColumnName = "identity"
        var spill = SpillSettings()

        static let all: [Option<Options>] = [
            .optional(
                "as",
                \.column,
                "The top-level key under which it is added, beside what `identity` has added there.",
                example: "caller"
            ),
            .optional(
                "memory",
                \.spill.memory,
                "The memory it may use: half for events, which wait on disk, half for issued credentials, which must fit."
            ),
            .optional(
                "temp_folder",
                \.spill.folder,
                SpillSettings.folderHelp,
                example: SpillSettings.folderExample
            ),
        ]
    }

    /// The keys, in the order in which they are written.
    private enum Member: Int, CaseIterable, CodingKey {
        case origin, chain, certainty
    }

    private var graph = CredentialGraph()
    private var events: ExternalSort
    private let codec = EventCodec()
    private var count: UInt64 = 0
    private var issuances = IssuanceReader()
    private var callers = CallerReader()
    private let fields = FieldSet(CallerReader.fields)
    private let name: String
    private var layout: (old: ColumnLayout?, new: ColumnLayout)
    private var known: [Use: Origin] = [:]
    private let memory: ByteSize

    /// Credentials, and the time where that is needed to tell whose they are.
    private struct Use: Hashable {
        var caller: Caller
        var time: Int64
    }

    private static let stateName = "resolve_roles 1"
    private static let members = Member.allCases.map(\.stringValue)
    private static let batchBytes = 512 << 10

    init(_ options: Options, _ context: PluginContext) throws {
        try options.spill.check()
        name = options.column.key
        layout = (nil, ColumnLayout(name, members: Self.members))
        memory = options.spill.memory
        var settings = options.spill
        settings.memory.bytes /= 2
        events = ExternalSort(settings)
    }

    static let lost: String? = "who stands behind a session"

    static func reads(_ options: Options) -> [FieldPath] {
        [
            "userIdentity", "eventSource", "eventName", "eventTime", "eventType", "requestParameters",
            "responseElements",
            "additionalEventData", "sharedEventID",
        ].map { FieldPath($0) }
    }

    static func warnings(_ options: Options) -> [OptionWarning] {
        options.column.warnings(unless: Options().column)
    }

    static func adds(_ options: Options) -> [EventField]? {
        let certainties = Origin.Certainty.allCases.map(\.rawValue)
        return [
            EventField(
                options.column.key,
                .object([
                    EventField("origin"), EventField("chain", .list(.value)),
                    EventField("certainty", .oneOf(certainties)),
                ])
            )
        ]
    }

    mutating func process(_ batch: EventBatch, into output: EventOutput) throws {
        try learn(batch)
        let content = OutputBuffer()
        for row in batch.selection {
            content.removeAll()
            codec.append(batch, row: row, to: content)
            let key = unsafe withUnsafeBytes(of: count.bigEndian) { unsafe Array($0) }
            try unsafe key.withUnsafeBufferPointer { try unsafe events.append(key: $0, content.bytes) }
            count += 1
        }
    }

    mutating func finish(into output: EventOutput) throws {
        graph.settle()
        let builder = BatchBuilder()
        var waiting = events
        try waiting.finish { record in
            try unsafe codec.decode(record.content, into: builder)
            if builder.byteCount >= Self.batchBytes { pass(builder.build(), to: output) }
        }
        pass(builder.build(), to: output)
    }

    /// Writes down the events alone: what they say is read again.
    func save(into state: OutputBuffer) throws {
        state.append(counted: Self.stateName)
        codec.save(into: state)
        try events.save(into: state)
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        var reader = try StateReader(state, Self.stateName)
        try codec.restore(&reader)
        try events.restore(&reader)
        try reader.finish()
        let builder = BatchBuilder()
        try events.forEach { record in
            try unsafe codec.decode(record.content, into: builder)
            count += 1
            if builder.byteCount >= Self.batchBytes { try learn(builder.build()) }
        }
        try learn(builder.build())
    }

    private mutating func learn(_ batch: EventBatch) throws {
        issuances.read(batch, into: &graph)
        guard graph.byteCount > memory.bytes / 2 else { return }
        throw StageError(
            "the events that issued credentials take more than half of 'memory' (\(memory.optionText))",
            advice: "raise 'memory', or give it the events of fewer months or accounts"
        )
    }

    private mutating func pass(_ batch: EventBatch, to output: EventOutput) {
        let column = addColumn(to: batch)
        let first = column.members.count - Self.members.count
        let reader = TextReader(cursor: JSONCursor(batch.window), column: column)
        batch.forEach(fields) { event in
            guard let told = callers.caller(batch, event, reader) else { return }
            let caller = graph.best(told, sharing: event.string(CallerReader.sharedEventID))
            let time = event.string(CallerReader.time).flatMap { CallerReader.seconds($0) } ?? 0
            let origin = origin(of: Use(caller: caller, time: caller.created == nil ? time : 0))
            column.set(origin.who.map { .string($0) }, row: event.row, member: first + Member.origin.rawValue)
            column.set(
                compactJSON: JSONText.list(of: origin.chain),
                row: event.row,
                member: first + Member.chain.rawValue
            )
            let certainty = origin.certainty.rawValue
            column.set(.string(certainty), row: event.row, member: first + Member.certainty.rawValue)
        }
        output.pass(batch)
    }

    private mutating func origin(of use: Use) -> Origin {
        if let origin = known[use] { return origin }
        // Callers come in rows, so few are enough.
        if known.count >= 10_000 { known.removeAll(keepingCapacity: true) }
        let origin = graph.origin(of: use.caller, at: use.time)
        known[use] = origin
        return origin
    }

    /// Adds the column, with what was added under its name before and is not replaced.
    private mutating func addColumn(to batch: EventBatch) -> AddedColumn {
        let old = batch.columns.first { $0.name == name }
        if old?.layout !== layout.old {
            let kept = (old?.members ?? []).filter { !Self.members.contains($0) }
            layout = (old?.layout, ColumnLayout(name, members: kept + Self.members))
        }
        let column = batch.addColumn(layout.new)
        guard let old else { return column }
        column.keep(alive: old)
        for (place, member) in layout.new.members.dropLast(Self.members.count).enumerated() {
            guard let from = old.members.firstIndex(of: member) else { continue }
            for row in batch.selection { column.set(old.slice(row: row, member: from), row: row, member: place) }
        }
        return column
    }
}
