import MHPipeKit

/// A table as it stands in a file: rows of values under the names of columns.
///
/// Values are JSON texts without white space between their tokens, for strings what stands between the quotes.
struct TableContent {
    /// A value, by its place in `text`.
    struct Cell {
        var kind: JSONKind
        var range: Range<Int>
    }

    struct Row {
        /// The line that it begins on, from 1.
        var line: Int
        /// One for each column, nil where there is none.
        var cells: [Cell?]
    }

    /// The names, each once.
    var columns: [String] = []
    var rows: [Row] = []
    let text = OutputBuffer()
    /// True when the rows have keys that are no column, and stand in the first cell.
    var hasOwnKeys = false
    /// True when each row is one value under its own key.
    var isPlain = false

    /// The number of a column; a new one is added.
    mutating func column(_ name: String) -> Int {
        if let known = columns.firstIndex(of: name) { return known }
        columns.append(name)
        return columns.count - 1
    }

    /// Keeps the text of a string.
    func cell(string: [UInt8]) -> Cell {
        var escaped: [UInt8] = []
        JSONText.escape(string, into: &escaped)
        return cell(.string, escaped)
    }

    /// Keeps the value at a position of a text.
    func cell(_ cursor: JSONCursor, _ position: Int) -> Cell? {
        let slice = cursor.slice(position)
        guard !slice.isAbsent else { return nil }
        guard slice.kind == .object || slice.kind == .array else { return unsafe cell(slice.kind, Array(slice.bytes)) }
        let start = text.count
        cursor.appendCompact(position, to: text)
        return Cell(kind: slice.kind, range: start..<text.count)
    }

    private func cell(_ kind: JSONKind, _ bytes: [UInt8]) -> Cell {
        text.append(bytes)
        return Cell(kind: kind, range: text.count - bytes.count..<text.count)
    }

    /// Where a cell stands; valid as long as nothing is added.
    func slice(_ cell: Cell) -> JSONSlice {
        unsafe JSONSlice(kind: cell.kind, bytes: UnsafeBufferPointer(rebasing: text.bytes[cell.range]))
    }

    /// What a table file cannot be, and on which line.
    struct Mistake: Error {
        var line: Int
        var reason: String
    }
}
