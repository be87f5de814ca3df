import CQuotes
import MHPipeKit

/// Encodes events as the lines of a CSV file (RFC 4180).
///
/// A field is quoted when it holds the delimiter, a quote, CR or LF, or begins or ends with a space, which some readers
/// would strip. Where the only field of a line is empty, it is quoted too: readers skip empty lines.
///
/// With `excel`, what it would take for a number stays a text, and a text that is too long for a cell is cut.
struct CSVEncoder: EventEncoder, TallyKeeping {
    private let fields: FieldSet
    /// For each column, whether it is always JSON text.
    private let isJSON: [Bool]
    private let guardsFormulas: Bool
    private let isForExcel: Bool
    private let delimiter: UInt8
    private let delimiters: UInt64
    /// The cells that were cut, and the lines.
    private(set) var tally = [0, 0]
    private var empty: EmptyColumns.Watch
    /// Texts that do not stand in the record as they come out.
    private let scratch = OutputBuffer()

    init(
        _ columns: [OutputColumn],
        guardsFormulas: Bool,
        excel: Bool = false,
        delimiter: CSVDelimiter = .comma,
        empty: EmptyColumns = EmptyColumns()
    ) {
        self.delimiter = delimiter.byte
        delimiters = SpecialBytes.eight(delimiter.byte)
        fields = FieldSet(columns.map(\.path))
        isJSON = columns.map { $0.content == .json }
        self.guardsFormulas = guardsFormulas
        isForExcel = excel
        self.empty = empty.watch()
    }

    /// The line that names the columns.
    static func header(_ columns: [OutputColumn], _ delimiter: CSVDelimiter = .comma) -> String {
        columns.map { quotedIfNeeded($0.name, delimiter) }.joined(separator: delimiter.sign) + "\r\n"
    }

    func remarks(_ tally: [Int]) -> [String] {
        guard isForExcel else { return [] }
        var remarks: [String] = []
        if tally[0] > 0 {
            let cells = tally[0] == 1 ? "1 cell" : "\(tally[0]) cells"
            remarks.append("cut \(cells) to the \(ExcelText.mostUnits) characters that Excel takes")
        }
        if tally[1] >= ExcelText.mostLines {
            remarks.append("wrote \(tally[1]) lines, and Excel shows the first \(ExcelText.mostLines) with the header")
        }
        return remarks
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        fields.attach(batch)
        var lines = 0
        for row in batch.selection {
            let cells = unsafe fields.read(row)
            unsafe empty.note(cells)
            if isForExcel {
                unsafe appendForExcel(cells, to: output)
            } else {
                unsafe append(cells, to: output)
            }
            output.append(0x0D)
            output.append(0x0A)
            lines += 1
        }
        tally[1] += lines
        fields.detach()
        empty.end(batch)
    }

    private func append(_ cells: UnsafeBufferPointer<JSONSlice>, to output: OutputBuffer) {
        for number in 0..<cells.count {
            if number > 0 { output.append(delimiter) }
            unsafe append(cells[number], number, to: output)
        }
    }

    private mutating func appendForExcel(_ cells: UnsafeBufferPointer<JSONSlice>, to output: OutputBuffer) {
        for number in 0..<cells.count {
            if number > 0 { output.append(delimiter) }
            unsafe appendForExcel(cells[number], number, to: output)
        }
    }

    /// What is done for each cell is written out in the loop over them: a call that takes the encoder costs more than its work.
    @inline(__always)
    private func append(_ cell: JSONSlice, _ column: Int, to output: OutputBuffer) {
        switch cell.kind {
        case .string:
            if isJSON[column] {
                unsafe appendQuotedString(cell.bytes, to: output)
            } else {
                unsafe appendString(cell.bytes, to: output)
            }
        case .object, .array: unsafe appendJSON(cell.bytes, to: output)
        case .bool, .number: unsafe output.append(cell.bytes)
        case .missing, .null: appendNothing(to: output)
        }
    }

    /// Appends a cell so that Excel shows what it says.
    private mutating func appendForExcel(_ cell: JSONSlice, _ column: Int, to output: OutputBuffer) {
        scratch.removeAll()
        switch cell.kind {
        case .missing, .null: return appendNothing(to: output)
        case .string where !isJSON[column]: unsafe JSONText.decode(cell.bytes) { scratch.append($0) }
        case .string:
            scratch.append(UInt8(ascii: "\""))
            unsafe scratch.append(cell.bytes)
            scratch.append(UInt8(ascii: "\""))
        case .number where unsafe !ExcelText.losesDigits(cell.bytes), .bool: return unsafe output.append(cell.bytes)
        case .object, .array, .number: unsafe scratch.append(cell.bytes)
        }
        let text = unsafe scratch.bytes
        guard let first = unsafe text.first else { return appendNothing(to: output) }
        let isText = cell.kind == .string && !isJSON[column]
        let isNumber = cell.kind == .number && text.count < 256
        let looksLikeOne = unsafe isText && ExcelText.looksLikeNumber(text)
        if isNumber || looksLikeOne {
            // Nothing in it needs escapes.
            output.append("\"=\"\"")
            unsafe output.append(text)
            output.append("\"\"\"")
            return
        }
        let isFormula = unsafe isText && guardsFormulas && Self.isFormula(text, first: first)
        let count = unsafe ExcelText.prefix(text, beside: isFormula ? 1 : 0)
        if count < text.count { tally[0] += 1 }
        unsafe appendQuoted(UnsafeBufferPointer(rebasing: text[..<count]), isFormula: isFormula, to: output)
    }

    /// Appends a string for what stands between its quotes.
    @inline(__always)
    private func appendString(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        let special = unsafe SpecialBytes(in: bytes, delimiters: delimiters)
        if special.hasBackslash {
            unsafe appendEscapedString(bytes, to: output)
        } else {
            unsafe append(bytes, needsQuotes: special.hasDelimiter, to: output)
        }
    }

    private func appendEscapedString(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        scratch.removeAll()
        unsafe JSONText.decode(bytes) { scratch.append($0) }
        let needsQuotes = unsafe scratch.bytes.contains { byte in
            byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
        }
        unsafe append(scratch.bytes, needsQuotes: needsQuotes, to: output)
    }

    /// Appends the JSON text of a string.
    private func appendQuotedString(_ bytes: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        scratch.removeAll()
        scratch.append(UInt8(ascii: "\""))
        unsafe scratch.append(bytes)
        scratch.append(UInt8(ascii: "\""))
        unsafe appendQuoted(scratch.bytes, isFormula: false, to: output)
    }

    private func appendJSON(_ text: UnsafeBufferPointer<UInt8>, to output: OutputBuffer) {
        // `{}` and `[]` hold nothing to quote, nor does `[1]`; anything longer most likely does.
        if text.count > 3 {
            unsafe appendQuoted(text, isFormula: false, to: output)
        } else {
            unsafe output.append(text)
        }
    }

    private func appendNothing(to output: OutputBuffer) {
        guard isJSON.count == 1 else { return }
        output.append(UInt8(ascii: "\""))
        output.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private func append(_ text: UnsafeBufferPointer<UInt8>, needsQuotes: Bool, to output: OutputBuffer) {
        guard let first = unsafe text.first, let last = unsafe text.last else { return appendNothing(to: output) }
        let isFormula = unsafe guardsFormulas && Self.isFormula(text, first: first)
        if needsQuotes || first == UInt8(ascii: " ") || last == UInt8(ascii: " ") {
            unsafe appendQuoted(text, isFormula: isFormula, to: output)
        } else {
            if isFormula { output.append(UInt8(ascii: "'")) }
            unsafe output.append(text)
        }
    }

    /// True for a text that a spreadsheet could run as a formula.
    ///
    /// Some pass over spaces and what cannot be seen before they look for the sign, and take signs of full width for
    /// signs (owasp.org/www-community/attacks/CSV_Injection).
    @inline(__always)
    private static func isFormula(_ text: UnsafeBufferPointer<UInt8>, first: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0..<0x20: true
        case 0x21..<0x7F: false
        default: unsafe isHiddenFormula(text)
        }
    }

    private static func isHiddenFormula(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var bytes = unsafe text.makeIterator()
        var decoder = UTF8()
        while case .scalarValue(let scalar) = unsafe decoder.decode(&bytes) {
            switch scalar.value {
            case 0x3D, 0x2B, 0x2D, 0x40, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20, 0xFE66, 0xFE62, 0xFE63, 0xFE6B: return true
            case 0...0x20, 0x7F...0xA0, 0xAD, 0x1680, 0x180E, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x3000,
                0xFEFF:
                continue
            default: return false
            }
        }
        return false
    }

    private func appendQuoted(_ text: UnsafeBufferPointer<UInt8>, isFormula: Bool, to output: OutputBuffer) {
        let room = unsafe output.reserve(2 * text.count + 3 + MHP_QUOTES_PADDING)
        guard let start = room.baseAddress else { return }
        var next = unsafe start
        unsafe next[0] = UInt8(ascii: "\"")
        unsafe next += 1
        if isFormula {
            unsafe next[0] = UInt8(ascii: "'")
            unsafe next += 1
        }
        if let bytes = text.baseAddress { unsafe next += mhp_double_quotes(bytes, text.count, next) }
        unsafe next[0] = UInt8(ascii: "\"")
        unsafe output.commit(next + 1 - start)
    }

    private static func quotedIfNeeded(_ name: String, _ delimiter: CSVDelimiter) -> String {
        let needsQuotes =
            name.isEmpty || name.utf8.first == UInt8(ascii: " ") || name.utf8.last == UInt8(ascii: " ")
            || name.utf8.contains { [delimiter.byte, 0x22, 0x0D, 0x0A].contains($0) }
        return needsQuotes ? "\"\(name.replacing("\"", with: "\"\""))\"" : name
    }
}
