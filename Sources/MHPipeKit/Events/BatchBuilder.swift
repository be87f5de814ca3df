/// Puts rows of other batches together into a batch that owns its memory.
///
/// A batch that the runtime hands out is a view of a window that is used again. What has to outlive the call, or to go to
/// another queue, is copied here: the records' bytes, their part of the index, and what was added to them. Used on one
/// queue; what `build` gives can be handed to another.
@safe
package final class BatchBuilder {
    /// What was added to some of the rows under one name.
    private struct Added {
        var layout: ColumnLayout
        var cells: [Cell] = []
    }

    /// One added value, by its place in `values`.
    private struct Cell {
        var row: Int
        var member: Int
        var kind: JSONKind
        var range: Range<Int>
    }

    private var text = OutputBuffer()
    private var index: [UInt32] = []
    private var rows = RowTable()
    private var origins: [EventOrigin] = []
    private var marks: [EventMark?] = []
    private var values = OutputBuffer()
    private var added: [Added] = []
    private let fields: UnsafeMutablePointer<UInt32>
    private let scanner = RecordScanner()

    package init() {
        unsafe fields = .allocate(capacity: KnownField.count)
        unsafe fields.initialize(repeating: 0, count: KnownField.count)
    }

    deinit {
        unsafe fields.deallocate()
    }

    package var count: Int { rows.count }

    /// The bytes of the records so far.
    package var byteCount: Int { text.count + values.count }

    /// Copies one row of a batch, with what was added to it.
    package func append(_ batch: EventBatch, row: Int) {
        let record = unsafe batch.rows.records[row]
        unsafe append(batch.recordBytes(row), batch.window, record, batch.rows, row, batch.origin(ofRow: row))
        marks.append(batch.mark(ofRow: row))
        for column in batch.columns where column.isSet(row: row) { append(column, row) }
    }

    /// Indexes and copies a JSON text; false when it is no JSON object that a record could be.
    package func append(json: String, origin: EventOrigin, number: Int, mark: EventMark? = nil) -> Bool {
        append(json: Array(json.utf8), origin: origin, number: number, mark: mark)
    }

    /// The same for a text as UTF-8.
    package func append(json: [UInt8], origin: EventOrigin, number: Int, mark: EventMark? = nil) -> Bool {
        guard let window = IndexedText(copying: json), window.defects.isEmpty, window.indexCount > 0,
            unsafe window.text[Int(window.index[0])] == UInt8(ascii: "{"),
            case .complete(let end) = unsafe scanner.scan(window, from: 0, fields: fields), end == window.indexCount
        else { return false }
        let single = RowTable()
        let record = RowTable.Record(window, from: 0, to: end, number: number)
        unsafe single.append(record, fields: fields)
        let bytes = unsafe UnsafeBufferPointer(
            start: window.text + Int(record.start),
            count: Int(record.end - record.start)
        )
        unsafe append(bytes, window, record, single, 0, origin)
        marks.append(mark ?? EventMark(marks: EventMarks(count: 1), row: 0))
        return true
    }

    /// Adds a value to the row that was appended last.
    ///
    /// - Parameters:
    ///   - value: For a string what stands between its quotes, for everything else its JSON text, as columns hold them.
    ///   - kind: What it is; not missing.
    ///   - layout: The layout of the column.
    ///   - member: The number of the key in its members; 0 for a plain value.
    package func add(_ value: [UInt8], _ kind: JSONKind, to layout: ColumnLayout, member: Int) {
        let start = values.count
        values.append(value)
        added[place(of: layout)].cells.append(
            Cell(row: rows.count - 1, member: member, kind: kind, range: start..<values.count)
        )
    }

    /// What was put together, as a batch of which every row is selected; the builder begins anew.
    package func build() -> EventBatch {
        let count = text.count
        text.append([UInt8](repeating: 0, count: IndexedText.padding))
        index.append(UInt32(count))
        index.append(UInt32(count))
        let memory = Memory(text: text, index: index)
        let window = unsafe IndexedText(
            text: UnsafePointer(memory.text.base),
            count: count,
            index: UnsafePointer(memory.index),
            indexCount: index.count - 2,
            defects: [],
            owner: memory
        )
        let batch = EventBatch(detached: window, rows: rows, origins: origins, marks: marks)
        for column in added { fill(batch.addColumn(column.layout), column.cells) }
        text = OutputBuffer()
        values = OutputBuffer()
        rows = RowTable()
        index.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        added.removeAll()
        return batch
    }

    private func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ window: IndexedText,
        _ record: RowTable.Record,
        _ table: RowTable,
        _ row: Int,
        _ origin: EventOrigin
    ) {
        let start = UInt32(text.count)
        let position = UInt32(index.count)
        unsafe text.append(bytes)
        // Behind a record stands what may stand behind JSON, so that a walk over its last token finds its end.
        text.append(0x0A)
        for token in Int(record.position)..<Int(record.endPosition) {
            unsafe index.append(window.index[token] - record.start + start)
        }
        for field in 0..<KnownField.count {
            let place = unsafe UInt32(table.fields[row * KnownField.count + field])
            unsafe fields[field] = place == 0 ? 0 : place - record.position + position
        }
        unsafe rows.append(
            RowTable.Record(
                start: start,
                end: start + (record.end - record.start),
                position: position,
                endPosition: UInt32(index.count),
                number: record.number
            ),
            fields: fields
        )
        origins.append(origin)
    }

    private func append(_ column: AddedColumn, _ row: Int) {
        let place = place(of: column.layout)
        for member in 0..<max(column.members.count, 1) {
            let slice = column.slice(row: row, member: member)
            guard slice.kind != .missing else { continue }
            let start = values.count
            unsafe values.append(slice.bytes)
            let cell = Cell(row: rows.count - 1, member: member, kind: slice.kind, range: start..<values.count)
            added[place].cells.append(cell)
        }
    }

    private func place(of layout: ColumnLayout) -> Int {
        if let place = added.firstIndex(where: { $0.layout === layout || $0.layout.isSame(as: layout) }) {
            return place
        }
        added.append(Added(layout: layout))
        return added.count - 1
    }

    private func fill(_ column: AddedColumn, _ cells: [Cell]) {
        column.keep(alive: values)
        let bytes = unsafe values.bytes
        for cell in cells {
            let slice = unsafe JSONSlice(kind: cell.kind, bytes: UnsafeBufferPointer(rebasing: bytes[cell.range]))
            column.set(slice, row: cell.row, member: cell.member)
        }
    }

    /// The text and the index of a batch that owns them.
    @safe
    private final class Memory {
        // Invariant: neither is changed any more; `index` has as many entries as the window says, and two.
        let text: OutputBuffer
        let index: UnsafeMutablePointer<UInt32>

        init(text: OutputBuffer, index offsets: [UInt32]) {
            self.text = text
            unsafe index = .allocate(capacity: offsets.count)
            unsafe index.initialize(from: offsets, count: offsets.count)
        }

        deinit {
            unsafe index.deallocate()
        }
    }
}
