import MHPipeKit
import MHPipePlan

/// Finds the records in the text of one file, window by window.
///
/// It knows the containers that CloudTrail records come in, keeps its place between two windows, and takes damage
/// apart: a bad record whose brackets pair costs only itself, any other the rest of its document or line.
@safe
final class DocumentReader {
    /// What of the text is passed over.
    enum Skip {
        case nothing
        /// To the end of the line.
        case line
        /// To the end of a value that is too large to be read.
        case value(ValueSkipper)
        /// To the end of the document.
        case rest
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
    let collector: RecordCollector
    /// The known fields of the object at hand; owned.
    let fields: UnsafeMutablePointer<UInt32>

    init(consumer: any DocumentConsumer, context: ReadingContext) throws {
        self.consumer = consumer
        self.context = context
        collector = try RecordCollector(consumer: consumer, context: context)
        unsafe fields = .allocate(capacity: KnownField.count)
        unsafe fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        unsafe fields.deallocate()
    }

    /// Gets ready for another file, whose first record has a number.
    func begin(_ origin: EventOrigin, at number: Int = 0) {
        unsafe self.origin = origin
        unsafe frames.removeAll(keepingCapacity: true)
        unsafe skip = .nothing
        unsafe isLines = nil
        unsafe windowOffset = 0
        collector.removeAll()
        if context.level == 0 { context.tally.begin(at: number) }
    }

    /// Reads the records that are whole in a window, and hands them on.
    ///
    /// - Parameters:
    ///   - window: The window; its text begins at `windowOffset`.
    ///   - limit: Where a string begins that is not closed, or the end of the window.
    ///   - openStrings: The same for each line, where lines stand for themselves.
    ///   - isFinal: True when the document ends with the window, or a line does.
    ///   - proven: The records that its index has less than whole.
    /// - Returns: Up to where in the window all is done.
    /// - Throws: What the consumer throws.
    func read(
        _ window: IndexedText,
        limit: Int,
        openStrings: [Int],
        isFinal: Bool,
        proven: [ProvenRecords] = []
    ) throws -> Int {
        do {
            guard unsafe isLines == true, isFinal else {
                let isLine = unsafe isLines == true
                return try pass(over: window, limit: limit, isFinal: isFinal, isLine: isLine, proven: proven)
            }
            unsafe collector.begin(window, origin)
            var lines = LinesPass(reader: self, window: window, openStrings: openStrings, proven: proven)
            try lines.run()
            try collector.flush()
            return window.count
        } catch is UnwrappingEnded where context.level == 0 {
            let limit = context.settings.maxFileBytes
            let reason =
                "more than \(limit) bytes of text, with what envelopes hold (max_file_bytes); the rest is left out"
            unsafe skip = .rest
            try unsafe note(.file, at: nil, reason: reason, raw: UnsafeBufferPointer(start: nil, count: 0))
            return window.count
        }
    }

    /// Where records begin in a text that the reader has come to, of which some may be dropped; nil where that is not certain.
    func dropPlace(_ text: UnsafeBufferPointer<UInt8>) -> WindowDrops.Place? {
        guard context.level == 0, !isSkipping else { return nil }
        if unsafe isLines == true { return unsafe frames.isEmpty ? .line : nil }
        guard let frame = unsafe frames.last else {
            return unsafe text.starts(with: Self.trailStart) ? .element(Self.trailStart.count) : nil
        }
        guard frame.kind != .object else { return nil }
        return frame.expects == .commaOrEnd ? .behindElement : .element(0)
    }

    /// What CloudTrail's own files begin with.
    private static let trailStart = Array(#"{"Records":["#.utf8)

    /// Reads what is left of a line in a window of more lines, and ends the line.
    ///
    /// - Parameters:
    ///   - line: The window, made to end with the line.
    ///   - limit: Where a string begins that is not closed, or the end of the line.
    ///   - window: The window, to which the collector goes back.
    /// - Throws: What the consumer throws.
    func readLine(_ line: IndexedText, limit: Int, of window: IndexedText) throws {
        try collector.flush()
        let end = try pass(over: line, limit: limit, isFinal: true, isLine: true)
        try unsafe endLine(line.text, from: end, to: line.count)
        unsafe collector.begin(window, origin)
    }

    private func pass(
        over window: IndexedText,
        limit: Int,
        isFinal: Bool,
        isLine: Bool,
        proven: [ProvenRecords] = []
    ) throws -> Int {
        unsafe collector.begin(window, origin)
        var pass = WindowPass(
            reader: self,
            window: window,
            limit: limit,
            isFinal: isFinal,
            isLine: isLine,
            proven: proven
        )
        let done = try pass.run()
        try collector.flush()
        if case .rest = unsafe skip, isLine, !isFinal { unsafe skip = .line }
        return done
    }

    /// The line at hand ends; says so when it should not.
    ///
    /// - Parameters:
    ///   - text: The window.
    ///   - start: What stands from here in it no record could be made of.
    ///   - end: Where the line ends in it.
    /// - Throws: What the consumer throws.
    func endLine(_ text: UnsafePointer<UInt8>, from start: Int, to end: Int) throws {
        defer {
            unsafe frames.removeAll(keepingCapacity: true)
            unsafe skip = .nothing
        }
        if case .rest = unsafe skip { return }
        let rest = unsafe UnsafeBufferPointer(start: text + start, count: end - start)
        guard unsafe !frames.isEmpty || !rest.isEmpty else { return }
        let number = try unsafe numberOfRest(rest)
        let scope = number == nil ? InputProblem.Scope.file : .record
        try unsafe note(scope, at: start, record: number, reason: Self.cutShort("line", rest), raw: rest)
    }

    /// True when the reader stands inside a line, or a value, of which the rest is still to come.
    var isInside: Bool {
        if case .value = unsafe skip { return true }
        return unsafe !frames.isEmpty
    }

    /// True while text is passed over.
    var isSkipping: Bool {
        if case .nothing = unsafe skip { return false }
        return true
    }

    private static func cutShort(_ noun: String, _ rest: UnsafeBufferPointer<UInt8>) -> String {
        "the \(noun) ends \(rest.isEmpty ? "before its last bracket" : "inside a record")"
    }

    /// The text ends; says so when it should not.
    ///
    /// - Parameters:
    ///   - rest: What was left in the buffer, which no window could make a record of.
    ///   - damage: Why the text ends here, when its compression is damaged.
    /// - Throws: What the consumer throws.
    func finish(rest: UnsafeBufferPointer<UInt8>, damage: String?) throws {
        let isInside = unsafe !frames.isEmpty || !rest.isEmpty
        if case .rest = unsafe skip {
            if let damage { try unsafe note(.file, at: nil, reason: damage, raw: .init(start: nil, count: 0)) }
            return
        }
        if let damage {
            try unsafe note(.file, at: isInside ? 0 : nil, record: try numberOfRest(rest), reason: damage, raw: rest)
        } else if isInside {
            try unsafe note(
                .file,
                at: 0,
                record: try numberOfRest(rest),
                reason: Self.cutShort("document", rest),
                raw: rest
            )
        }
    }

    /// The number of bytes at the start of the text that are passed over.
    func skipped(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        switch unsafe skip {
        case .nothing: return 0
        case .rest: return text.count
        case .line:
            guard let end = unsafe text.firstLineEnd(from: 0) else { return text.count }
            unsafe skip = .nothing
            return end + 1
        case .value(var skipper):
            // No value goes on behind its line.
            let end = unsafe isLines == true ? text.firstLineEnd(from: 0) : nil
            let (count, isDone) = unsafe skipper.skip(UnsafeBufferPointer(rebasing: text[..<(end ?? text.count)]))
            unsafe skip = isDone ? .nothing : .value(skipper)
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

    /// Hands on a problem at an offset of the window, after what was collected, which stages may have problems with.
    func note(
        _ scope: InputProblem.Scope,
        at offset: Int?,
        record: Int? = nil,
        reason: String,
        raw: UnsafeBufferPointer<UInt8>
    ) throws {
        try collector.flush()
        let problem = unsafe InputProblem(
            scope: scope,
            file: origin.unit,
            offset: offset.map { unsafe $0 + windowOffset },
            record: record,
            reason: reason
        )
        try unsafe consumer.note(problem, raw: raw)
    }

    /// What is left at the end is a record when it begins like one.
    private func numberOfRest(_ rest: UnsafeBufferPointer<UInt8>) throws -> Int? {
        unsafe rest.first == UInt8(ascii: "{") || frames.isEmpty && !rest.isEmpty ? try takeNumber() : nil
    }
}
