import MHPipeIO
import MHPipeKit

/// What a state knows of a unit, in 32 bytes: which unit it is, which content it had, and which run read it.
///
/// On disk, numbers of 8, 8, 8, 4 and 4 bytes, little-endian: 128 bits of a hash of the source's name and the unit's, 64
/// bits of one of its version, the run, and what became of it.
struct UnitRecord: SortedRecord, Hashable, Sendable {
    /// What became of a unit.
    enum Fate: UInt32 {
        /// What could be read of it is kept.
        case kept = 0
        /// It could not be opened: a later run tries again.
        case unreadable = 1
        /// It is damaged, and no event of it could be read: a later run takes another version of it as a new unit.
        case dropped = 2
    }

    var high: UInt64
    var low: UInt64
    var version: UInt64
    var run: UInt32 = 0
    var fate = Fate.kept

    /// The bytes of a record.
    static let count = 32

    init(high: UInt64, low: UInt64, version: UInt64) {
        (self.high, self.low, self.version) = (high, low, version)
    }

    /// Reads the record that begins at a place.
    init(_ bytes: [UInt8], at start: Int) {
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[start + offset + $1]) << UInt64(8 * $1) }
        }
        self.init(high: number(0, 8), low: number(8, 8), version: number(16, 8))
        run = UInt32(truncatingIfNeeded: number(24, 4))
        fate = Fate(rawValue: UInt32(truncatingIfNeeded: number(28, 4))) ?? .kept
    }

    /// Appends the record's bytes.
    func append(to bytes: inout [UInt8]) {
        for number in [high, low, version, UInt64(run) | UInt64(fate.rawValue) << 32] {
            for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * byte))) }
        }
    }

    /// True when both are of one unit, whatever it held.
    func isSame(as other: UnitRecord) -> Bool { high == other.high && low == other.low }

    /// The records in bytes, one behind the other.
    static func all(in bytes: [UInt8]) -> [UnitRecord] {
        stride(from: 0, through: bytes.count - count, by: count).map { UnitRecord(bytes, at: $0) }
    }

    /// The order in which records of units stand in a file.
    static func isBefore(_ left: UnitRecord, _ right: UnitRecord) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// Makes the records of units.
final class UnitHash {
    private let hash: SHA256

    init() throws {
        hash = try SHA256()
    }

    func of(_ unit: UnitID, of source: String) -> UnitRecord {
        // No name holds a NUL, so that no two units give the same text.
        let name = finish(Array(source.utf8) + [0] + unit.name)
        let version = finish(Array((unit.version ?? "").utf8))
        return UnitRecord(high: name.0, low: name.1, version: version.0)
    }

    private func finish(_ text: [UInt8]) -> (UInt64, UInt64) {
        hash.update(text)
        let bytes = hash.finish()
        func number(_ start: Int) -> UInt64 { (0..<8).reduce(0) { $0 << 8 | UInt64(bytes[start + $1]) } }
        return (number(0), number(8))
    }
}
