/// Numbers of SQLite's record format (sqlite.org/fileformat2.html#record_format), in which rows travel from the workers to
/// the queue that puts them into their table.
///
/// A record is the size of its header, the header's numbers, which say of each value what it is and how long, and then
/// the values. In front of each one that travels stands a `UInt32` in the machine's own order, since both ends are in one
/// process: its size, and whether SQLite has `toConvert` it.
enum SQLiteRecord {
    /// What a value is ("serial types").
    enum SerialType {
        static let null: UInt64 = 0
        static let real: UInt64 = 7
        static let zero: UInt64 = 8
        static let one: UInt64 = 9

        static func text(_ count: Int) -> UInt64 { UInt64(13 + 2 * count) }

        /// Of an integer that is neither 0 nor 1, and the bytes that it takes.
        static func integer(_ number: Int64) -> (type: UInt64, bytes: Int) {
            switch 65 - (number < 0 ? ~number : number).leadingZeroBitCount {
            case ...8: (1, 1)
            case ...16: (2, 2)
            case ...24: (3, 3)
            case ...32: (4, 4)
            case ...48: (5, 6)
            default: (6, 8)
            }
        }
    }

    /// The bytes in front of a record.
    static let prefix = MemoryLayout<UInt32>.size
    /// Added to its size where a column may make something else of a value than it is, such as a number of a text.
    static let toConvert: UInt32 = 1 << 31

    /// The most bytes that a number of variable length takes here, which is of less than 63 bits.
    static let mostVarint = 9

    /// The bytes that a number of variable length takes (sqlite.org/fileformat2.html#varint).
    @inline(__always)
    static func varintSize(_ number: Int) -> Int {
        number < 0x80 ? 1 : (70 - number.leadingZeroBitCount) / 7
    }

    /// Writes a number of variable length where there is room for it, and gives the place behind it.
    @inline(__always)
    static func put(varint number: UInt64, at place: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var shift = 7 * (varintSize(Int(number)) - 1)
        var place = unsafe place
        while shift > 0 {
            unsafe place.pointee = UInt8(truncatingIfNeeded: number >> UInt64(shift)) | 0x80
            unsafe place += 1
            shift -= 7
        }
        unsafe place.pointee = UInt8(truncatingIfNeeded: number) & 0x7F
        return unsafe place + 1
    }

    /// The bytes of a header, which counts its own size in.
    @inline(__always)
    static func headerSize(types: Int) -> Int {
        let size = types + varintSize(types + 1)
        return varintSize(size) == size - types ? size : size + 1
    }
}
