import MHPipeKit

/// One record whose fields are given places in another format.
struct PlacedRecord {
    let cursor: JSONCursor
    /// The position of its first brace.
    let start: Int
    let row: Int
    let rows: RowTable
    let reader: TextReader
    private let places: FieldPlaces
    private let longest: Int
    let used: UsedFields

    /// Takes a record.
    ///
    /// - Parameters:
    ///   - start: The position of its first brace.
    ///   - row: Its row, in `rows`.
    ///   - rows: The places of the known fields.
    ///   - reader: Reads the text that it is in.
    ///   - places: Finds all cases of `RecordField`, by their raw values.
    ///   - used: Takes what gets a place; emptied.
    ///   - longest: The bytes of the longest string that has a place.
    init(
        _ start: Int,
        _ row: Int,
        _ rows: RowTable,
        _ reader: TextReader,
        _ places: FieldPlaces,
        _ used: UsedFields,
        longest: Int = .max
    ) {
        (cursor, self.start, self.row, self.rows) = (reader.cursor, start, row, rows)
        (self.reader, self.places, self.used, self.longest) = (reader, places, used, longest)
        places.find(in: start, cursor)
        used.removeAll()
    }

    static func makePlaces() -> FieldPlaces { FieldPlaces(RecordField.allCases.map(\.path)) }

    /// The index position of a field's value; 0 where the record lacks it.
    func position(_ field: RecordField) -> Int { places[field.rawValue] }

    /// The string that a field has; missing when it is empty or too long, or something else.
    func text(_ field: RecordField) -> JSONSlice {
        let position = position(field)
        return position == 0 ? .missing : text(at: position)
    }

    /// The string at a position; missing when it is empty or too long, or something else.
    func text(at position: Int) -> JSONSlice { fitting(reader.text(position)) }

    /// A string of the record, unless it is too long.
    func fitting(_ text: JSONSlice) -> JSONSlice { unsafe text.bytes.count > longest ? .missing : text }

    /// The string that a field has, which has got a place.
    func take(_ field: RecordField) -> JSONSlice {
        let text = text(field)
        if text.isPresent { use(field) }
        return text
    }

    /// The boolean that a field has, as such or as a text.
    func flag(_ field: RecordField) -> Bool? {
        let position = position(field)
        return position == 0 ? nil : cursor.slice(position).flag
    }

    /// Notes that a field has got a place.
    func use(_ field: RecordField) { used.insert(position(field)) }

    /// Notes that a field has got a place as a moment, unless it is finer than that.
    ///
    /// Moments are written to the millisecond.
    func use(_ field: RecordField, as time: Timestamp) {
        if time.nanoseconds % 1_000_000 == 0 { use(field) }
    }

    /// The tokens of a field that is there and no `null`.
    func tokens(_ field: RecordField) -> Range<Int>? {
        let position = position(field)
        guard position > 0, cursor.byte(at: position) != UInt8(ascii: "n") else { return nil }
        return position..<cursor.skip(position)
    }

    /// When the event was, and the fields that say so have got a place; nil where none does.
    func takeTime() -> Timestamp? {
        for field in [RecordField.eventTime, .windowStart, .shippedTime] {
            guard let time = time(field) else { continue }
            use(field, as: time)
            return time
        }
        return nil
    }

    /// The moment that a field names, with its zone or in UTC.
    func time(_ field: RecordField) -> Timestamp? {
        let text = text(field)
        guard text.isPresent else { return nil }
        if let time = unsafe Timestamp(rfc3339: text.bytes.span) { return time }
        // The windows of aggregated events have no zone.
        return unsafe Timestamp(rfc3339: (Array(text.bytes) + [UInt8(ascii: "Z")]).span)
    }
}
