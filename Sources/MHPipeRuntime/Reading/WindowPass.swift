import MHPipeKit
import MHPipePlan

/// One pass of a document reader over one window.
///
/// What it makes of a value does not depend on where the window ends: it asks for more text until the value's end is
/// there, or so much of it that it is too large.
struct WindowPass {
    let reader: DocumentReader
    let window: IndexedText
    let cursor: JSONCursor
    /// Where a string begins that is not closed, or the end of the window.
    private let limit: Int
    let isFinal: Bool
    /// True when the document is a line.
    let isLine: Bool
    var position = 0
    /// What the index has less than whole, of the rest of the window.
    private var proven: ArraySlice<ProvenRecords>

    enum Step {
        case goOn
        /// The value at the position goes on behind the window.
        case needsMore
    }

    /// - Parameters:
    ///   - reader: The reader.
    ///   - window: The window.
    ///   - limit: Where a string begins that is not closed, or the end of the window.
    ///   - isFinal: True when the document ends with the window.
    ///   - isLine: True when the document is a line.
    ///   - proven: The records that its index has less than whole.
    init(
        reader: DocumentReader,
        window: IndexedText,
        limit: Int,
        isFinal: Bool,
        isLine: Bool,
        proven: [ProvenRecords] = []
    ) {
        self.proven = proven[...]
        self.reader = reader
        self.window = window
        self.limit = limit
        self.isFinal = isFinal
        self.isLine = isLine
        cursor = JSONCursor(window)
    }

    /// Goes through the window.
    ///
    /// - Returns: Up to where all is done; what stands there goes on behind the window.
    /// - Throws: What the consumer throws.
    mutating func run() throws -> Int {
        try passProven()
        while position < window.indexCount {
            let step = try unsafe reader.frames.last.map { try inside($0) } ?? top()
            if case .needsMore = step { return unsafe Int(window.index[position]) }
            if reader.isSkipping { return window.count }
            try passProven()
        }
        return limit
    }

    /// Counts the records that are left out of the index at the position, and takes those that it has the outlines of.
    mutating func passProven() throws {
        while let next = proven.first, next.position == position {
            proven.removeFirst()
            switch next.fate {
            case .dropped(let count):
                try reader.collector.takeNumbers(count.all)
                reader.consumer.noteDropped(count)
            case .outlined(let count):
                unsafe reader.fields.update(repeating: 0, count: KnownField.count)
                for _ in 0..<count { try takeOutline() }
            }
            expect(.commaOrEnd)
        }
    }

    /// Takes the record whose outline stands at the position.
    private mutating func takeOutline() throws {
        let end = position + 2
        try unsafe reader.collector.add(position, to: end, fields: reader.fields)
        position = end
    }

    /// Reads a line that is one sound object, not too large, and holds no others.
    ///
    /// - Parameter lineEnd: The offset of the end of the line at the position.
    /// - Returns: False, with nothing done, when the line is anything else.
    /// - Throws: What the consumer throws.
    mutating func takeLine(to lineEnd: Int) throws -> Bool {
        let first = position
        if cursor.byte(at: first) != UInt8(ascii: "{") {
            let start = unsafe Int(window.index[first])
            guard let prefix = unsafe ExportedLine.prefix(text[start..<lineEnd]) else { return false }
            advance(to: start + prefix)
        }
        guard position < window.indexCount, cursor.byte(at: position) == UInt8(ascii: "{"),
            !beginsContainer(before: lineEnd),
            case .complete(let end) = unsafe scanner.scan(window, from: position, fields: reader.fields),
            unsafe Int(window.index[end - 1]) < lineEnd,
            unsafe end == window.indexCount || Int(window.index[end]) >= lineEnd,
            length(position, end) <= maxRecordBytes, case let kind = RecordKind(object, in: nil), !kind.isContainer
        else {
            position = first
            return false
        }
        try take(kind, end, nil)
        return true
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
            return try abandon("expected a JSON value")
        default:
            return try plainText()
        }
    }

    /// The next token of a level above the records.
    private mutating func inside(_ frame: ContainerFrame) throws -> Step {
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
            guard frame.kind != .object, byte == UInt8(ascii: "{") else { return try abandon(wanted) }
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
            return try abandon("expected a key in double quotes")
        }
        guard position + 2 < window.indexCount else { return try more(.file) }
        guard cursor.byte(at: position + 1) == UInt8(ascii: ":") else {
            return try abandon("expected ':' after a key")
        }
        if let kind = arrayOfRecords(position), unsafe !(kind == .logEvents && reader.frames.last?.isControl == true) {
            try noteDefect(from: position, to: position + 1)
            expect(.commaOrEnd)
            position += 2
            try enter(kind)
            return .goOn
        }
        switch unsafe scanner.scanValue(window, at: position + 2, fields: reader.fields) {
        case .complete(let end):
            guard isFinal || end < window.indexCount else { return try more(.file, at: position + 2) }
            guard length(position + 2, end) <= maxRecordBytes else { return try oversized(.file, at: position + 2) }
            noteControl(position)
            try noteDefect(from: position, to: end)
            position = end
            expect(.commaOrEnd)
            return .goOn
        case .incomplete:
            return try more(.file, at: position + 2)
        case .malformed(let offset, _) where isTooFar(offset, from: position + 2):
            return try oversized(.file, at: position + 2)
        case .malformed(let offset, let reason):
            return try abandon(unsafe "\(reason.description) at byte \(reader.windowOffset + offset)")
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
        switch unsafe scanner.scanValue(window, at: position, fields: reader.fields) {
        case .complete(let end):
            guard isFinal || end < window.indexCount else { return try more(.record) }
            guard length(position, end) <= maxRecordBytes else { return try oversized(.record) }
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
            return try more(.record)
        case .malformed(let offset, let reason):
            return try recover(offset, reason.description, in: true)
        }
    }

    /// An object where a record may stand.
    private mutating func object(in frame: ContainerFrame.Kind?) throws -> Step {
        switch unsafe scanner.scan(window, from: position, fields: reader.fields) {
        case .complete(let end):
            let kind = RecordKind(object, in: frame)
            if kind.isContainer { return try enterContainer() }
            guard length(position, end) <= maxRecordBytes else { return try oversized(.record) }
            try take(kind, end, frame)
            return .goOn
        case .incomplete:
            // A container may be larger than any window; its records are not.
            return try object.arrayOfRecords == nil ? more(.record) : enterContainer()
        case .malformed(let offset, let reason):
            // The records before the damage in a container are none the worse for it.
            return try object.arrayOfRecords == nil
                ? recover(offset, reason.description, in: frame != nil) : enterContainer()
        }
    }

    /// Enters the object at the position, unless so much stands before its first array that it counts as too large.
    private mutating func enterContainer() throws -> Step {
        if let array = object.arrayOfRecords, unsafe isTooFar(Int(window.index[array]), from: position) {
            return try oversized(.record)
        }
        try enter(.object)
        return .goOn
    }

    /// The object at the position, which was scanned.
    private var object: ScannedObject {
        unsafe ScannedObject(cursor: cursor, position: position, fields: reader.fields)
    }

    /// A whole object that is no container.
    private mutating func take(_ kind: RecordKind, _ end: Int, _ frame: ContainerFrame.Kind?) throws {
        if let reason = try read(kind, end) {
            try note(.record, reason, from: position, to: end, number: try reader.takeNumber())
        }
        position = end
        if frame != nil { expect(.commaOrEnd) }
    }

    /// Reads what a whole object holds; why that cannot be done, or nil.
    private func read(_ kind: RecordKind, _ end: Int) throws -> String? {
        let start = unsafe Int(window.index[position])
        let length = unsafe Int(window.index[end - 1]) + 1 - start
        if let defect = window.defect(from: start, to: start + length) {
            return unsafe "\(defect.reason.description) at byte \(reader.windowOffset + defect.offset)"
        }
        switch kind {
        case .event:
            try unsafe reader.collector.add(position, to: end, fields: reader.fields)
            return nil
        case .envelope(let envelope, let body):
            let raw = unsafe UnsafeBufferPointer(start: window.text + start, count: length)
            let place = unsafe EnvelopePlace(offset: reader.windowOffset + start, raw: raw)
            return try unsafe reader.collector.open(envelope, body: body, at: place, fields: reader.fields)
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
        let start = unsafe Int(window.index[position])
        let text = unsafe text[start...]
        // What it is can be told when there is enough of it.
        guard unsafe isFinal || text.count > ExportedLine.longest else { return .needsMore }
        let message = RecordKind.validationMessage
        var reason = "a record must be a JSON object"
        if let prefix = unsafe ExportedLine.prefix(text) {
            if unsafe text.dropFirst(prefix).first == UInt8(ascii: "{") {
                advance(to: start + prefix)
                return .goOn
            }
            reason = "an exported log event that is no JSON object"
        } else if unsafe text.starts(with: message),
            unsafe text.dropFirst(message.count).first.map({ $0 <= UInt8(ascii: " ") }) ?? true
        {
            reader.noteHousekeeping()
            advance(to: start + message.count)
            return .goOn
        }
        return try abandon(reason, isRecord: true)
    }

    /// Passes over the tokens before an offset.
    mutating func advance(to offset: Int) {
        while position < window.indexCount, unsafe Int(window.index[position]) < offset { position += 1 }
    }

    /// Notes that the object at hand is a control message, when the member whose key is at a position says so.
    private func noteControl(_ key: Int) {
        guard let last = unsafe reader.frames.indices.last, cursor.slice(key).isString("messageType") else { return }
        let isControl = cursor.slice(key + 2).isString(RecordKind.controlMessage)
        if isControl, unsafe !reader.frames[last].isControl { reader.noteHousekeeping() }
        unsafe reader.frames[last].isControl = isControl
    }

    var text: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: window.text, count: window.count) }

    var scanner: RecordScanner { reader.scanner }

    private mutating func enter(_ kind: ContainerFrame.Kind) throws {
        var frame = ContainerFrame(kind: kind)
        if kind == .object, unsafe !reader.frames.isEmpty {
            frame.start = unsafe (reader.windowOffset + Int(window.index[position]), try reader.found())
        }
        unsafe reader.frames.append(frame)
        position += 1
    }

    /// Leaves a level; an object in an array that gave nothing counts as a record, as anything else there would.
    private mutating func leave() throws {
        let frame = unsafe reader.frames.removeLast()
        if let start = frame.start, try reader.found() == start.found {
            let nothing = unsafe UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            try unsafe reader.note(
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

    func expect(_ expectation: ContainerFrame.Expectation) {
        guard let last = unsafe reader.frames.indices.last else { return }
        unsafe reader.frames[last].expects = expectation
    }

    /// True when the object at the position is a container by its first key.
    private func beginsContainer(before limit: Int = .max) -> Bool {
        // A string that is not closed is the last token of its line.
        unsafe position + 3 < window.indexCount && Int(window.index[position + 2]) < limit
            && cursor.byte(at: position + 1) == UInt8(ascii: "\"")
            && cursor.byte(at: position + 2) == UInt8(ascii: ":") && arrayOfRecords(position + 1) != nil
    }

    /// The kind of array of records under the key at a position, when there is one.
    private func arrayOfRecords(_ key: Int) -> ContainerFrame.Kind? {
        guard cursor.byte(at: key + 2) == UInt8(ascii: "[") else { return nil }
        let field = unsafe KnownFieldTable.shared.find(escaped: cursor.stringBytes(key))
        return KnownField(rawValue: field).flatMap { ContainerFrame.Kind($0) }
    }
}
