import MHPipeKit

extension TableContent {
    /// Reads comma-separated values (RFC 4180) whose first line names the columns.
    ///
    /// Lines end in LF or CRLF; a byte order mark and empty lines are passed over.
    ///
    /// - Throws: `Mistake` for a quote that is not closed, and for rows that do not have a cell for each column.
    init(csv bytes: [UInt8]) throws(Mistake) {
        var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        if String(validating: rest, as: UTF8.self) == nil {
            let lines = rest.split(separator: 0x0A, omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            throw Mistake(line: line + 1, reason: "this is no UTF-8; save the table as UTF-8")
        }
        var line = 1
        var names: [String] = []
        while !rest.isEmpty {
            let start = line
            guard let cells = try Self.takeRow(&rest, &line) else { continue }
            if names.isEmpty {
                names = cells.map { String(decoding: $0, as: UTF8.self) }
                if let empty = names.firstIndex(of: "") {
                    throw Mistake(line: start, reason: "column \(empty + 1) has no name")
                }
                for name in names {
                    guard !columns.contains(name) else {
                        throw Mistake(line: start, reason: "two columns are named '\(name)'")
                    }
                    columns.append(name)
                }
                continue
            }
            guard cells.count == names.count else {
                let have = cells.count == 1 ? "1 cell" : "\(cells.count) cells"
                throw Mistake(line: start, reason: "there are \(have), and the first line names \(names.count) columns")
            }
            rows.append(Row(line: start, cells: cells.map { $0.isEmpty ? nil : cell(string: $0) }))
        }
        guard names.count != 1 else {
            let separator = [";", "\t", "|"].first { names[0].contains($0) }
            let advice = separator.map { _ in "; cells are separated by commas" } ?? ""
            throw Mistake(line: 1, reason: "there is only one column, so nothing stands beside the keys\(advice)")
        }
    }

    /// Takes the cells of the next line; nil for an empty one.
    private static func takeRow(_ rest: inout ArraySlice<UInt8>, _ line: inout Int) throws(Mistake) -> [[UInt8]]? {
        var cells: [[UInt8]] = []
        let isQuoted = rest.first == UInt8(ascii: "\"")
        while true {
            cells.append(try takeCell(&rest, &line))
            let end = rest.popFirst()
            if end == UInt8(ascii: ",") { continue }
            if end != nil { line += 1 }
            return cells.count == 1 && cells[0].isEmpty && !isQuoted ? nil : cells
        }
    }

    /// Takes one cell, up to a comma, the end of a line or the end of the text.
    private static func takeCell(_ rest: inout ArraySlice<UInt8>, _ line: inout Int) throws(Mistake) -> [UInt8] {
        guard rest.first == UInt8(ascii: "\"") else {
            let cell = rest.prefix { $0 != UInt8(ascii: ",") && $0 != 0x0A }
            rest = rest.dropFirst(cell.count)
            guard let quote = cell.firstIndex(of: UInt8(ascii: "\"")) else {
                return Array(cell.last == 0x0D && rest.first != UInt8(ascii: ",") ? cell.dropLast() : cell)
            }
            let before = String(decoding: cell[..<quote], as: UTF8.self)
            throw Mistake(line: line, reason: "a quote stands behind '\(before)'; a cell with quotes begins with one")
        }
        let start = line
        var cell: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == 0x0A { line += 1 }
            guard byte == UInt8(ascii: "\"") else {
                cell.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "\"") {
                cell.append(byte)
                rest.removeFirst()
                continue
            }
            if rest.starts(with: [0x0D, 0x0A]) || rest.elementsEqual([0x0D]) { rest.removeFirst() }
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") || rest.first == 0x0A else {
                throw Mistake(line: line, reason: "text follows the quote that ends a cell")
            }
            return cell
        }
        throw Mistake(line: start, reason: "a quote is not closed")
    }
}
