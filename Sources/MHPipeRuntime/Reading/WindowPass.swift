import MHPipeKit

/// One pass of a document reader over one window.
struct WindowPass {
    private let reader: DocumentReader
    private let window: IndexedText
    private let cursor: JSONCursor
    private let isFinal: Bool
    private var position = 0

    /// What a step asks for.
    private enum Step {
        case goOn
        /// The value at the position goes on behind the window.
        case needsMore
    }

    init(reader: DocumentReader, window: IndexedText, isFinal: Bool) {
        self.reader = reader
        self.window = window
        self.isFinal = isFinal
        cursor = JSONCursor(window)
    }

    mutating func run() throws -> DocumentReader.Progress {
        while position < window.indexCount {
            let step = try reader.frames.last.map { try inside($0) } ?? top()
            if case .rest = reader.skip { return .consumed(window.count) }
            if case .needsMore = step { return .needsMore(Int(window.index[position])) }
        }
        return .consumed(window.count)
    }

    /// A value at the top of the document.
    private mutating func top() throws -> Step {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "{"):
            if beginsContainer() {
                try enter(.object)
                return .goOn
            }
            return try object(in: nil)
        case UInt8(ascii: "["):
            try enter(.bare)
            return .goOn
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            return try abandon("expected a JSON value", number: nil)
        default:
            return try plainText()
        }
    }

    /// The next token of a level above the records.
    private mutating func inside(_ frame: ContainerFrame) throws -> Step {
        if isLines, Int(window.index[position]) + reader.windowOffset > reader.lineEnd {
            reader.frames.removeAll(keepingCapacity: true)
            try note(.file, "the line before ends inside a document", from: position, to: position)
            return .goOn
        }
        let byte = cursor.byte(at: position)
        switch frame.expects {
        case .commaOrEnd where byte == UInt8(ascii: ","):
            position += 1
            expect(.next)
            return .goOn
        case .first where byte == frame.end, .commaOrEnd where byte == frame.end:
            try leave()
            return .goOn
        case .commaOrEnd:
            let wanted = "expected ',' or '\(Character(Unicode.Scalar(frame.end)))' between records"
            guard frame.kind != .object, byte == UInt8(ascii: "{") else { return try abandon(wanted, number: nil) }
            // The next record is there, only its comma is not: nothing is lost by going on.
            try note(.file, wanted, from: position, to: position)
            expect(.next)
            return .goOn
        case .first, .next:
            return frame.kind == .object ? try member() : try element(frame)
        }
    }

    /// A member of an object that holds arrays of records.
    private mutating func member() throws -> Step {
        guard cursor.byte(at: position) == UInt8(ascii: "\"") else {
            return try abandon("expected a key in double quotes", number: nil)
        }
        guard position + 2 < window.indexCount else { return .needsMore }
        guard cursor.byte(at: position + 1) == UInt8(ascii: ":") else {
            return try abandon("expected ':' after a key", number: nil)
        }
        if let kind = arrayOfRecords(position), !(kind == .logEvents && reader.frames.last?.isControl == true) {
            expect(.commaOrEnd)
            position += 2
            try enter(kind)
            return .goOn
        }
        switch scanner.scanValue(window, at: position + 2, fields: reader.fields) {
        case .complete(let end):
            guard isFinal || end < window.indexCount else { return .needsMore }
            noteControl(position)
            try noteDefect(from: position, to: end)
            position = end
            expect(.commaOrEnd)
            return .goOn
        case .incomplete:
            return try wait()
        case .malformed(let offset, let reason):
            return try abandon("\(reason.description) at byte \(reader.windowOffset + offset)", number: nil)
        }
    }

    /// An element of an array of records.
    private mutating func element(_ frame: ContainerFrame) throws -> Step {
        switch cursor.byte(at: position) {
        case UInt8(ascii: "{"):
            return try object(in: frame.kind)
        case UInt8(ascii: "]"):
            try note(.file, "a comma before the ']' of the records", from: position, to: position)
            try leave()
            return .goOn
        case UInt8(ascii: ","):
            try note(.file, "a comma without a record before it", from: position, to: position)
            position += 1
            return .goOn
        default:
            return try otherElement()
        }
    }

    /// An element that is no object: it counts as a record that cannot be read.
    private mutating func otherElement() throws -> Step {
        switch scanner.scanValue(window, at: position, fields: reader.fields) {
        case .complete(let end):
            guard isFinal || end < window.indexCount else { return .needsMore }
            try note(
                .record,
                "a record must be a JSON object",
                from: position,
                to: end,
                number: try reader.takeNumber()
            )
            position = end
            expect(.commaOrEnd)
            return .goOn
        case .incomplete:
            return try wait()
        case .malformed(let offset, let reason):
            return try recover(offset, reason.description, in: true)
        }
    }

    /// An object where a record may stand.
    private mutating func object(in frame: ContainerFrame.Kind?) throws -> Step {
        switch scanner.scan(window, from: position, fields: reader.fields) {
        case .complete(let end):
            if isLines, spansLines(end) {
                return try abandon(Self.cutLine, number: try reader.takeNumber())
            }
            try take(end, frame)
            return .goOn
        case .incomplete:
            // A container may be larger than any window; its records are not.
            guard object.isContainer(isWhole: false) else { return try wait() }
            try enter(.object)
            return .goOn
        case .malformed(let offset, let reason):
            // The records before the damage in a container are none the worse for it.
            guard !object.isContainer(isWhole: false) else {
                try enter(.object)
                return .goOn
            }
            return try recover(offset, reason.description, in: frame != nil)
        }
    }

    /// The object at the position, which was scanned.
    private var object: ScannedObject {
        ScannedObject(cursor: cursor, position: position, fields: reader.fields)
    }

    /// A whole object: an event, something that holds events, or something else.
    private mutating func take(_ end: Int, _ frame: ContainerFrame.Kind?) throws {
        let kind = RecordKind(object, in: frame)
        if case .container = kind {
            try enter(.object)
            return
        }
        if let reason = try read(kind, end) {
            try note(.record, reason, from: position, to: end, number: try reader.takeNumber())
        }
        position = end
        if frame != nil { expect(.commaOrEnd) }
    }

    /// Reads what a whole object holds; why that cannot be done, or nil.
    private func read(_ kind: RecordKind, _ end: Int) throws -> String? {
        let start = Int(window.index[position])
        let length = Int(window.index[end - 1]) + 1 - start
        if let defect = window.defect(from: start, to: start + length) {
            return "\(defect.reason.description) at byte \(reader.windowOffset + defect.offset)"
        }
        let limit = reader.context.settings.maxRecordBytes
        guard length <= limit else { return "a record of more than \(limit) bytes (max_record_bytes)" }
        switch kind {
        case .event:
            try reader.collector.add(position, to: end, fields: reader.fields)
            return nil
        case .envelope(let envelope, let body):
            let raw = UnsafeBufferPointer(start: window.text + start, count: length)
            let place = EnvelopePlace(offset: reader.windowOffset + start, raw: raw)
            return try reader.collector.open(envelope, body: body, at: place, fields: reader.fields)
        case .foreign(let reason):
            return reason
        case .housekeeping:
            reader.noteHousekeeping()
            return nil
        case .container:
            return nil
        }
    }

    /// Text at the top that is no JSON: what stands before an exported log event, or what CloudTrail tries a topic with.
    private mutating func plainText() throws -> Step {
        let start = Int(window.index[position])
        let text = UnsafeBufferPointer(start: window.text, count: reader.textCount)[start...]
        // What it is can be told when there is enough of it, and what it costs when it is known whether a line bounds it.
        guard isFinal || text.count > ExportedLine.longest && reader.isLines != nil && position + 1 < window.indexCount
        else { return .needsMore }
        let message = RecordKind.validationMessage
        var reason = "a record must be a JSON object"
        if let prefix = ExportedLine.prefix(text) {
            if text.dropFirst(prefix).first == UInt8(ascii: "{") {
                advance(to: start + prefix)
                return .goOn
            }
            reason = "an exported log event that is no JSON object"
        } else if text.starts(with: message),
            text.dropFirst(message.count).first.map({ $0 <= UInt8(ascii: " ") }) ?? true
        {
            reader.noteHousekeeping()
            advance(to: start + message.count)
            return .goOn
        }
        return try abandon(reason, number: try reader.takeNumber())
    }

    /// Passes over the tokens before an offset.
    private mutating func advance(to offset: Int) {
        while position < window.indexCount, Int(window.index[position]) < offset { position += 1 }
    }

    /// Reports what is wrong with the text of a member that holds no records.
    private func noteDefect(from: Int, to: Int) throws {
        let start = Int(window.index[from])
        guard let defect = window.defect(from: start, to: tokenEnd(to - 1)) else { return }
        try note(
            .file,
            "\(defect.reason.description) at byte \(reader.windowOffset + defect.offset)",
            from: from,
            to: to
        )
    }

    /// Notes that the object at hand is a control message, when the member whose key is at a position says so.
    private func noteControl(_ key: Int) {
        guard let last = reader.frames.indices.last, cursor.slice(key).isString("messageType") else { return }
        let isControl = cursor.slice(key + 2).isString(RecordKind.controlMessage)
        if isControl, !reader.frames[last].isControl { reader.noteHousekeeping() }
        reader.frames[last].isControl = isControl
    }

    /// A value that is not JSON: it is passed over when its brackets pair, and given up with all that follows when not.
    private mutating func recover(_ offset: Int, _ reason: String, in array: Bool) throws -> Step {
        let isCut = isLines && hasLineEnd(before: offset)
        let reason = isCut ? Self.cutLine : "\(reason) at byte \(reader.windowOffset + offset)"
        guard array || !isLines else { return try abandon(reason, number: try reader.takeNumber()) }
        switch scanner.pairing(window, from: position) {
        case .end(let end):
            guard isFinal || end < window.indexCount else { return .needsMore }
            guard !array || end == window.indexCount || isBoundary(end), !(isLines && spansLines(end)) else { break }
            try note(.record, reason, from: position, to: end, number: try reader.takeNumber())
            position = end
            if array { expect(.commaOrEnd) }
            return .goOn
        case .ranOut where !isFinal:
            return .needsMore
        case .unpaired, .ranOut:
            break
        }
        return try abandon(reason, number: try reader.takeNumber())
    }

    /// The value goes on behind the window, unless its line ends there.
    private mutating func wait() throws -> Step {
        guard isLines, isFinal else { return .needsMore }
        return try abandon(Self.cutLine, number: try reader.takeNumber())
    }

    private static let cutLine = "the line ends inside a record"

    /// True when a record may end before this token.
    private func isBoundary(_ end: Int) -> Bool {
        cursor.byte(at: end) == UInt8(ascii: ",") || cursor.byte(at: end) == UInt8(ascii: "]")
    }

    /// True when there is a line end between the position and another.
    private func spansLines(_ end: Int) -> Bool {
        hasLineEnd(before: Int(window.index[end - 1]))
    }

    /// True when there is a line end between the position and an offset.
    private func hasLineEnd(before offset: Int) -> Bool {
        let text = UnsafeBufferPointer(start: window.text, count: window.count)
        return text.firstLineEnd(from: Int(window.index[position])).map { $0 < offset } ?? false
    }

    /// Gives up the rest of the line, or of the file.
    private mutating func abandon(_ reason: String, number: Int?) throws -> Step {
        let start = Int(window.index[position])
        reader.frames.removeAll(keepingCapacity: true)
        guard isLines else {
            let rest = UnsafeBufferPointer(start: window.text + start, count: max(reader.textCount - start, 0))
            let reason = "\(reason); the rest of the \(reader.context.noun) is left out"
            try reader.note(.file, at: start, record: number, reason: reason, raw: rest)
            reader.skip = .rest
            return .goOn
        }
        let text = UnsafeBufferPointer(start: window.text, count: window.count)
        let end = text.firstLineEnd(from: start)
        if end == nil, !isFinal { reader.skip = .line }
        let line = UnsafeBufferPointer(rebasing: text[start..<(end ?? text.count)])
        try reader.note(.record, at: start, record: number ?? (try reader.takeNumber()), reason: reason, raw: line)
        advance(to: end ?? text.count)
        return .goOn
    }

    private var scanner: RecordScanner { reader.scanner }

    private var isLines: Bool { reader.isLines == true }

    private mutating func enter(_ kind: ContainerFrame.Kind) throws {
        if isLines, reader.frames.isEmpty {
            let text = UnsafeBufferPointer(start: window.text, count: window.count)
            let end = text.firstLineEnd(from: Int(window.index[position]))
            reader.lineEnd = end.map { $0 + reader.windowOffset } ?? .max
        }
        var frame = ContainerFrame(kind: kind)
        if kind == .object, !reader.frames.isEmpty {
            frame.start = (reader.windowOffset + Int(window.index[position]), try reader.found())
        }
        reader.frames.append(frame)
        position += 1
    }

    /// Leaves a level; an object in an array that gave nothing counts as a record, as anything else there would.
    private mutating func leave() throws {
        let frame = reader.frames.removeLast()
        if let start = frame.start, try reader.found() == start.found {
            let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            try reader.note(
                .record,
                at: start.offset - reader.windowOffset,
                record: try reader.takeNumber(),
                reason: "no records",
                raw: nothing
            )
        }
        position += 1
        expect(.commaOrEnd)
    }

    private func expect(_ expectation: ContainerFrame.Expectation) {
        guard let last = reader.frames.indices.last else { return }
        reader.frames[last].expects = expectation
    }

    /// True when the object at the position is a container by its first key.
    private func beginsContainer() -> Bool {
        position + 3 < window.indexCount && cursor.byte(at: position + 1) == UInt8(ascii: "\"")
            && cursor.byte(at: position + 2) == UInt8(ascii: ":") && arrayOfRecords(position + 1) != nil
    }

    /// The kind of array of records under the key at a position, when there is one.
    private func arrayOfRecords(_ key: Int) -> ContainerFrame.Kind? {
        guard cursor.byte(at: key + 2) == UInt8(ascii: "[") else { return nil }
        let field = KnownFieldTable.shared.find(escaped: cursor.stringBytes(key))
        return KnownField(rawValue: field).flatMap { ContainerFrame.Kind($0) }
    }

    /// Reports what stands between two positions.
    private func note(_ scope: InputProblem.Scope, _ reason: String, from: Int, to: Int, number: Int? = nil) throws {
        let start = Int(window.index[from])
        let end = to > from ? min(tokenEnd(to - 1), reader.textCount) : start
        let raw = UnsafeBufferPointer(start: window.text + start, count: max(end - start, 0))
        try reader.note(scope, at: start, record: number, reason: reason, raw: raw)
    }

    /// The offset behind the last byte of the token at a position.
    private func tokenEnd(_ position: Int) -> Int {
        let byte = cursor.byte(at: position)
        // What follows a bracket or comma may have been left out of the index.
        if byte == UInt8(ascii: ",") || ContainerFrame.isBracket(byte) { return Int(window.index[position]) + 1 }
        var end = Int(window.index[position + 1])
        while end > Int(window.index[position]) + 1, window.text[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        return end
    }
}
