import MHPipeKit

extension CSVSink: ViewingSink {
    /// The cells as they stand in the file, quotes and all.
    func view(of event: Event) -> SinkView {
        let cells = columns.map { column in
            var encoder = CSVEncoder(
                [column],
                guardsFormulas: guardsFormulas,
                excel: isForExcel,
                delimiter: delimiter
            )
            let buffer = OutputBuffer()
            encoder.encode(event.alone, into: buffer)
            let text = unsafe String(decoding: buffer.bytes, as: UTF8.self).dropLast()
            // The only cell of a line is quoted where it is empty.
            return SinkView.Cell(column: column.name, text: text == "\"\"" || text.isEmpty ? nil : String(text))
        }
        return SinkView(path: path.path(of: event), cells: cells)
    }
}
