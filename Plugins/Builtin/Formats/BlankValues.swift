import MHPipeKit

/// Which values of a record say nothing: `null`, empty texts, and objects and lists in which there is nothing else.
///
/// Elastic's integration takes them out of a record before it looks at anything. They are found in one walk over the
/// record, with the ends of its objects and lists, so that no part of it is walked again for each level that it is in.
/// One instance serves all events of a transform.
final class BlankValues {
    private struct Mark {
        /// The position behind the value.
        var end = 0
        var isBlank = true
        /// True where something inside is blank.
        var hasBlanks = false
    }

    /// The position of the record, whose tokens have a mark each; only those of values mean anything.
    private var start = 0
    private var marks: [Mark] = []
    private var open: [Int] = []

    /// Takes another record.
    func read(_ record: Int, _ cursor: JSONCursor) {
        start = record
        marks.removeAll(keepingCapacity: true)
        open.removeAll(keepingCapacity: true)
        var position = record
        repeat {
            switch cursor.byte(at: position) {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                marks.append(Mark())
                open.append(position)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                marks.append(Mark())
                if let opened = open.popLast() { close(opened, end: position + 1) }
            case UInt8(ascii: ","), UInt8(ascii: ":"): marks.append(Mark())
            case UInt8(ascii: "\"") where cursor.byte(at: position + 1) == UInt8(ascii: ":"): marks.append(Mark())
            case UInt8(ascii: "\""):
                append(end: position + 1, isBlank: unsafe cursor.stringBytes(position).isEmpty)
            case let first: append(end: position + 1, isBlank: first == UInt8(ascii: "n"))
            }
            position += 1
        } while !open.isEmpty
    }

    /// True for a value of the record that says nothing.
    func isBlank(_ position: Int) -> Bool { marks[position - start].isBlank }

    /// How many objects and lists stand in each other in a value, itself included, without those that say nothing.
    func depth(of position: Int, _ cursor: JSONCursor) -> Int {
        var (depth, deepest, next) = (0, 0, position)
        repeat {
            switch cursor.byte(at: next) {
            case UInt8(ascii: "{") where isBlank(next), UInt8(ascii: "[") where isBlank(next): next = end(of: next) - 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            next += 1
        } while depth > 0
        return deepest
    }

    /// Walks what stands directly in an object or array of the record, blank or not.
    func forEachPart(of position: Int, _ cursor: JSONCursor, _ body: (_ start: Int, _ value: Int) -> Void) {
        let isObject = cursor.byte(at: position) == UInt8(ascii: "{")
        guard isObject || cursor.byte(at: position) == UInt8(ascii: "[") else { return }
        var next = position + 1
        let last = end(of: position) - 1
        while next < last {
            let value = isObject ? next + 2 : next
            body(next, value)
            // Behind a value stands a comma, or the last bracket.
            next = end(of: value) + 1
        }
    }

    /// Gives a value of the record to the rewriter without what is blank in it.
    func write(_ position: Int, _ cursor: JSONCursor, to rewriter: RecordRewriter) {
        guard marks[position - start].hasBlanks else {
            return rewriter.append(copyOf: position..<end(of: position))
        }
        let isObject = cursor.byte(at: position) == UInt8(ascii: "{")
        rewriter.append(token: cursor.byte(at: position))
        var isEmpty = true
        forEachPart(of: position, cursor) { start, value in
            guard !isBlank(value) else { return }
            if !isEmpty { rewriter.append(token: UInt8(ascii: ",")) }
            isEmpty = false
            if isObject { rewriter.append(copyOf: start..<value) }
            write(value, cursor, to: rewriter)
        }
        rewriter.append(token: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    private func end(of position: Int) -> Int { marks[position - start].end }

    private func append(end: Int, isBlank: Bool) {
        marks.append(Mark(end: end, isBlank: isBlank))
        tell(Mark(isBlank: isBlank))
    }

    private func close(_ position: Int, end: Int) {
        marks[position - start].end = end
        tell(marks[position - start])
    }

    /// Notes in what is around a value what the value is.
    private func tell(_ mark: Mark) {
        guard let outer = open.last else { return }
        if !mark.isBlank { marks[outer - start].isBlank = false }
        if mark.isBlank || mark.hasBlanks { marks[outer - start].hasBlanks = true }
    }
}
