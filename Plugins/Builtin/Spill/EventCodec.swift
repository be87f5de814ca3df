import MHPipeKit

/// Writes events as bytes, with what was added to them, and makes them again.
///
/// What many events have in common, the origin and the layouts of columns, is kept here, in memory.
final class EventCodec {
    private var origins: [EventOrigin] = []
    private var originNumbers: [EventOrigin: Int] = [:]
    private var layouts: [ColumnLayout] = []
    /// Where ways branch, what becomes of each event is noted with others of its file.
    private var marks: [EventMark] = []

    /// Appends an event, as `StateReader` reads it.
    func append(_ batch: EventBatch, row: Int, to output: OutputBuffer) {
        output.append(number: number(of: batch.origin(ofRow: row)))
        output.append(number: batch.rows.records[row].number)
        if let mark = batch.mark(ofRow: row) { marks.append(mark) }
        output.append(number: batch.mark(ofRow: row) == nil ? 0 : marks.count)
        unsafe output.append(number: batch.recordBytes(row).count)
        unsafe output.append(batch.recordBytes(row))
        for column in batch.columns where column.isSet(row: row) {
            for member in 0..<max(column.members.count, 1) {
                let slice = column.slice(row: row, member: member)
                guard slice.kind != .missing else { continue }
                output.append(number: number(of: column.layout))
                output.append(number: member)
                output.append(slice.kind.rawValue)
                unsafe output.append(number: slice.bytes.count)
                unsafe output.append(slice.bytes)
            }
        }
    }

    /// Makes an event of the bytes that `append` wrote, behind the others of a builder.
    func decode(_ content: UnsafeBufferPointer<UInt8>, into builder: BatchBuilder) throws {
        var bytes = unsafe StateReader(content, of: "an event")
        let (origin, number, mark) = (try bytes.count(), try bytes.count(), try bytes.count())
        let json = try bytes.counted()
        guard origins.indices.contains(origin), mark <= marks.count,
            case let mark = mark > 0 ? marks[mark - 1] : nil,
            builder.append(json: json, origin: origins[origin], number: number, mark: mark)
        else { throw bytes.damage }
        while !bytes.isAtEnd {
            let (layout, member, kind) = (try bytes.count(), try bytes.count(), JSONKind(rawValue: try bytes.byte()))
            guard layouts.indices.contains(layout), let kind, kind != .missing,
                member < max(layouts[layout].members.count, 1)
            else { throw bytes.damage }
            builder.add(try bytes.counted(), kind, to: layouts[layout], member: member)
        }
    }

    /// Writes down what the events have in common, and what became of them so far.
    func save(into state: OutputBuffer) {
        state.append(number: origins.count)
        for origin in origins {
            state.append(counted: origin.source)
            state.append(counted: origin.unit)
        }
        state.append(number: layouts.count)
        for layout in layouts {
            state.append(counted: layout.name)
            state.append(number: layout.members.count)
            for member in layout.members { state.append(counted: member) }
        }
        state.append(counted: marks.map(\.bits))
    }

    /// Takes over what another has saved.
    func restore(_ state: inout StateReader) throws {
        for _ in 0..<(try state.count()) {
            _ = number(of: EventOrigin(source: try state.text(), unit: try state.text()))
        }
        for _ in 0..<(try state.count()) {
            let name = try state.text()
            var members: [String] = []
            for _ in 0..<(try state.count()) { members.append(try state.text()) }
            layouts.append(ColumnLayout(name, members: members))
        }
        let bits = try state.counted()
        let restored = EventMarks(bits)
        marks = bits.indices.map { EventMark(marks: restored, row: $0) }
    }

    private func number(of origin: EventOrigin) -> Int {
        if origins.last == origin { return origins.count - 1 }
        if let number = originNumbers[origin] { return number }
        origins.append(origin)
        originNumbers[origin] = origins.count - 1
        return origins.count - 1
    }

    private func number(of layout: ColumnLayout) -> Int {
        if let number = layouts.firstIndex(where: { $0 === layout }) { return number }
        if let number = layouts.firstIndex(where: { $0.name == layout.name && $0.members == layout.members }) {
            return number
        }
        layouts.append(layout)
        return layouts.count - 1
    }
}
