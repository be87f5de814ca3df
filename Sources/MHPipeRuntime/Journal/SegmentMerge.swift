/// A record of which a file holds many, in their order.
protocol SortedRecord {
    /// The order in which they stand in a file.
    static func isBefore(_ left: Self, _ right: Self) -> Bool

    /// True when one takes the place of the other.
    func isSame(as other: Self) -> Bool
}

/// Puts lists of records together into one, in their order.
///
/// A run writes a file of its own records, into which it merges those before it that are not much larger: so there are few
/// files, and what a run writes goes by its records, not by all that were ever written.
struct SegmentMerge<Record: SortedRecord> {
    private let lists: [RecordList<Record>]

    /// - Parameter lists: The newest first, which has the say where two have the same record.
    init(_ lists: [RecordList<Record>]) {
        self.lists = lists
    }

    /// A file is merged with what comes behind it until it has so many times its records.
    private static var growth: Int { 8 }

    /// How many of the last files are merged with new records.
    ///
    /// - Parameters:
    ///   - counts: The records in each, the oldest first.
    ///   - new: The new ones.
    /// - Returns: The number of files, the last of all.
    static func merged(_ counts: [Int], with new: Int) -> Int {
        var (files, total) = (0, new)
        for count in counts.reversed() {
            guard count <= total * growth else { break }
            files += 1
            total += count
        }
        return files
    }

    /// The first record of all that are left; no other of the same comes again.
    func next() throws -> Record? {
        var least: Record?
        for list in lists {
            guard let first = try list.first else { continue }
            if least.map({ Record.isBefore(first, $0) }) ?? true { least = first }
        }
        guard let least else { return nil }
        for list in lists where try list.first?.isSame(as: least) == true { list.dropFirst() }
        return least
    }
}

/// Records in their order, of an array or of a file of which a piece is in memory.
final class RecordList<Record> {
    private var records: [Record] = []
    private var place = 0
    private var read = 0
    private var isAtEnd = false
    private let more: (Int) throws -> [Record]

    init(_ records: [Record]) {
        self.records = records
        more = { _ in [] }
    }

    /// - Parameter more: Reads some records from a place on; none behind the last.
    init(_ more: @escaping (Int) throws -> [Record]) {
        self.more = more
    }

    var first: Record? {
        get throws {
            if place == records.count, !isAtEnd {
                records = try more(read)
                read += records.count
                place = 0
                isAtEnd = records.isEmpty
            }
            return place < records.count ? records[place] : nil
        }
    }

    func dropFirst() { place += 1 }
}
