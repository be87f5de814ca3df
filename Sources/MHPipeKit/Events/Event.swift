/// One record of a batch, seen through it.
///
/// It holds no data of its own and is valid as long as its batch: inside one call of a transform or an encoder.
public struct Event {
    package let batch: EventBatch
    /// The event's row in its batch, for use with `AddedColumn`.
    public let row: Int

    package init(batch: EventBatch, row: Int) {
        self.batch = batch
        self.row = row
    }

    /// Where the record was read.
    public var origin: EventOrigin { batch.origin(ofRow: row) }

    /// The record's number in its file, from 0; records that could not be read count as well.
    public var number: Int { unsafe batch.isOpen ? batch.rows.records[row].number : 0 }

    /// What tells the event from others on its way through the stages; nil where nothing is noted of it.
    package var mark: EventMark? { batch.mark(ofRow: row) }

    /// The record's JSON text, as it came, without what transforms added.
    public var json: String { unsafe batch.isOpen ? String(decoding: batch.recordBytes(row), as: UTF8.self) : "" }

    /// The event as sinks write it: one line of JSON, with what transforms added.
    public var enrichedJSON: String {
        guard batch.isOpen else { return "" }
        let output = OutputBuffer()
        JSONLines().append(batch, row: row, to: output)
        return unsafe String(decoding: output.bytes, as: UTF8.self)
    }

    /// The event in memory of its own, with what transforms added; it may be kept, and handed to another queue.
    ///
    /// - Returns: The copy; an event that is held already is not copied again.
    public func held() -> HeldEvent { HeldEvent(self) }

    /// The value of a field, or nil when the event has none; a field that is `null` is not nil.
    ///
    /// What transforms have added is found too, and hides the record's own key of the same name. Make the path once,
    /// not for every event.
    ///
    /// - Complexity: O(1) for the fields of the CloudTrail record, then O(*k*) in the keys of each object on the way.
    public subscript(path: FieldPath) -> JSONValue? {
        guard batch.isOpen else { return nil }
        let reader = FieldReader(path, batch)
        if let column = reader.wholeColumn {
            guard column.isSet(row: row) else { return nil }
            return JSONValue(sound: JSONLines.objectText(of: column, row: row))
        }
        let position = reader.position(row)
        if position >= 0 { return JSONValue(batch, position: position) }
        let slice = reader.slice(row)
        return slice.kind == .missing ? nil : JSONValue(batch, slice)
    }
}
