import MHPipeKit

extension TableContent {
    /// Reads one JSON text: an array of objects, each a row, or an object whose keys are the keys of the table.
    ///
    /// - Throws: `Mistake` for anything else.
    init(json bytes: [UInt8]) throws(Mistake) {
        let text = try Self.index(bytes, firstLine: 1)
        // A cursor does not keep its text.
        defer { withExtendedLifetime(text) {} }
        let cursor = JSONCursor(text)
        let lines = LineNumbers(bytes)
        func line(_ position: Int) -> Int { unsafe lines.number(of: Int(text.index[position])) }
        switch cursor.byte(at: 0) {
        case UInt8(ascii: "["):
            var failure: Mistake?
            cursor.forEachPart(of: 0) { part in
                guard failure == nil else { return }
                failure = add(cursor, part.value, line: line(part.start))
            }
            if let failure { throw failure }
        case UInt8(ascii: "{"):
            hasOwnKeys = true
            var parts: [JSONPart] = []
            cursor.forEachPart(of: 0) { parts.append($0) }
            isPlain = parts.first.map { cursor.byte(at: $0.value) != UInt8(ascii: "{") } ?? false
            _ = column("")
            if isPlain { _ = column("value") }
            for part in parts {
                let key = unsafe cell(string: Array(JSONText.decode(cursor.stringBytes(part.start)).utf8))
                let isObject = cursor.byte(at: part.value) == UInt8(ascii: "{")
                guard isObject != isPlain else {
                    let reason = "some keys have objects and others plain values"
                    throw Mistake(line: line(part.start), reason: reason)
                }
                guard !isPlain else {
                    rows.append(Row(line: line(part.start), cells: [key, cell(cursor, part.value)]))
                    continue
                }
                if let failure = add(cursor, part.value, line: line(part.start), key: key) { throw failure }
            }
        default:
            throw Mistake(line: 1, reason: "a table is an array of objects, or an object with the keys of the table")
        }
    }

    /// Reads JSON lines, each an object.
    ///
    /// - Throws: `Mistake` for anything else.
    init(jsonLines bytes: [UInt8]) throws(Mistake) {
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { $0 > 0x20 }) {
            let text = try Self.index(Array(line), firstLine: number + 1)
            defer { withExtendedLifetime(text) {} }
            let cursor = JSONCursor(text)
            if let failure = add(cursor, 0, line: number + 1) { throw failure }
        }
    }

    /// Adds a row of an object; what is wrong with it, when it is none.
    private mutating func add(_ cursor: JSONCursor, _ position: Int, line: Int, key: Cell? = nil) -> Mistake? {
        guard cursor.byte(at: position) == UInt8(ascii: "{") else {
            return Mistake(line: line, reason: "a row of a table is an object")
        }
        var cells: [Cell?] = [key]
        if key == nil { cells = [] }
        cursor.forEachPart(of: position) { part in
            let name = unsafe JSONText.decode(cursor.stringBytes(part.start))
            let column = column(name)
            while cells.count <= column { cells.append(nil) }
            cells[column] = cell(cursor, part.value)
        }
        rows.append(Row(line: line, cells: cells))
        return nil
    }

    private static func index(_ bytes: [UInt8], firstLine: Int) throws(Mistake) -> IndexedText {
        guard let text = IndexedText(copying: bytes) else {
            throw Mistake(line: firstLine, reason: "a string is not closed")
        }
        let lines = LineNumbers(bytes)
        func mistake(_ offset: Int) -> Mistake {
            Mistake(line: firstLine - 1 + lines.number(of: offset), reason: "this is no JSON text (RFC 8259)")
        }
        if let defect = text.defects.first { throw mistake(defect.offset) }
        guard text.indexCount > 0 else { throw mistake(bytes.count) }
        var fields = [UInt32](repeating: 0, count: KnownField.count)
        switch unsafe RecordScanner().scanValue(text, at: 0, fields: &fields) {
        case .complete(let end):
            guard end == text.indexCount else { throw unsafe mistake(Int(text.index[end])) }
            return text
        case .incomplete: throw mistake(bytes.count)
        case .malformed(let offset, _): throw mistake(offset)
        }
    }

    /// The lines of a text, by the offsets of what stands on them.
    private struct LineNumbers {
        private let ends: [Int]

        init(_ bytes: [UInt8]) {
            ends = bytes.indices.filter { bytes[$0] == 0x0A }
        }

        /// The number of the line, from 1, of a byte.
        func number(of offset: Int) -> Int {
            var range = ends.startIndex..<ends.endIndex
            while !range.isEmpty {
                let middle = range.lowerBound + range.count / 2
                range = ends[middle] < offset ? middle + 1..<range.upperBound : range.lowerBound..<middle
            }
            return range.lowerBound + 1
        }
    }
}
