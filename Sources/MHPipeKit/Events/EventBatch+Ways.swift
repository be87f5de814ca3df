extension EventBatch {
    /// Brings the events that came by several ways into the order of the input.
    ///
    /// An event that came by several ways is there as often, in the order of the ways.
    ///
    /// - Parameter ways: Batches that go back to one, whose rows they have kept.
    /// - Returns: Batches over the same memory that hold the events in order, one behind the other: few where the ways
    ///   have only dropped events, and as many as there are changes from way to way where they have added to them.
    package static func merged(_ ways: [EventBatch]) -> [EventBatch] {
        guard ways.count > 1 else { return ways }
        let events = ways.enumerated().flatMap { way, batch in batch.selection.map { (row: $0, way: way) } }
        // For each way, the first that says the same of an event: they can share a batch.
        let alike = ways.map { way in ways.firstIndex { $0.isAlike(way) } ?? 0 }
        var stretches: [(way: Int, rows: [Int])] = []
        for event in events.sorted(by: { ($0.row, $0.way) < ($1.row, $1.way) }) {
            let way = alike[event.way]
            if let last = stretches.last, last.way == way, last.rows[last.rows.count - 1] < event.row {
                stretches[stretches.count - 1].rows.append(event.row)
            } else {
                stretches.append((way, [event.row]))
            }
        }
        return stretches.map { ways[$0.way].fork(selecting: $0.rows) }
    }

    /// Copies records that were put in the place of the batch's own, so that whoever put them there may use their
    /// memory again; call it before anything is added to them.
    package func keepRecords() {
        unsafe replaceRecords(window.copy(), RowTable(copying: rows))
    }

    /// True when the rows of another batch hold the same records, with the same columns.
    private func isAlike(_ other: EventBatch) -> Bool {
        unsafe window === other.window && rows === other.rows && columns.elementsEqual(other.columns, by: ===)
    }
}
