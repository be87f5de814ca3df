import MHPipeKit

/// The parts of a record that have been given a place elsewhere, and the rest of it.
///
/// One instance serves all events of a transform, so that its memory is used again.
final class UsedFields {
    /// Index positions of values.
    private var positions: [Int] = []
    /// The empty texts, objects and lists, and `null`, where they are nothing that is left.
    private let blanks: BlankValues?

    init(without blanks: BlankValues? = nil) {
        self.blanks = blanks
    }

    func removeAll() { positions.removeAll(keepingCapacity: true) }

    /// Notes a value that has got a place; 0 is none.
    func insert(_ position: Int) {
        if position > 0 { positions.append(position) }
    }

    /// Writes what is left of a record as an object, under a key; nothing when nothing is left.
    ///
    /// An object of which everything is used, and a `null` at the top of the record, are left out.
    func writeRest(of record: Int, as key: StaticString, _ cursor: JSONCursor, _ writer: RecordWriter) {
        positions.sort()
        var next = 0
        guard hasRest(record, cursor, &next, isTop: true) else { return }
        next = 0
        writer.value(key) { rewriter in write(record, cursor, rewriter, &next, isTop: true) }
    }

    /// True when something is left of a record.
    func hasRest(of record: Int, _ cursor: JSONCursor) -> Bool {
        positions.sort()
        var next = 0
        return hasRest(record, cursor, &next, isTop: true)
    }

    private func hasRest(_ position: Int, _ cursor: JSONCursor, _ next: inout Int, isTop: Bool) -> Bool {
        var isThere = false
        cursor.forEachPart(of: position) { part in
            if !isThere, isLeft(part, cursor, &next, isTop: isTop) { isThere = true }
            pass(part.end, &next)
        }
        return isThere
    }

    private func isLeft(_ part: JSONPart, _ cursor: JSONCursor, _ next: inout Int, isTop: Bool) -> Bool {
        pass(part.value, &next)
        guard next < positions.count, positions[next] < part.end else {
            if let blanks { return !blanks.isBlank(part.value) }
            return !isTop || cursor.byte(at: part.value) != UInt8(ascii: "n")
        }
        guard positions[next] > part.value else { return false }
        guard cursor.byte(at: part.value) == UInt8(ascii: "{") else { return true }
        var below = next
        return hasRest(part.value, cursor, &below, isTop: false)
    }

    /// Passes over what is used before a position.
    private func pass(_ position: Int, _ next: inout Int) {
        while next < positions.count, positions[next] < position { next += 1 }
    }

    private func write(
        _ position: Int,
        _ cursor: JSONCursor,
        _ rewriter: RecordRewriter,
        _ next: inout Int,
        isTop: Bool
    ) {
        rewriter.append(token: UInt8(ascii: "{"))
        var isEmpty = true
        cursor.forEachPart(of: position) { part in
            if isLeft(part, cursor, &next, isTop: isTop) {
                if !isEmpty { rewriter.append(token: UInt8(ascii: ",")) }
                isEmpty = false
                let isWhole = next >= positions.count || positions[next] >= part.end
                if isWhole || cursor.byte(at: part.value) != UInt8(ascii: "{") {
                    rewriter.append(copyOf: part.start..<part.end)
                } else {
                    rewriter.append(copyOf: part.start..<part.value)
                    write(part.value, cursor, rewriter, &next, isTop: false)
                }
            }
            pass(part.end, &next)
        }
        rewriter.append(token: UInt8(ascii: "}"))
    }
}
