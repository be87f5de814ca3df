import MHPipeIO
import MHPipeKit
import MHPipePlan

/// Reads the records of one unit of work after the other.
///
/// Owned by one worker.
final class UnitReader {
    /// What a unit amounted to.
    struct Totals {
        var bytesRead = 0
        var bytesText = 0
        /// True when the unit has no end of its own and the run has ended it: what was whole by then was read.
        var isCut = false
        /// What the bytes were; nil where nobody keeps proof of that.
        var content: UnitContent?
    }

    private let consumer: any DocumentConsumer
    private let context: ReadingContext
    private let bytesDone: (Int) -> Void
    private let stream: UnitStream
    private let text: TextBuffer
    private let indexer: WindowIndexer
    private let documents: DocumentReader
    private let windowDrops: WindowDrops?

    /// How much text the unit may hold.
    @exclusivity(unchecked) private var limit = 0
    /// How much text is indexed at a time; more while a value does not fit.
    @exclusivity(unchecked) private var windowBytes = 0

    /// Room for less than this is not filled, since the decompressor writes larger pieces at once.
    private static let leastRead = 128 << 10
    /// The buffer holds what tells lines from documents.
    private static let usualBytes = LineFraming.reach + ContentKind.byteOrderMark.count + leastRead
    static let usualWindowBytes = 1 << 20
    /// Text of a file up to this is decompressed as a whole where it is gzip, which takes a quarter less time than in pieces.
    private static let mostWhole = 4 << 20
    private static let mostKept = mostWhole + 2 * leastRead

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - consumer: Takes the records.
    ///   - settings: The limits, and what becomes of damaged files.
    ///   - windowBytes: The text that is indexed at a time, unless a record is larger; at least 16.
    ///   - proof: By which records are proven that are dropped; nil where all are indexed.
    ///   - hashes: True to hash the bytes of the units.
    ///   - bytesDone: Told of bytes that were taken from a unit, as they are stored, as reading goes on.
    /// - Throws: `IndexingFailure` when there is no memory.
    convenience init(
        consumer: any DocumentConsumer,
        settings: RunSettings,
        windowBytes: Int = usualWindowBytes,
        proof: ObjectProof? = .usual,
        hashes: Bool = false,
        bytesDone: @escaping (Int) -> Void
    ) throws {
        let context = ReadingContext(settings: settings, windowBytes: max(windowBytes, 16), proof: proof)
        try self.init(consumer: consumer, context: context, hashes: hashes, bytesDone: bytesDone)
    }

    /// Makes a reader of files, or of the bodies of envelopes.
    init(
        consumer: any DocumentConsumer,
        context: ReadingContext,
        hashes: Bool = false,
        bytesDone: @escaping (Int) -> Void
    ) throws {
        self.consumer = consumer
        stream = try UnitStream(hashes: hashes)
        self.bytesDone = bytesDone
        self.context = context
        text = TextBuffer(capacity: Self.usualBytes)
        indexer = try WindowIndexer(context.indexing)
        documents = try DocumentReader(consumer: consumer, context: context)
        windowDrops = context.proof.map { WindowDrops($0, maxRecordBytes: context.settings.maxRecordBytes) }
    }

    /// Reads a unit to its end, or until `isStopped`.
    ///
    /// - Parameters:
    ///   - unit: The unit.
    ///   - source: The name of its source stage.
    ///   - firstRecord: The number of its first record.
    ///   - onOpen: Called when the unit is open, before anything of it is handed on.
    ///   - drops: Asked between two windows which events need not be read; nil when all do.
    ///   - isCut: Asked at the end of the unit: true when the run has made that end.
    ///   - isStopped: Asked between two windows.
    /// - Returns: The bytes that were read.
    /// - Throws: What the consumer throws. What is wrong with the unit is reported to the consumer.
    func read(
        _ unit: any SourceUnit,
        from source: String,
        firstRecord: Int = 0,
        onOpen: () throws -> Void = {},
        drops: () -> EarlyDrops? = { nil },
        isCut: () -> Bool = { false },
        isStopped: () -> Bool
    ) throws -> Totals {
        defer { stream.close() }
        var totals = try readRecords(unit, from: source, firstRecord, onOpen, drops, isCut, isStopped)
        guard !isStopped() else { return totals }
        totals.content = stream.content(size: unit.size)
        totals.content?.textBytes = totals.bytesText
        if totals.isCut { totals.content?.sha256 = nil }
        return totals
    }

    private func readRecords(
        _ unit: any SourceUnit,
        from source: String,
        _ firstRecord: Int,
        _ onOpen: () throws -> Void,
        _ drops: () -> EarlyDrops?,
        _ isCut: () -> Bool,
        _ isStopped: () -> Bool
    ) throws -> Totals {
        documents.begin(EventOrigin(source: source, unit: unit.name), at: firstRecord)
        text.reset(to: Self.usualBytes, over: Self.mostKept)
        unsafe windowBytes = context.windowBytes
        unsafe limit = context.level == 0 ? settings.maxFileBytes : context.tally.allowance
        var totals = Totals()
        do {
            if settings.onDamage == .drop, let damage = try damage(of: unit) {
                try report(unit, "\(damage); the whole \(context.noun) is left out (on_damage: drop)")
                return Totals(bytesRead: stream.bytesRead, bytesText: 0)
            }
            if case .other(let what) = try stream.open(unit) {
                try report(unit, what)
                return Totals(bytesRead: stream.bytesRead, bytesText: 0)
            }
        } catch let error as StageError where !error.endsRun {
            if !stream.isOpen, let fault = Self.fault(unit) { throw fault }
            try report(unit, error.message, scope: stream.isOpen ? .file : .path)
            return totals
        }
        try onOpen()
        try readText(unit, &totals, drops, isCut, isStopped)
        return totals
    }

    /// What ends the run when a unit cannot be opened; nil when the unit is to blame.
    ///
    /// A plugin need not know why the system refuses, so the system is asked whether it would open anything.
    private static func fault(_ unit: any SourceUnit) -> StageError? {
        guard let number = MachineFault.present else { return nil }
        let reason = SystemFailure.reason(number)
        return StageError("cannot open '\(unit.name)': \(reason)", advice: MachineFault.advice(number))
    }

    private func readText(
        _ unit: any SourceUnit,
        _ totals: inout Totals,
        _ drops: () -> EarlyDrops?,
        _ isCut: () -> Bool,
        _ isStopped: () -> Bool
    ) throws {
        var damage: String?
        var isEnd = false
        var isStart = true
        var sawText = false
        while !isStopped() {
            if !isEnd, !totals.isCut {
                isEnd = try fill(&totals, &damage)
                totals.isCut = isEnd && isCut()
                if totals.isCut { isEnd = false }
            }
            if isStart {
                isStart = false
                unsafe documents.isLines = unsafe LineFraming.isLines(text.bytes, isWhole: isEnd || totals.isCut)
                if let what = unsafe refusal(text.bytes, isEnd: isEnd) { return try report(unit, what) }
                if unsafe text.bytes.starts(with: ContentKind.byteOrderMark) {
                    consume(ContentKind.byteOrderMark.count)
                }
            }
            unsafe consume(documents.skipped(text.bytes))
            if text.count == 0, !isEnd, !totals.isCut { continue }
            if let drops = drops(), try readWindow(without: drops) {
                sawText = true
                continue
            }
            let isAll = unsafe (isEnd || totals.isCut) && text.count <= windowBytes
            let done = try readWindow(isLast: isAll && isEnd, &sawText)
            if isAll { break }
            if done == 0 { makeRoom() } else { unsafe windowBytes = context.windowBytes }
        }
        // What is not whole at an end that the run has made is no damage.
        if isStopped() || totals.isCut { return }
        if !sawText, damage == nil {
            return try report(unit, emptiness(of: unit, totals))
        }
        // Who reads the file says so.
        if context.level > 0, context.tally.isExhausted { return }
        try unsafe documents.finish(rest: text.bytes, damage: damage)
    }

    /// What is said of a unit in which nothing stands.
    private func emptiness(of unit: any SourceUnit, _ totals: Totals) -> String {
        let reason = totals.bytesText == 0 ? "the \(context.noun) is empty" : "nothing but white space"
        guard context.level == 0 else { return reason }
        return unit.name == "-"
            ? "\(reason); look at what the program before '|' says"
            : "\(reason); fetch the file again, or see how large it is in the bucket: aws s3 ls"
    }

    /// Why a text is not read, by its start.
    private func refusal(_ text: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> String? {
        // What stands behind that depends on how much is read at a time.
        let start = unsafe UnsafeBufferPointer(rebasing: text.prefix(LineFraming.reach))
        if unsafe ContentKind.isPlainJSON(start) { return nil }
        let isFile = context.level == 0
        switch unsafe ContentKind(Array(start.prefix(ContentKind.prefixLength))) {
        case .gzip: return nested("gzip")
        case .zstd: return nested("zstd")
        case .other(let what): return what
        case .text:
            let isWhole = isEnd && start.count < LineFraming.reach
            // Where every line stands for itself, others may be better than the first.
            let standAlone = unsafe documents.isLines == true && start.firstLineEnd(from: 0) != nil
            if standAlone, !(isWhole && isFile) { return nil }
            if let first = unsafe start.first, ContentKind.beginsJSON(first) { return nil }
            return unsafe ContentKind.foreignText(start, isWhole: isWhole, isFile: isFile)
        }
    }

    /// Reads until the buffer is full; true at the end of the unit.
    private func fill(_ totals: inout Totals, _ damage: inout String?) throws -> Bool {
        let before = totals.bytesRead
        defer {
            totals.bytesRead = stream.bytesRead
            bytesDone(totals.bytesRead - before)
        }
        text.compact()
        let whole = stream.wholeTextBytes
        if unsafe whole > text.room.count, text.count + whole <= Self.mostWhole {
            // With room to be told of the end.
            text.grow(to: text.count + whole + Self.leastRead)
        }
        while unsafe text.room.count >= Self.leastRead || text.count == 0 {
            do {
                let allowed = unsafe limit - totals.bytesText
                // No more than shows that there is too much: how much is read of such a file depends on nothing else then.
                let room = unsafe allowed < text.room.count ? text.room[..<(allowed + 1)] : text.room[...]
                let count = try unsafe stream.read(into: UnsafeMutableRawBufferPointer(rebasing: room))
                if count == 0 { return true }
                text.append(min(count, allowed))
                totals.bytesText += min(count, allowed)
                if count > allowed {
                    damage = "more than \(settings.maxFileBytes) bytes of text (max_file_bytes); the rest is left out"
                    if context.level > 0 { context.tally.exhaust() }
                    return true
                }
            } catch {
                damage = try reason(error)
                return true
            }
        }
        return false
    }

    /// Reads the records of the next window, and consumes them.
    ///
    /// - Parameters:
    ///   - isLast: True when the text ends with the window.
    ///   - sawText: Set to true when there is anything but white space in it.
    /// - Returns: How much of the window is done; 0 when it is too small.
    /// - Throws: What the consumer throws.
    private func readWindow(isLast: Bool, _ sawText: inout Bool) throws -> Int {
        var count = unsafe min(text.count, windowBytes)
        var isFinal = isLast
        let isLines = unsafe documents.isLines == true
        // Whole lines, so that a line is told from its neighbours; a part of one only when it is longer than that.
        if isLines, !isLast, let end = unsafe text.bytes[..<count].lastIndex(of: 0x0A) {
            count = end + 1
            isFinal = true
        }
        defer { indexer.release() }
        let window = try indexer.window(text, count: count, isFinal: isFinal, isLines: isLines && isFinal)
        let done: Int
        if let window {
            sawText = true
            done = try documents.read(
                window,
                limit: indexer.limit,
                openStrings: indexer.openStrings,
                isFinal: isFinal
            )
        } else {
            done = indexer.limit
            if isLines, isFinal {
                let end = unsafe text.bytes.firstLineEnd(from: 0) ?? count
                try unsafe documents.endLine(text.base, from: end, to: end)
            }
        }
        // What stands behind the window is put back before it moves.
        indexer.release()
        consume(done)
        return done
    }

    /// Reads the next records as far as they are proven to be sound, but for those that are dropped, and consumes them.
    ///
    /// - Parameter drops: Which are dropped.
    /// - Returns: False, with nothing done, when none of them is.
    /// - Throws: What the consumer throws.
    private func readWindow(without drops: EarlyDrops) throws -> Bool {
        guard let windowDrops, !indexer.isByteByByte, let place = unsafe documents.dropPlace(text.bytes) else {
            return false
        }
        let looked = unsafe UnsafeBufferPointer(rebasing: text.bytes.prefix(context.windowBytes))
        defer { indexer.release() }
        guard unsafe windowDrops.look(through: looked, from: place, drops),
            let (window, proven) = try indexer.window(text, without: windowDrops)
        else { return false }
        let isLines = unsafe documents.isLines == true
        let done = try documents.read(window, limit: window.count, openStrings: [], isFinal: isLines, proven: proven)
        unsafe windowBytes = context.windowBytes
        indexer.release()
        consume(done)
        return true
    }

    /// Makes the window larger for a value that does not fit.
    private func makeRoom() {
        unsafe windowBytes *= 2
        text.compact()
        // At least what is needed to say of any value that it is too large, and what is kept of it.
        let largest = max(context.reach, QuarantineFile.mostRaw) + 2 * Self.leastRead
        if unsafe windowBytes >= text.count, unsafe text.room.count < Self.leastRead {
            text.grow(to: min(text.capacity * 2, largest))
        }
    }

    private func consume(_ count: Int) {
        text.consume(count)
        unsafe documents.windowOffset += count
    }

    /// Decompresses a whole unit to see whether it is sound; nil when it is, or cannot be read twice.
    private func damage(of unit: any SourceUnit) throws -> String? {
        guard unit.size != nil else { return nil }
        let kind = try stream.open(unit)
        guard kind == .gzip || kind == .zstd else { return nil }
        do {
            var left = unsafe limit
            while left >= 0, case let count = try unsafe stream.read(into: text.room), count > 0 { left -= count }
            return left < 0 ? "more than \(settings.maxFileBytes) bytes of text (max_file_bytes)" : nil
        } catch {
            return try reason(error)
        }
    }

    /// Why a unit cannot be read any further; throws what ends the run and not the unit alone.
    private func reason(_ error: any Error) throws -> String {
        guard let error = error as? StageError else { return String(describing: error) }
        if error.endsRun { throw error }
        return error.message
    }

    private var settings: RunSettings { context.settings }

    private func nested(_ inner: String) -> String {
        "\(inner) inside \(stream.packing), of which one layer is read; take the other off with "
            + "'\(stream.packing == "gzip" ? "gunzip" : "zstd -d") -c FILE | mhpipe convert - OUTPUT'"
    }

    private func report(_ unit: any SourceUnit, _ reason: String, scope: InputProblem.Scope = .file) throws {
        let problem = InputProblem(scope: scope, file: unit.name, reason: reason)
        try unsafe consumer.note(problem, raw: UnsafeBufferPointer(start: nil, count: 0))
    }
}
