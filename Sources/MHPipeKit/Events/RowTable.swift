/// The places of a batch's records in its window, and of their known fields.
package final class RowTable {
    /// One record's place.
    package struct Record {
        /// The offset of its first byte, and the offset behind its last.
        package var start: UInt32
        package var end: UInt32
        /// The index position of its brace.
        package var position: UInt32
        /// Its number among all records of the file, from 0, damaged ones included.
        package var number: Int

        package init(start: UInt32, end: UInt32, position: UInt32, number: Int) {
            self.start = start
            self.end = end
            self.position = position
            self.number = number
        }
    }

    // A table is filled, then read, on one queue: no access can overlap another, and the look-ups are too many to check.
    @exclusivity(unchecked) package private(set) var records: [Record] = []
    /// `KnownField.count` index positions a record; 0 where it lacks the field.
    @exclusivity(unchecked) private var fields: [UInt32] = []

    package init() {}

    package var count: Int { records.count }

    /// Adds a record; `fields` are the positions that its scan noted.
    package func append(_ record: Record, fields: UnsafePointer<UInt32>) {
        records.append(record)
        self.fields.append(contentsOf: UnsafeBufferPointer(start: fields, count: KnownField.count))
    }

    /// Forgets the records and keeps the memory.
    package func removeAll() {
        records.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// The index position of a known field's value in a row, or 0 when the record lacks it.
    @inline(__always)
    package func position(of field: KnownField, row: Int) -> Int {
        Int(fields[row * KnownField.count + field.rawValue])
    }
}
