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
    public var origin: EventOrigin { batch.origin }

    /// The record's number in its file, from 0; records that could not be read count as well.
    public var number: Int { batch.rows.records[row].number }

    /// The record's JSON text, as it came, without what transforms added.
    public var json: String { String(decoding: batch.recordBytes(row), as: UTF8.self) }

    /// The value of a field, or nil when the event has none; a field that is `null` is not nil.
    ///
    /// What transforms have added is found too, and hides the record's own key of the same name. Make the path once,
    /// not for every event.
    ///
    /// - Complexity: O(1) for the fields of the CloudTrail record, then O(*k*) in the keys of each object on the way.
    public subscript(path: FieldPath) -> JSONValue? {
        let reader = FieldReader(path, batch)
        if let column = reader.wholeColumn {
            return JSONValue(parsing: JSONLines.objectText(of: column, row: row))
        }
        let position = reader.position(row)
        if position >= 0 { return JSONValue(window: batch.window, position: position) }
        let slice = reader.slice(row)
        return slice.kind == .missing ? nil : JSONValue(slice: slice, owner: batch)
    }
}
