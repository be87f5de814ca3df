import MHPipeKit

/// Drops events that came before: redelivered, or written by several trails.
///
/// The first copy in the order of the input goes on. Kept of each event is a keyed hash of its key, 16 bytes, whose first
/// half alone decides with `verify`, while the second says where the key itself stands on disk.
struct DedupeTransform: FingerprintKeeping, DescribedTransform, ReasoningTransform {
    static let name = "dedupe"
    static let summary = "Drops events that came before, by eventID and recipientAccountId, in bounded memory."

    /// How far back copies are known.
    enum Reach: String, OptionChoice {
        /// In a run.
        case run
        /// In all runs that append to the same outputs.
        case runs
    }

    struct Options: PluginOptions {
        var by = [FieldPath("eventID"), FieldPath("recipientAccountId")]
        var verify = false
        var across = Reach.run
        var spill = SpillSettings()

        static let all: [Option<Options>] = [
            .optional(
                "by",
                \.by,
                "The fields that two copies have in common; an event without the first of them always goes on.",
                example: "[eventID]"
            ),
            .optional(
                "verify",
                \.verify,
                "Compares the fields themselves where their hashes are equal; they are kept on disk for that."
            ),
            .optional(
                "across",
                \.across,
                "With 'mode: append', 'runs' drops what came in earlier runs as well; they are known by 17 bytes an event in the state.",
                example: "runs"
            ),
            .optional("memory", \.spill.memory, "The memory it may use; what it knows beyond that is on disk."),
            .optional(
                "temp_folder",
                \.spill.folder,
                SpillSettings.folderHelp,
                example: SpillSettings.folderExample
            ),
        ]
    }

    private var seen: SeenKeys
    private let fields: FieldSet
    private let fieldCount: Int
    private let by: [FieldPath]
    private let context: PluginContext
    private var key: [UInt8] = []
    private var withoutID = 0

    static func reads(_ options: Options) -> [FieldPath] { options.by }

    init(_ options: Options, _ context: PluginContext) throws {
        guard !options.by.isEmpty else { throw OptionError(option: "by", "needs at least one field") }
        try options.spill.check()
        by = options.by
        let told = options.by.contains(FieldPath("eventID")) ? Self.parts : []
        fields = FieldSet(by + told)
        fieldCount = by.count + told.count
        seen = try SeenKeys(options.spill, verifies: options.verify, spansRuns: options.across == .runs)
        self.context = context
    }

    static func adds(_ options: Options) -> [EventField]? { [] }

    static func spansRuns(_ options: Options) -> Bool { options.across == .runs }

    mutating func beginRun() {
        withoutID = 0
        seen.beginRun()
    }

    mutating func process(_ batch: EventBatch, into output: EventOutput) throws {
        try batch.keep(fields, as: .duplicate) { event in
            guard event.hasText(0) else {
                withoutID += 1
                return true
            }
            key.removeAll(keepingCapacity: true)
            for field in 0..<fieldCount { event.append(field, to: &key) }
            return try seen.insert(key)
        }
        output.pass(batch)
    }

    func dropReasons(_ event: Event) -> [Reason] {
        let readings = by.map { Reason.Reading(field: $0.text, json: event[$0]?.json) }
        return [Reason("an event that came before has the same", readings)]
    }

    mutating func finish(into output: EventOutput) {
        if withoutID > 0 {
            context.warn("\(withoutID) events have no '\(by[0].text)'; they went on, copies or not")
        }
        if seen.collisions > 0 {
            context.warn("\(seen.collisions) events have the hash of another, and were told apart by 'verify'")
        }
    }

    func save(into state: OutputBuffer) throws {
        state.append(counted: Self.stateName)
        state.append(counted: by.map(\.text).joined(separator: ","))
        state.append(number: withoutID)
        try seen.save(into: state)
    }

    mutating func restore(_ state: Span<UInt8>) throws {
        var reader = try StateReader(state, Self.stateName)
        try checkFields(&reader)
        withoutID = try reader.count()
        try seen.restore(&reader)
        try reader.finish()
    }

    private func checkFields(_ state: inout StateReader) throws {
        guard try state.text() == by.map(\.text).joined(separator: ",") else {
            throw StageError("the saved state of 'dedupe' is of other fields than 'by' names")
        }
    }

    static func kept(_ state: [UInt8]) throws -> KeptFingerprints {
        var reader = try StateReader(state.span, stateName)
        let head = OutputBuffer()
        head.append(counted: stateName)
        head.append(counted: try reader.text())
        _ = try reader.count()
        let kept = try SeenKeys.kept(&reader, head)
        try reader.finish()
        return kept
    }

    mutating func beginRun(behind earlier: any EarlierFingerprints) throws {
        var reader = try StateReader(earlier.head.span, Self.stateName)
        try checkFields(&reader)
        try seen.begin(behind: earlier, &reader)
        try reader.finish()
    }

    private static let stateName = "dedupe 1"

    /// What tells records of one id apart that are none the less different: corrections, and the two of an Insight.
    private static let parts = [FieldPath("addendum"), FieldPath("insightDetails", "state")]
}

extension FieldValues {
    /// True when the event has the field, and it is not empty.
    fileprivate func hasText(_ field: Int) -> Bool {
        unsafe !isAbsent(field) && !(kind(field) == .string && slice(field).bytes.isEmpty)
    }

    /// Appends a field so that no two rows of fields look alike; one that is missing, null or empty is nothing.
    fileprivate func append(_ field: Int, to key: inout [UInt8]) {
        guard hasText(field) else { return key.append(0) }
        key.append(kind(field) == .string ? 1 : 2)
        withText(field) { text in
            unsafe withUnsafeBytes(of: UInt32(text.count).littleEndian) { unsafe key.append(contentsOf: $0) }
            unsafe text.withUnsafeBufferPointer { unsafe key.append(contentsOf: $0) }
        }
    }
}
