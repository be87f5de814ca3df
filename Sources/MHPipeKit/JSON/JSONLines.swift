/// Writes events as JSON lines: the record's own bytes, with what transforms added before its last brace.
///
/// Nothing is encoded anew, so the text of numbers, the order of keys, repeated keys and the difference between null
/// and missing survive. White space between tokens is left out, which keeps an event on one line.
package struct JSONLines {
    package init() {}

    /// Appends the selected events of a batch, a line each.
    package func append(_ batch: EventBatch, to output: OutputBuffer) {
        let cursor = unsafe JSONCursor(batch.window)
        let shadows = batch.columns.map { Shadow($0) }
        for row in batch.selection {
            append(batch, row, cursor, shadows, to: output)
            output.append(0x0A)
        }
    }

    /// Appends one event of a batch, without a line end.
    package func append(_ batch: EventBatch, row: Int, to output: OutputBuffer) {
        unsafe append(batch, row, JSONCursor(batch.window), batch.columns.map { Shadow($0) }, to: output)
    }

    /// The JSON text of one added object, with the keys that are set in a row.
    package static func objectText(of column: AddedColumn, row: Int) -> String {
        let output = OutputBuffer()
        append(column, row, to: output)
        return unsafe String(decoding: output.bytes, as: UTF8.self)
    }

    /// Appends the JSON text of what a column holds in a row.
    package static func append(_ column: AddedColumn, _ row: Int, to output: OutputBuffer) {
        guard !column.members.isEmpty else { return append(column.slice(row: row), to: output) }
        column.appendObject(row, to: output)
    }

    private static func append(_ slice: JSONSlice, to output: OutputBuffer) {
        if slice.kind == .string { output.append(UInt8(ascii: "\"")) }
        unsafe output.append(slice.bytes)
        if slice.kind == .string { output.append(UInt8(ascii: "\"")) }
    }

    /// A column, and how to see whether a record has a key of the same name.
    @safe
    private struct Shadow {
        // The batch keeps its columns; to keep them here as well would be counted several times an event.
        unowned(unsafe) let column: AddedColumn
        let known: KnownField?
        let name: [UInt8]

        init(_ column: AddedColumn) {
            unsafe self.column = column
            known = KnownField.allCases.first { $0.key == column.name }
            name = Array(column.name.utf8)
        }

        func hides(_ batch: EventBatch, _ row: Int, _ cursor: JSONCursor) -> Bool {
            if let known { return unsafe batch.rows.position(of: known, row: row) > 0 }
            return unsafe name.withUnsafeBufferPointer {
                unsafe cursor.find($0, in: Int(batch.rows.records[row].position))
            } >= 0
        }
    }

    private func append(
        _ batch: EventBatch,
        _ row: Int,
        _ cursor: JSONCursor,
        _ shadows: [Shadow],
        to output: OutputBuffer
    ) {
        let record = unsafe batch.rows.records[row]
        // By number, since going through an array's elements keeps each of them alive anew.
        var hidesSome = false
        for number in shadows.indices where shadows[number].hides(batch, row, cursor) {
            if unsafe shadows[number].column.isSet(row: row) { hidesSome = true }
        }
        let isEmpty: Bool
        if !hidesSome {
            unsafe append(record, cursor, batch.recordBytes(row), to: output)
            output.removeLast()
            isEmpty = cursor.byte(at: Int(record.position) + 1) == UInt8(ascii: "}")
        } else {
            let hidden = shadows.filter { unsafe $0.column.isSet(row: row) }.map(\.name)
            isEmpty = appendMembers(cursor, Int(record.position), without: hidden, to: output)
        }
        var needsComma = !isEmpty
        for number in shadows.indices where unsafe shadows[number].column.isSet(row: row) {
            if needsComma { output.append(UInt8(ascii: ",")) }
            needsComma = true
            unsafe output.append(shadows[number].column.encodedName)
            unsafe Self.append(shadows[number].column, row, to: output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Appends an object's brace and its members but for some keys; true when none was left.
    private func appendMembers(
        _ cursor: JSONCursor,
        _ position: Int,
        without hidden: [[UInt8]],
        to output: OutputBuffer
    ) -> Bool {
        output.append(UInt8(ascii: "{"))
        var isEmpty = true
        var next = position + 1
        while cursor.byte(at: next) == UInt8(ascii: "\"") {
            let value = next + 2
            let end = cursor.skip(value)
            let isHidden = hidden.contains { name in
                unsafe name.withUnsafeBufferPointer { unsafe cursor.keyEquals(next, $0) }
            }
            if !isHidden {
                if !isEmpty { output.append(UInt8(ascii: ",")) }
                isEmpty = false
                for token in next..<end { unsafe output.append(cursor.token(token)) }
            }
            next = end
            if cursor.byte(at: next) == UInt8(ascii: ",") { next += 1 }
        }
        return isEmpty
    }

    /// Appends a record without the white space between its tokens.
    private func append(
        _ record: RowTable.Record,
        _ cursor: JSONCursor,
        _ bytes: UnsafeBufferPointer<UInt8>,
        to output: OutputBuffer
    ) {
        let positions = Int(record.position)..<Int(record.endPosition)
        if cursor.isCompact(positions.lowerBound + 1, positions.upperBound) {
            unsafe output.append(bytes)
        } else {
            for token in positions { unsafe output.append(cursor.token(token)) }
        }
    }
}

extension JSONCursor {
    /// Appends the value at a position without the white space between its tokens.
    package func appendCompact(_ position: Int, to output: OutputBuffer) {
        for token in position..<skip(position) { unsafe output.append(self.token(token)) }
    }

    /// True when no token in a range stands behind white space.
    func isCompact(_ start: Int, _ end: Int) -> Bool {
        // All are looked at, and judged at the end: a branch for each token would cost as much again.
        var differences = 0
        for position in start..<end {
            unsafe differences |= Int(text[Int(index[position]) - 1]) - Int(UInt8(ascii: " ")) - 1
        }
        return differences >= 0
    }

    /// The bytes of an object or array, from the position of its bracket to the one behind it.
    func bytes(from start: Int, to end: Int) -> UnsafeBufferPointer<UInt8> {
        let first = unsafe Int(index[start])
        return unsafe UnsafeBufferPointer(start: text + first, count: Int(index[end - 1]) + 1 - first)
    }

    /// The bytes of one token, with the quotes of a string.
    func token(_ position: Int) -> UnsafeBufferPointer<UInt8> {
        let start = unsafe Int(index[position])
        switch unsafe text[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
            UInt8(ascii: ":"):
            return unsafe UnsafeBufferPointer(start: text + start, count: 1)
        case UInt8(ascii: "\""):
            return unsafe UnsafeBufferPointer(start: text + start, count: stringBytes(position).count + 2)
        default:
            return unsafe slice(position).bytes
        }
    }
}
