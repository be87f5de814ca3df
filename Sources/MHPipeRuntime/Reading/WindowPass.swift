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
                enter(.object)
                return .goOn
            }
            return try object(in: nil)
        case UInt8(ascii: "["):
            enter(.bare)
            return .goOn
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            return try abandon("expected a JSON value", number: nil)
        default:
            guard isFinal || position + 1 < window.indexCount else { return .needsMore }
            return try abandon("a record must be a JSON object", number: reader.takeNumber())
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
            leave()
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
        if let kind = arrayOfRecords(position) {
            expect(.commaOrEnd)
            position += 2
            enter(kind)
            return .goOn
        }
        switch scanner.scanValue(window, at: position + 2, fields: reader.fields) {
        case .complete(let end):
            guard isFinal || end < window.indexCount else { return .needsMore }
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
            leave()
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
            try note(.record, "a record must be a JSON object", from: position, to: end, number: reader.takeNumber())
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
                return try abandon(Self.cutLine, number: reader.takeNumber())
            }
            try take(end, frame)
            return .goOn
        case .incomplete:
            // A container may be larger than any window; its records are not.
            guard holdsRecords(in: frame) else { return try wait() }
            enter(.object)
            return .goOn
        case .malformed(let offset, let reason):
            // The records before the damage in a container are none the worse for it.
            guard !holdsRecords(in: frame) else {
                enter(.object)
                return .goOn
            }
            return try recover(offset, reason.description, in: frame != nil)
        }
    }

    /// True when an array of records was seen in an object before its scan stopped.
    private func holdsRecords(in frame: ContainerFrame.Kind?) -> Bool {
        let isSeen = ContainerFrame.Kind.fields.contains { field in
            let place = Int(reader.fields[field.rawValue])
            return place > 0 && place < window.indexCount && cursor.byte(at: place) == UInt8(ascii: "[")
        }
        return isSeen && (frame == nil || frame == .bare) && !RecordKind.isEvent(reader.fields)
    }

    /// A whole object: an event, something that holds events, or something else.
    private mutating func take(_ end: Int, _ frame: ContainerFrame.Kind?) throws {
        let kind = RecordKind(reader.fields, cursor, in: frame)
        if case .container = kind {
            enter(.object)
            return
        }
        let start = Int(window.index[position])
        let length = Int(window.index[end - 1]) + 1 - start
        if case .digest = kind, frame == nil {
            reader.consumer.noteDigest()
        } else if let defect = window.defect(from: start, to: start + length) {
            let reason = "\(defect.reason.description) at byte \(reader.windowOffset + defect.offset)"
            try note(.record, reason, from: position, to: end, number: reader.takeNumber())
        } else if length > reader.maxRecordBytes {
            let reason = "a record of more than \(reader.maxRecordBytes) bytes (max_record_bytes)"
            try note(.record, reason, from: position, to: end, number: reader.takeNumber())
        } else {
            let number = reader.takeNumber()
            let place = RecordCollector.Place(
                position: position,
                end: end,
                number: number,
                offset: reader.windowOffset + start
            )
            if let reason = try reader.collector.add(kind, place, fields: reader.fields) {
                try note(.record, reason, from: position, to: end, number: number)
            }
        }
        position = end
        if frame != nil { expect(.commaOrEnd) }
    }

    /// A value that is not JSON: it is passed over when its brackets pair, and given up with all that follows when not.
    private mutating func recover(_ offset: Int, _ reason: String, in array: Bool) throws -> Step {
        let isCut = isLines && hasLineEnd(before: offset)
        let reason = isCut ? Self.cutLine : "\(reason) at byte \(reader.windowOffset + offset)"
        guard array || !isLines else { return try abandon(reason, number: reader.takeNumber()) }
        switch scanner.pairing(window, from: position) {
        case .end(let end):
            guard isFinal || end < window.indexCount else { return .needsMore }
            guard !array || end == window.indexCount || isBoundary(end), !(isLines && spansLines(end)) else { break }
            try note(.record, reason, from: position, to: end, number: reader.takeNumber())
            position = end
            if array { expect(.commaOrEnd) }
            return .goOn
        case .ranOut where !isFinal:
            return .needsMore
        case .unpaired, .ranOut:
            break
        }
        return try abandon(reason, number: reader.takeNumber())
    }

    /// The value goes on behind the window, unless its line ends there.
    private mutating func wait() throws -> Step {
        guard isLines, isFinal else { return .needsMore }
        return try abandon(Self.cutLine, number: reader.takeNumber())
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
            try note(
                .file,
                "\(reason); the rest of the file is left out",
                from: position,
                to: window.indexCount,
                number: number
            )
            reader.skip = .rest
            return .goOn
        }
        let text = UnsafeBufferPointer(start: window.text, count: window.count)
        let end = text.firstLineEnd(from: start)
        if end == nil, !isFinal { reader.skip = .line }
        let line = UnsafeBufferPointer(rebasing: text[start..<(end ?? text.count)])
        try reader.note(.record, at: start, record: number ?? reader.takeNumber(), reason: reason, raw: line)
        while position < window.indexCount, Int(window.index[position]) < (end ?? text.count) { position += 1 }
        return .goOn
    }

    private var scanner: RecordScanner { reader.scanner }

    private var isLines: Bool { reader.isLines == true }

    private mutating func enter(_ kind: ContainerFrame.Kind) {
        if isLines, reader.frames.isEmpty {
            let text = UnsafeBufferPointer(start: window.text, count: window.count)
            let end = text.firstLineEnd(from: Int(window.index[position]))
            reader.lineEnd = end.map { $0 + reader.windowOffset } ?? .max
        }
        reader.frames.append(ContainerFrame(kind: kind))
        position += 1
    }

    private mutating func leave() {
        reader.frames.removeLast()
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
        var end = start
        if to > from { end = to == window.indexCount ? reader.textCount : tokenEnd(to - 1) }
        let raw = UnsafeBufferPointer(start: window.text + start, count: max(end - start, 0))
        try reader.note(scope, at: start, record: number, reason: reason, raw: raw)
    }

    /// The offset behind the last byte of the token at a position that is not the last one.
    private func tokenEnd(_ position: Int) -> Int {
        let byte = cursor.byte(at: position)
        // What follows a bracket or comma may have been left out of the index.
        if byte == UInt8(ascii: ",") || ContainerFrame.isBracket(byte) { return Int(window.index[position]) + 1 }
        var end = Int(window.index[position + 1])
        while end > Int(window.index[position]) + 1, window.text[end - 1] <= UInt8(ascii: " ") { end -= 1 }
        return end
    }
}
