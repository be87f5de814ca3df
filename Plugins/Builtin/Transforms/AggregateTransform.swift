import MHPipeKit

/// Makes one event for each group of events: how many there were, and of some fields the first and last values and how
/// many different ones.
///
/// The events go into the counts and no further. Groups come in the order of their fields, as `sort` compares them, so the
/// order of the input makes no difference but where times are equal. Groups that do not fit in memory wait on disk in parts,
/// which are put together at the end.
struct AggregateTransform: OrderedTransform, ReshapingTransform, ReasoningTransform {
    static let name = "aggregate"
    static let summary = "Makes one event for each group: how many, the first and last values, how many different ones."

    struct Options: PluginOptions {
        var by: [FieldPath] = []
        var first: [FieldPath] = []
        var last: [FieldPath] = []
        var distinct: [FieldPath] = []
        var limit = 10_000
        var spill = SpillSettings()

        static let all: [Option<Options>] = [
            .required(
                "by",
                \.by,
                "The fields that the events of a group have in common.",
                example: "[recipientAccountId, eventName]"
            ),
            .optional(
                "first",
                \.first,
                "Gives the values that these fields have in the earliest event with them, under 'first'.",
                example: "[eventTime]"
            ),
            .optional(
                "last",
                \.last,
                "Gives the values that these fields have in the latest event with them, under 'last'.",
                example: "[eventTime, sourceIPAddress]"
            ),
            .optional(
                "distinct",
                \.distinct,
                "Gives how many different values these fields have, under 'distinct'.",
                example: "[sourceIPAddress]"
            ),
            .optional(
                "distinct_limit",
                \.limit,
                "Up to how many different values are counted; a group that has more is marked with 'distinctOver'."
            ),
            .optional("memory", \.spill.memory, "The memory it may use; groups that do not fit wait on disk."),
            .optional(
                "temp_folder",
                \.spill.folder,
                SpillSettings.folderHelp,
                example: SpillSettings.folderExample
            ),
        ]
    }

    private let options: Options
    private let context: PluginContext
    private let fields: FieldSet
    private var groups: [[UInt8]: GroupTotals] = [:]
    private var byteCount = 0
    private var waiting: ExternalSort
    private var key = SortKey(descending: false)
    private var time = SortKey(descending: false)
    private var count = 0

    private static let stateName = "aggregate 1"
    private static let own = ["count", "first", "last", "distinct", "distinctOver"]

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.by.isEmpty else { throw OptionError(option: "by", "needs at least one field") }
        if let path = options.by.first(where: { Self.own.contains($0.keys[0]) }) {
            throw OptionError(
                option: "by",
                "'\(path.keys[0])' is what this transform adds; give the field another name"
            )
        }
        guard options.limit > 0 else { throw OptionError(option: "distinct_limit", "needs 1 or more") }
        try options.spill.check()
        self.options = options
        self.context = context
        let paths = options.by + options.first + options.last + options.distinct
        fields = FieldSet([FieldPath("eventTime")] + paths)
        var settings = options.spill
        settings.memory.bytes /= 2
        waiting = ExternalSort(settings)
    }

    static func adds(_ options: Options) -> [EventField]? {
        func object(_ key: String, _ paths: [FieldPath], _ content: EventField.Content = .anything) -> [EventField] {
            let keys = Set(paths.map { $0.keys[0] }).sorted()
            return keys.isEmpty ? [] : [EventField(key, .object(keys.map { EventField($0, content) }))]
        }
        let isFlat = options.distinct.allSatisfy { $0.keys.count == 1 }
        let over = options.distinct.isEmpty ? [] : [EventField("distinctOver", .list(.text))]
        return [EventField("count", .number)] + object("first", options.first) + object("last", options.last)
            + object("distinct", options.distinct, isFlat ? .number : .anything) + over
    }

    static func shape(_ options: Options) -> FieldShape {
        func below(_ key: String, _ paths: [FieldPath]) -> [FieldPath] {
            paths.map { FieldPath(keys: [key] + $0.keys) }
        }
        let distinct = below("distinct", options.distinct)
        return FieldShape(
            kept: options.by + [FieldPath("count")] + below("first", options.first) + below("last", options.last)
                + distinct + (distinct.isEmpty ? [] : [FieldPath("distinctOver")]),
            areAll: true
        )
    }

    mutating func process(_ batch: EventBatch, into output: EventOutput) throws {
        var tooDeep: [Int: String] = [:]
        try batch.forEach(fields) { event in
            guard !nestsTooDeep(event) else {
                tooDeep[event.row] = RecordRewriter.tooDeep
                return
            }
            key.removeAll()
            for place in options.by.indices { key.append(event, 1 + place) }
            note(event)
            count += 1
            if byteCount > options.spill.memory.bytes / 2 { try spill() }
        }
        batch.reject(rows: tooDeep)
        batch.keepRows(as: .consumed) { _ in false }
    }

    /// True when a value would nest deeper than what is read, below the object that it goes into at the end.
    private func nestsTooDeep(_ event: borrowing FieldValues) -> Bool {
        let start = 1 + options.by.count
        for (place, path) in (options.first + options.last).enumerated() {
            let above = 1 + path.keys.count
            let bytes = unsafe event.slice(start + place).bytes
            // A level takes two bytes, so few values are looked at.
            guard bytes.count / 2 + above > RecordScanner.maximumDepth, event.kind(start + place) != .string else {
                continue
            }
            if unsafe JSONText.depth(bytes) + above > RecordScanner.maximumDepth { return true }
        }
        return false
    }

    func dropReasons(_ event: Event) -> [Reason] {
        let readings = options.by.map { Reason.Reading(field: $0.text, json: event[$0]?.json) }
        return [Reason("it is counted in a group, which goes on in its place at the end", readings)]
    }

    mutating func finish(into output: EventOutput) throws {
        try spill()
        var group: (key: [UInt8], totals: GroupTotals)?
        var over = 0
        var parts = waiting
        try parts.finish { record in
            let totals = try Self.totals(record)
            let key = unsafe Array(record.key)
            if group?.key == key {
                group?.totals.merge(totals, limit: options.limit)
            } else {
                if let group { try emit(group.totals, to: output, &over) }
                group = (key, totals)
            }
        }
        if let group { try emit(group.totals, to: output, &over) }
        guard over > 0 else { return }
        context.warn(
            "\(over) groups have more than \(options.limit) different values of a field; 'distinct' has that number for them"
        )
    }

    func save(into state: OutputBuffer) throws {
        state.append(counted: Self.stateName)
        state.append(counted: settings)
        state.append(number: count)
        try waiting.save(into: state)
        state.append(number: groups.count)
        let content = OutputBuffer()
        for (key, totals) in groups {
            content.removeAll()
            totals.append(to: content)
            state.append(counted: key)
            unsafe state.append(counted: Array(content.bytes))
        }
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        var reader = try StateReader(state, Self.stateName)
        guard try reader.text() == settings else {
            throw StageError("the saved state of 'aggregate' is of other fields than this stage has")
        }
        count = try reader.count()
        try waiting.restore(&reader)
        for _ in 0..<(try reader.count()) {
            let key = try reader.counted()
            let counted = try reader.counted()
            let totals = try unsafe counted.withUnsafeBufferPointer { try unsafe Self.totals($0) }
            groups[key] = totals
            byteCount += totals.byteCount
        }
        try reader.finish()
    }

    /// What has to be the same for a state to be of use.
    private var settings: String {
        let lists = [options.by, options.first, options.last, options.distinct]
        return lists.map { $0.map(\.text).joined(separator: ",") }.joined(separator: ";") + ";\(options.limit)"
    }

    private mutating func note(_ event: borrowing FieldValues) {
        let (firsts, lasts) = (1 + options.by.count, 1 + options.by.count + options.first.count)
        let distincts = lasts + options.last.count
        let shown = options.by.indices.map { Self.json(event, 1 + $0) }
        // Taken out, so that it is changed in place.
        let known = groups.removeValue(forKey: key.bytes)
        var totals =
            known
            ?? GroupTotals(
                by: shown,
                first: options.first.count,
                last: options.last.count,
                distinct: options.distinct.count
            )
        let before = known == nil ? 0 : totals.byteCount
        totals.count += 1
        for place in shown.indices where shown[place].lexicographicallyPrecedes(totals.by[place]) {
            totals.by[place] = shown[place]
        }
        time.removeAll()
        time.append(event, 0)
        let hasTime = !event.isAbsent(0)
        for place in options.first.indices where !event.isAbsent(firsts + place) {
            let value = Self.json(event, firsts + place)
            totals.noteFirst(place, GroupTotals.Dated(time: time.bytes, number: count, json: value))
        }
        for place in options.last.indices where !event.isAbsent(lasts + place) {
            // An event without a time is neither the earliest nor the latest where others have one.
            let value = Self.json(event, lasts + place)
            totals.noteLast(place, GroupTotals.Dated(time: hasTime ? time.bytes : [], number: count, json: value))
        }
        for place in options.distinct.indices where !event.isAbsent(distincts + place) {
            totals.distinct[place].insert(Self.json(event, distincts + place), limit: options.limit)
        }
        byteCount += totals.byteCount - before
        groups[key.bytes] = totals
    }

    private mutating func spill() throws {
        let content = OutputBuffer()
        for (key, totals) in groups {
            content.removeAll()
            totals.append(to: content)
            try unsafe key.withUnsafeBufferPointer { try unsafe waiting.append(key: $0, content.bytes) }
        }
        groups.removeAll(keepingCapacity: true)
        byteCount = 0
    }

    private func emit(_ totals: GroupTotals, to output: EventOutput, _ over: inout Int) throws {
        var text = GroupText()
        for (path, value) in zip(options.by, totals.by) where !value.isEmpty { text.add(path.keys, value) }
        text.add(["count"], Array(String(totals.count).utf8))
        for (path, value) in zip(options.first, totals.first) {
            if let value { text.add(["first"] + path.keys, value.json) }
        }
        for (path, value) in zip(options.last, totals.last) {
            if let value { text.add(["last"] + path.keys, value.json) }
        }
        var exceeded: [String] = []
        for (path, values) in zip(options.distinct, totals.distinct) {
            text.add(["distinct"] + path.keys, Array(String(values.values.count).utf8))
            if values.isOver { exceeded.append(path.text) }
        }
        if !exceeded.isEmpty {
            over += 1
            text.add(["distinctOver"], JSONText.list(of: exceeded))
        }
        let origin = EventOrigin(source: context.stage, unit: context.stage)
        try output.emit(json: String(decoding: text.json, as: UTF8.self), origin: origin)
    }

    private static func totals(_ record: SortRecord) throws -> GroupTotals { try unsafe totals(record.content) }

    private static func totals(_ content: UnsafeBufferPointer<UInt8>) throws -> GroupTotals {
        var reader = unsafe StateReader(content, of: "aggregate")
        return try GroupTotals(&reader)
    }

    /// The JSON text of a field, the same for texts that differ in their escapes alone; nothing for one that is missing or null.
    private static func json(_ event: borrowing FieldValues, _ field: Int) -> [UInt8] {
        guard event.kind(field) == .string else { return event.isAbsent(field) ? [] : Array(event.json(field).utf8) }
        let quote = [UInt8(ascii: "\"")]
        return unsafe quote + JSONText.normalized(event.slice(field).bytes) + quote
    }
}
