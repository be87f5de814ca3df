import MHPipeKit

/// Finds the records in the text of one file, window by window.
///
/// It knows the containers that CloudTrail records come in, keeps its place between two windows, and takes damage
/// apart: a bad record whose brackets pair costs only itself, any other the rest of its document or line.
final class DocumentReader {
    /// What of the text is passed over.
    enum Skip {
        case nothing
        /// To the end of the line.
        case line
        /// To the end of a value that is too large to be read.
        case value(ValueSkipper)
        /// To the end of the file.
        case rest
    }

    /// How a window was left.
    enum Progress {
        /// All before this offset of the window is done.
        case consumed(Int)
        /// The same, and what stands there goes on behind the window.
        case needsMore(Int)
    }

    let consumer: any DocumentConsumer
    let scanner = RecordScanner()
    let context: ReadingContext

    // One worker's queue uses all this, and each record asks for it several times: too often to check every access.
    @exclusivity(unchecked) var origin = EventOrigin(source: "", unit: "")
    @exclusivity(unchecked) var frames: [ContainerFrame] = []
    @exclusivity(unchecked) var skip = Skip.nothing
    /// True when every line of the file is a document of its own; nil while that cannot be told.
    @exclusivity(unchecked) var isLines: Bool?
    /// The offset of the window in the text of the file.
    @exclusivity(unchecked) var windowOffset = 0
    /// How much of the window is text of the file: a string that is cut off was closed for the time being.
    @exclusivity(unchecked) var textCount = 0
    /// Where the line of the outermost frame ends in the text of the file, when every line stands for itself.
    @exclusivity(unchecked) var lineEnd = Int.max
    let collector: RecordCollector
    /// The known fields of the object at hand; owned.
    let fields: UnsafeMutablePointer<UInt32>

    init(consumer: any DocumentConsumer, context: ReadingContext) throws {
        self.consumer = consumer
        self.context = context
        collector = try RecordCollector(consumer: consumer, context: context)
        fields = .allocate(capacity: KnownField.count)
        fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        fields.deallocate()
    }

    /// Gets ready for another file.
    func begin(_ origin: EventOrigin) {
        self.origin = origin
        frames.removeAll(keepingCapacity: true)
        skip = .nothing
        isLines = nil
        windowOffset = 0
        collector.removeAll()
        if context.level == 0 { context.tally.begin() }
    }

    /// Reads the records that are whole in a window, and hands them on.
    ///
    /// - Parameters:
    ///   - window: The window; its text begins at `windowOffset`.
    ///   - textCount: How much of the window is text of the file.
    ///   - isFinal: True when the text ends with the window.
    /// - Returns: How much of the window is done.
    /// - Throws: What the consumer throws.
    func read(_ window: IndexedText, textCount: Int, isFinal: Bool) throws -> Progress {
        self.textCount = textCount
        collector.begin(window, origin)
        var pass = WindowPass(reader: self, window: window, isFinal: isFinal)
        do {
            let progress = try pass.run()
            try collector.flush()
            return progress
        } catch is UnwrappingEnded where context.level == 0 {
            let limit = context.settings.maxFileBytes
            let reason =
                "more than \(limit) bytes of text, with what envelopes hold (max_file_bytes); the rest is left out"
            skip = .rest
            try note(.file, at: nil, reason: reason, raw: UnsafeBufferPointer(start: nil, count: 0))
            return .consumed(window.count)
        }
    }

    /// The text ends; says so when it should not.
    ///
    /// - Parameters:
    ///   - rest: What was left in the buffer, which no window could make a record of.
    ///   - damage: Why the text ends here, when its compression is damaged.
    /// - Throws: What the consumer throws.
    func finish(rest: UnsafeBufferPointer<UInt8>, damage: String?) throws {
        let isInside = !frames.isEmpty || !rest.isEmpty
        if case .rest = skip {
            if let damage { try note(.file, at: nil, reason: damage, raw: .init(start: nil, count: 0)) }
            return
        }
        if let damage {
            try note(.file, at: isInside ? 0 : nil, record: try numberOfRest(rest), reason: damage, raw: rest)
        } else if isInside {
            let place = rest.isEmpty ? "before its last bracket" : "inside a record"
            try note(.file, at: 0, record: try numberOfRest(rest), reason: "the document ends \(place)", raw: rest)
        }
    }

    /// Passes over the value at the start of the buffer, which is larger than a record may be.
    func skipOversized(_ text: UnsafeBufferPointer<UInt8>) throws {
        let reason = "a record of more than \(context.settings.maxRecordBytes) bytes (max_record_bytes)"
        try note(.record, at: 0, record: try takeNumber(), reason: reason, raw: text)
        skip = isLines == true && frames.isEmpty ? .line : .value(ValueSkipper())
        if let last = frames.indices.last { frames[last].expects = .commaOrEnd }
    }

    /// The number of bytes at the start of the text that are passed over.
    func skipped(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        switch skip {
        case .nothing: return 0
        case .rest: return text.count
        case .line:
            guard let end = text.firstLineEnd(from: 0) else { return text.count }
            skip = .nothing
            return end + 1
        case .value(var skipper):
            let (count, isDone) = skipper.skip(text)
            skip = isDone ? .nothing : .value(skipper)
            return count
        }
    }

    /// The next record's number, taken.
    func takeNumber() throws -> Int {
        try collector.takeNumber()
    }

    func noteHousekeeping() {
        context.tally.countHousekeeping()
        consumer.noteHousekeeping()
    }

    /// How many records and housekeeping messages were found.
    func found() throws -> Int {
        try collector.settle()
        return context.tally.found
    }

    /// Hands on a problem at an offset of the window, after those of what was collected.
    func note(
        _ scope: InputProblem.Scope,
        at offset: Int?,
        record: Int? = nil,
        reason: String,
        raw: UnsafeBufferPointer<UInt8>
    ) throws {
        try collector.settle()
        let problem = InputProblem(
            scope: scope,
            file: origin.unit,
            offset: offset.map { $0 + windowOffset },
            record: record,
            reason: reason
        )
        try consumer.note(problem, raw: raw)
    }

    /// What is left at the end is a record when it begins like one.
    private func numberOfRest(_ rest: UnsafeBufferPointer<UInt8>) throws -> Int? {
        rest.first == UInt8(ascii: "{") || frames.isEmpty && !rest.isEmpty ? try takeNumber() : nil
    }
}
