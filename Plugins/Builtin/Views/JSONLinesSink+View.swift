import MHPipeKit

extension JSONLinesSink: ViewingSink {
    func view(of event: Event) -> SinkView {
        var encoder =
            columns.map { LinesEncoder.columns(ColumnLinesEncoder($0, empty: EmptyColumns())) }
            ?? .events(JSONLinesEncoder())
        let buffer = OutputBuffer()
        encoder.encode(event.alone, into: buffer)
        let line = unsafe String(decoding: buffer.bytes, as: UTF8.self)
        return SinkView(path: path.path(of: event), line: String(line.dropLast()))
    }
}
