/// Writes the records of a batch anew: what is not changed keeps its bytes, white space and all.
///
/// What transforms have added to the batch becomes part of its records first, so that an edit meets one object, whatever
/// part of it stands where. Edits of a record are given in the order of its tokens, by their positions in the index; the
/// text between them is copied with its part of the index, and never looked at again but by the scan that finds the known
/// fields. A batch in which nothing was edited stays as it was, and a record that would nest too deep once it is edited is
/// rejected. Used on one queue; the memory is used again for the next batch, as that of any window.
package final class RecordRewriter {
    private let folded = RecordText()
    private let edited = RecordText()
    /// The text of the record at hand, and the first of its tokens that was not copied yet.
    private var source: JSONCursor?
    private var next = 0
    private var isEdited = false

    /// Why a record is rejected that would nest deeper than what is read.
    package static let tooDeep = "nests more than \(RecordScanner.maximumDepth) levels deep when it is written anew"

    package init() {}

    /// Edits every selected record of a batch.
    ///
    /// - Parameters:
    ///   - batch: The batch, whose records are replaced.
    ///   - edit: Called for each record with the text that its positions stand in, and the position of its first brace.
    /// - Throws: What `edit` throws; `StageError` when a batch gets too large.
    package func rewrite(_ batch: EventBatch, _ edit: (_ cursor: JSONCursor, _ record: Int, _ row: Int) throws -> Void)
        throws
    {
        try fold(batch)
        isEdited = false
        edited.begin()
        let cursor = unsafe JSONCursor(batch.window)
        source = cursor
        var selected = batch.selection.makeIterator()
        var selection = selected.next()
        for row in 0..<batch.rowCount {
            let record = unsafe batch.rows.records[row]
            guard row == selection else {
                edited.skipRecord(number: record.number)
                continue
            }
            selection = selected.next()
            edited.beginRecord(number: record.number)
            next = Int(record.position)
            try edit(cursor, next, row)
            copy(to: Int(record.endPosition))
            try edited.endRecord()
        }
        if isEdited { replaceRecords(of: batch, edited) }
    }

    /// Puts new records in the place of a batch's own; what cannot be a record leaves the batch as it was before.
    private func replaceRecords(of batch: EventBatch, _ text: RecordText) {
        var refused: [Int: String] = [:]
        let window = text.finish { refused[$0] = $1 }
        batch.reject(rows: refused)
        batch.replaceRecords(window, text.rows)
    }

    /// Leaves tokens out.
    package func drop(_ tokens: Range<Int>) {
        copy(to: tokens.lowerBound)
        next = tokens.upperBound
        isEdited = true
    }

    /// Puts a string in the place of tokens; `bytes` stand between its quotes as they are.
    package func replace(_ tokens: Range<Int>, string bytes: UnsafeBufferPointer<UInt8>) {
        drop(tokens)
        unsafe edited.append(string: bytes)
    }

    /// Puts a text that is one valid JSON value in the place of tokens.
    package func replace(_ tokens: Range<Int>, json: UnsafeBufferPointer<UInt8>) {
        drop(tokens)
        unsafe edited.append(json: json)
    }

    /// Puts a member in before a token, with a comma before it unless it is the first; the value is copied.
    package func insert(key: [UInt8], copyOf value: Range<Int>, isFirst: Bool, before token: Int) {
        copy(to: token)
        isEdited = true
        if !isFirst { edited.append(token: UInt8(ascii: ",")) }
        unsafe key.withUnsafeBufferPointer { unsafe edited.append(string: $0) }
        edited.append(token: UInt8(ascii: ":"))
        if let source { edited.append(source, value) }
    }

    /// Appends a bracket, brace, comma or colon of what stands in the place of tokens that were dropped.
    package func append(token byte: UInt8) { edited.append(token: byte) }

    /// Appends a string; `bytes` stand between its quotes as they are.
    package func append(string bytes: UnsafeBufferPointer<UInt8>) { unsafe edited.append(string: bytes) }

    /// Appends a number or literal.
    package func append(scalar bytes: UnsafeBufferPointer<UInt8>) { unsafe edited.append(scalar: bytes) }

    /// Appends tokens of the record at hand, with what stands between them.
    package func append(copyOf tokens: Range<Int>) {
        if let source, !tokens.isEmpty { edited.append(source, tokens) }
    }

    private func copy(to token: Int) {
        if next < token, let source { edited.append(source, next..<token) }
        next = max(next, token)
    }

    /// Makes what transforms have added part of the records, in the place of what it hides.
    private func fold(_ batch: EventBatch) throws {
        guard batch.columns.contains(where: { column in batch.selection.contains { column.isSet(row: $0) } }) else {
            return
        }
        let cursor = unsafe JSONCursor(batch.window)
        let columns = batch.columns.map { (column: $0, name: Array($0.name.utf8)) }
        folded.begin()
        var selected = batch.selection.makeIterator()
        var selection = selected.next()
        for row in 0..<batch.rowCount {
            let record = unsafe batch.rows.records[row]
            guard row == selection else {
                folded.skipRecord(number: record.number)
                continue
            }
            selection = selected.next()
            folded.beginRecord(number: record.number)
            let set = columns.filter { $0.column.isSet(row: row) }
            let isEmpty = copy(cursor, record, without: set.map(\.name))
            for (place, column) in set.enumerated() {
                if place > 0 || !isEmpty { folded.append(token: UInt8(ascii: ",")) }
                unsafe column.column.layout.escapedName.withUnsafeBufferPointer { unsafe folded.append(string: $0) }
                folded.append(token: UInt8(ascii: ":"))
                folded.append(column.column, row)
            }
            folded.append(token: UInt8(ascii: "}"))
            try folded.endRecord()
        }
        replaceRecords(of: batch, folded)
    }

    /// Copies a record up to its last brace without the members of some names; true when it has none then.
    private func copy(_ cursor: JSONCursor, _ record: RowTable.Record, without names: [[UInt8]]) -> Bool {
        var start = Int(record.position)
        let end = Int(record.endPosition) - 1
        var member = start + 1
        var kept: Int?
        while member < end {
            let behind = cursor.skip(member + 2)
            let after = cursor.byte(at: behind) == UInt8(ascii: ",") ? behind + 1 : behind
            let isHidden = names.contains { name in
                unsafe name.withUnsafeBufferPointer { unsafe cursor.keyEquals(member, $0) }
            }
            if isHidden {
                let drop = kept.map { $0..<behind } ?? member..<after
                if start < drop.lowerBound { folded.append(cursor, start..<drop.lowerBound) }
                start = drop.upperBound
            } else {
                kept = behind
            }
            member = after
        }
        if start < end { folded.append(cursor, start..<end) }
        return kept == nil
    }
}
