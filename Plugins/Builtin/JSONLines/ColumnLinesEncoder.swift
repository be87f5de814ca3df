import MHPipeKit

/// Encodes events as JSON objects with the same keys in each line, and the same type under each key.
///
/// Readers that infer types take them from the first lines, and stumble over an object that has other keys later. So a
/// column is true or false, or a number, where that is known of it, and in all others a text: objects and arrays as their
/// JSON. What is missing is null.
struct ColumnLinesEncoder: EventEncoder {
    private let fields: FieldSet
    /// For each column, what stands before its value.
    private let openings: [[UInt8]]
    private let contents: [OutputColumn.Content]
    private var empty: EmptyColumns.Watch

    init(_ columns: [OutputColumn], empty: EmptyColumns) {
        fields = FieldSet(columns.map(\.path))
        contents = columns.map(\.content)
        openings = columns.enumerated().map { number, column in
            var bytes = Array((number == 0 ? "{\"" : ",\"").utf8)
            JSONText.escape(column.name.utf8, into: &bytes)
            return bytes + Array("\":".utf8)
        }
        self.empty = empty.watch()
    }

    mutating func encode(_ batch: EventBatch, into output: OutputBuffer) {
        fields.attach(batch)
        for row in batch.selection {
            let cells = unsafe fields.read(row)
            unsafe empty.note(cells)
            for number in 0..<cells.count {
                output.append(openings[number])
                append(unsafe cells[number], contents[number], to: output)
            }
            output.append("}\n")
        }
        fields.detach()
        empty.end(batch)
    }

    private func append(_ cell: JSONSlice, _ content: OutputColumn.Content, to output: OutputBuffer) {
        switch (cell.kind, content) {
        case (.missing, _), (.null, _): output.append("null")
        case (.bool, .boolean), (.number, .number): unsafe output.append(cell.bytes)
        // Some records have true and false as texts.
        case (.string, .boolean) where cell.flag != nil: output.append(cell.flag == true ? "true" : "false")
        case (.string, .json): unsafe appendQuoted(cell.bytes, isString: true, to: output)
        case (.string, _):
            output.append(UInt8(ascii: "\""))
            unsafe output.append(cell.bytes)
            output.append(UInt8(ascii: "\""))
        case (.bool, _), (.number, _), (.object, _), (.array, _):
            unsafe appendQuoted(cell.bytes, isString: false, to: output)
        }
    }

    /// Appends a JSON text as a string; of a string, `bytes` stand between its quotes.
    private func appendQuoted(_ bytes: UnsafeBufferPointer<UInt8>, isString: Bool, to output: OutputBuffer) {
        output.append(isString ? "\"\\\"" : "\"")
        for place in bytes.indices {
            let byte = unsafe bytes[place]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { output.append(UInt8(ascii: "\\")) }
            output.append(byte)
        }
        output.append(isString ? "\\\"\"" : "\"")
    }
}
