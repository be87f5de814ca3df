/// The records of one stretch of input, on their way through the transforms.
///
/// A batch holds some hundred records of one file as the bytes they came in, which of them are still *selected*, and
/// the columns that transforms have added. Nothing is decoded until someone asks.
///
/// A batch is used on one worker's queue only, and only inside the call it is handed to: its memory is used again for
/// the next one. Keep values (`String`, `Int`), or copies: `detached()`, `Event.held()`. A use after the call finds
/// nothing; in debug builds it stops the program, and the conformance suite reports it.
public final class EventBatch {
    /// Where the records came from.
    public let origin: EventOrigin
    /// The columns that transforms have added so far, in that order.
    ///
    /// Read them only: where ways branch, a column of an earlier stage belongs to the batches of all branches. To change
    /// what it says, add one of the same name.
    public private(set) var columns: [AddedColumn] = []

    // A batch is used on one queue, and these are read for every value: no access can overlap another.
    @exclusivity(unchecked) package private(set) var window: IndexedText
    @exclusivity(unchecked) package private(set) var rows: RowTable
    /// What transforms could not work on, since the last time somebody asked.
    package private(set) var rejections: [EventRejection] = []
    /// What left the batch, since the last time somebody asked.
    private var drops = DropCounts()
    /// The number of the unit that a source has handed out, in the order of the input; 0 where nobody has said it.
    package var unit = 0
    /// The rows that are still in, in rising order.
    package private(set) var selection: [Int]
    /// Where each row was read, in a batch of rows of several origins; else empty.
    private let origins: [EventOrigin]
    /// What becomes of the rows, where that is noted: in a batch as it was read, and row by row in a copy.
    package private(set) var marks: EventMarks?
    private let rowMarks: [EventMark?]
    /// True for a batch that owns its memory, and so outlives any call.
    package let isDetached: Bool
    /// Until when the batch may be used; forks share it.
    private let lifetime: BatchLifetime

    package init(window: IndexedText, rows: RowTable, origin: EventOrigin) {
        unsafe self.window = window
        unsafe self.rows = rows
        self.origin = origin
        selection = Array(0..<rows.count)
        origins = []
        rowMarks = []
        isDetached = false
        lifetime = BatchLifetime()
    }

    /// A batch over memory that is its own; `origins` and `marks` have those of each row.
    init(detached window: IndexedText, rows: RowTable, origins: [EventOrigin], marks: [EventMark?]) {
        rowMarks = marks
        unsafe self.window = window
        unsafe self.rows = rows
        let first = origins.first ?? EventOrigin(source: "", unit: "")
        origin = first
        self.origins = origins.allSatisfy { $0 == first } ? [] : origins
        selection = Array(0..<rows.count)
        isDetached = true
        lifetime = BatchLifetime()
    }

    /// A batch of records given as JSON objects, for tests of transforms and sinks.
    ///
    /// - Parameters:
    ///   - records: JSON objects. One that is not valid JSON is left out.
    ///   - origin: Where they claim to come from.
    public convenience init(records: [String], origin: EventOrigin = EventOrigin(source: "test", unit: "test.json")) {
        let builder = BatchBuilder()
        for record in records { _ = builder.append(json: record, origin: origin, number: builder.count) }
        let made = builder.build()
        unsafe self.init(window: made.window, rows: made.rows, origin: origin)
    }

    private init(copying other: EventBatch) {
        unsafe window = unsafe other.window
        unsafe rows = unsafe other.rows
        origin = other.origin
        unit = other.unit
        selection = other.selection
        columns = other.columns
        origins = other.origins
        marks = other.marks
        rowMarks = other.rowMarks
        isDetached = other.isDetached
        lifetime = other.lifetime
    }

    package func origin(ofRow row: Int) -> EventOrigin { origins.isEmpty ? origin : origins[row] }

    /// The selected events in memory of their own, with what was added to them.
    ///
    /// The copy may be kept, and handed to another queue as a whole; the batch it was made of may not.
    ///
    /// - Returns: A batch of the selected events alone, numbered anew from row 0.
    public func detached() -> EventBatch {
        let builder = BatchBuilder()
        guard isOpen else { return builder.build() }
        for row in selection { builder.append(self, row: row) }
        return builder.build()
    }

    /// Notes from now on what becomes of the rows, so that each is counted once where ways branch.
    package func startMarks() { marks = EventMarks(count: rowCount) }

    /// The marks of a row; nil where nothing is noted.
    package func mark(ofRow row: Int) -> EventMark? {
        if !rowMarks.isEmpty { return rowMarks[row] }
        return marks.map { EventMark(marks: $0, row: row) }
    }

    /// The bytes of the window that the batch keeps in memory, about.
    package var byteCount: Int { unsafe window.count + 4 * window.indexCount }

    /// Ends the time in which the batch, its events and their values may be used, unless it owns its memory.
    package func close() {
        if !isDetached { lifetime.isOver = true }
    }

    /// False when the call that the batch was handed to is over; said once to whoever watches.
    var isOpen: Bool {
        guard lifetime.isOver else { return true }
        lifetime.noteLateUse()
        return false
    }

    /// Notes late uses instead of stopping at the first, for suites that report them.
    package func watchLateUse() -> BatchLifetime {
        lifetime.isWatched = true
        return lifetime
    }

    /// The number of selected events.
    public var count: Int { selection.count }

    /// True when no event is selected.
    public var isEmpty: Bool { selection.isEmpty }

    /// The number of rows, selected or not: one more than the largest row number.
    public var rowCount: Int { unsafe rows.count }

    /// Keeps the selected events for which `isKept` is true, in their order; the others leave the batch for good.
    ///
    /// - Parameters:
    ///   - reason: What the runtime counts those that leave as.
    ///   - isKept: Called once for every selected event.
    /// - Throws: What `isKept` throws; nothing is dropped then.
    public func keep(as reason: DropReason = .filtered, where isKept: (Event) throws -> Bool) rethrows {
        guard isOpen else { return }
        try keepRows(as: reason) { try isKept(Event(batch: self, row: $0)) }
    }

    /// Keeps the selected rows for which `isKept` is true.
    package func keepRows(as reason: DropReason = .filtered, _ isKept: (Int) throws -> Bool) rethrows {
        let before = selection.count
        selection = try selection.filter(isKept)
        drops.count(before - selection.count, as: reason)
    }

    /// Hands out how many events were dropped, once.
    package func takeDrops() -> DropCounts {
        defer { drops = DropCounts() }
        return drops
    }

    /// Takes an event out of the batch that cannot be worked on, although others can.
    ///
    /// It is reported like a record that cannot be read: shown with its file and number, counted as quarantined, and
    /// kept in the quarantine file where there is one.
    ///
    /// - Parameters:
    ///   - event: An event that is still in.
    ///   - reason: Why, lower case, without a full stop.
    public func reject(_ event: Event, reason: String) {
        reject(rows: [event.row: reason])
    }

    /// Takes the events of some rows out of the batch, each for a reason.
    package func reject(rows reasons: [Int: String]) {
        guard !reasons.isEmpty else { return }
        for row in selection {
            guard let reason = reasons[row] else { continue }
            let bytes = unsafe Array(recordBytes(row))
            unsafe rejections.append(
                EventRejection(
                    row: row,
                    origin: origin(ofRow: row),
                    mark: mark(ofRow: row),
                    number: rows.records[row].number,
                    reason: reason,
                    bytes: bytes
                )
            )
        }
        selection.removeAll { reasons[$0] != nil }
    }

    /// Hands out what was rejected, once.
    package func takeRejections() -> [EventRejection] {
        defer { rejections = [] }
        return rejections
    }

    /// Puts other records in the place of the batch's own, row by row; what was added to the old ones is gone.
    ///
    /// - Parameters:
    ///   - window: The text of the new records; it must live as long as the batch is used.
    ///   - rows: As many as there were. Rows that are not selected may be anything.
    package func replaceRecords(_ window: IndexedText, _ rows: RowTable) {
        precondition(rows.count == rowCount, "not as many records as before")
        unsafe self.window = window
        unsafe self.rows = rows
        columns = []
    }

    /// Adds a column of objects, or of plain values when `members` is empty.
    ///
    /// A column of the same name that is there already is replaced, as is the record's own key of that name in what
    /// sinks write.
    ///
    /// - Parameters:
    ///   - name: The top-level key.
    ///   - members: The keys of the object, in the order in which sinks write them.
    /// - Returns: The column, with nothing set in any row.
    public func addColumn(_ name: String, members: [String] = []) -> AddedColumn {
        addColumn(ColumnLayout(name, members: members))
    }

    /// Adds a column whose layout was made before; like `addColumn(_:members:)`.
    ///
    /// - Parameter layout: The name and the members.
    /// - Returns: The column, with nothing set in any row.
    public func addColumn(_ layout: ColumnLayout) -> AddedColumn {
        let column = unsafe AddedColumn(layout: layout, rows: rows.count)
        columns.removeAll { $0.name == layout.name }
        columns.append(column)
        return column
    }

    /// A batch over the same records, for a second stage that reads the same input: it drops rows and adds columns of
    /// its own.
    package func fork() -> EventBatch {
        EventBatch(copying: self)
    }

    /// The same with other rows selected.
    func fork(selecting rows: [Int]) -> EventBatch {
        let batch = fork()
        batch.selection = rows
        return batch
    }

    /// The bytes of a row's record, as they came.
    package func recordBytes(_ row: Int) -> UnsafeBufferPointer<UInt8> {
        let record = unsafe rows.records[row]
        return unsafe UnsafeBufferPointer(start: window.text + Int(record.start), count: Int(record.end - record.start))
    }
}

extension EventBatch: Sequence {
    /// Walks the events that were selected when the walk began; dropping events meanwhile does not disturb it.
    public struct Iterator: IteratorProtocol {
        private let batch: EventBatch
        private var rows: IndexingIterator<[Int]>

        fileprivate init(_ batch: EventBatch) {
            self.batch = batch
            rows = (batch.isOpen ? batch.selection : []).makeIterator()
        }

        /// The next event.
        ///
        /// - Returns: It, or nil behind the last one.
        public mutating func next() -> Event? { rows.next().map { Event(batch: batch, row: $0) } }
    }

    /// Walks the selected events in their order.
    ///
    /// - Returns: An iterator over them.
    public func makeIterator() -> Iterator { Iterator(self) }
}
