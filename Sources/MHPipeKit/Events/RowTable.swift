/// The places of a batch's records in its window, and of their known fields.
@usableFromInline
package final class RowTable {
    /// One record's place.
    package struct Record {
        /// The offset of its first byte, and the offset behind its last.
        package var start: UInt32
        package var end: UInt32
        /// The index position of its first brace, and the one behind its last.
        package var position: UInt32
        package var endPosition: UInt32
        /// Its number among all records of the file, from 0, damaged ones included.
        package var number: Int

        @inlinable
        package init(start: UInt32, end: UInt32, position: UInt32, endPosition: UInt32, number: Int) {
            self.start = start
            self.end = end
            self.position = position
            self.endPosition = endPosition
            self.number = number
        }

        /// The place of what stands between two index positions of a window.
        init(_ window: IndexedText, from position: Int, to end: Int, number: Int) {
            unsafe self.init(
                start: window.index[position],
                end: window.index[end - 1] + 1,
                position: UInt32(position),
                endPosition: UInt32(end),
                number: number
            )
        }

        /// No place, in a row that is not selected.
        package init(nowhere number: Int) {
            self.init(start: 0, end: 0, position: 0, endPosition: 0, number: number)
        }
    }

    // A table is filled, then read, on one queue: no access can overlap another, and the look-ups are too many to check.
    @exclusivity(unchecked) package private(set) var records: [Record] = []
    /// `KnownField.count` index positions a record; 0 where it lacks the field.
    @exclusivity(unchecked) @usableFromInline var fields: [UInt32] = []

    package init() {}

    init(copying other: RowTable) {
        unsafe records = unsafe other.records
        unsafe fields = unsafe other.fields
    }

    package var count: Int { unsafe records.count }

    /// Adds what stands between two index positions of a window; `fields` are the positions that its scan noted.
    package func append(
        _ window: IndexedText,
        from position: Int,
        to end: Int,
        number: Int,
        fields: UnsafePointer<UInt32>
    ) {
        unsafe append(Record(window, from: position, to: end, number: number), fields: fields)
    }

    /// Adds a record; `fields` are the positions that its scan noted.
    package func append(_ record: Record, fields: UnsafePointer<UInt32>) {
        unsafe records.append(record)
        unsafe self.fields.append(contentsOf: UnsafeBufferPointer(start: fields, count: KnownField.count))
    }

    /// Forgets the records and keeps the memory.
    package func removeAll() {
        unsafe records.removeAll(keepingCapacity: true)
        unsafe fields.removeAll(keepingCapacity: true)
    }

    /// The index position of a known field's value in a row, or 0 when the record lacks it.
    @inlinable
    @inline(__always)
    package func position(of field: KnownField, row: Int) -> Int {
        unsafe Int(fields[row * KnownField.count + field.rawValue])
    }
}
