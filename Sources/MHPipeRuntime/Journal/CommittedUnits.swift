import MHPipeKit

/// The units that runs have committed, in some files of sorted records.
///
/// A run writes a file of its own units, into which it merges those before it that are not much larger: so there are few
/// files, and what a run writes goes by its units, not by all that were ever read.
final class CommittedUnits {
    private let folder: StateFolder
    private let segments: [(entry: CommitRecord.Segment, file: UnitSegment)]

    /// A file is merged with what comes behind it until it has so many times its records.
    private static let growth = 8

    /// - Throws: `StageError` when a file is damaged, or not there.
    init(_ folder: StateFolder, _ segments: [CommitRecord.Segment]) throws {
        self.folder = folder
        self.segments = try segments.map { ($0, try UnitSegment(folder, $0)) }
    }

    /// The record of a unit; nil when no run has committed it.
    func find(_ unit: UnitRecord) throws -> UnitRecord? {
        for segment in segments.reversed() {
            if let found = try segment.file.find(unit) { return found }
        }
        return nil
    }

    /// Writes the units of a run, which take the place of earlier records of the same ones.
    ///
    /// - Parameters:
    ///   - units: The records, in any order; of two of one unit the later counts.
    ///   - run: The run's number.
    /// - Returns: The files that hold all units then.
    /// - Throws: `StageError` when one cannot be written or read.
    func adding(_ units: [UnitRecord], run: Int) throws -> [CommitRecord.Segment] {
        var left = segments[...]
        guard !units.isEmpty else { return left.map(\.entry) }
        var sources = [UnitRecordList(Self.sorted(units))]
        var total = units.count
        while let last = left.last, last.entry.count <= total * Self.growth {
            sources.append(UnitRecordList(last.file))
            total += last.entry.count
            left = left.dropLast()
        }
        let entry = CommitRecord.Segment(run: run, count: 0)
        var writer = try UnitSegmentWriter(folder, entry.file)
        while let next = try Self.next(of: sources) { try writer.append(next) }
        try writer.finish()
        return left.map(\.entry) + [CommitRecord.Segment(run: run, count: writer.count)]
    }

    /// The first record of all, which the newest list has the say in; no other of its unit comes again.
    private static func next(of lists: [UnitRecordList]) throws -> UnitRecord? {
        var least: UnitRecord?
        for list in lists {
            guard let first = try list.first else { continue }
            if least.map({ UnitRecord.isBefore(first, $0) }) ?? true { least = first }
        }
        guard let least else { return nil }
        for list in lists where try list.first?.isSameUnit(as: least) == true { list.dropFirst() }
        return least
    }

    private static func sorted(_ units: [UnitRecord]) -> [UnitRecord] {
        // The sort is stable: of two records of one unit the later stands behind.
        var sorted: [UnitRecord] = []
        sorted.reserveCapacity(units.count)
        for unit in units.sorted(by: UnitRecord.isBefore) {
            if sorted.last?.isSameUnit(as: unit) == true { sorted.removeLast() }
            sorted.append(unit)
        }
        return sorted
    }
}

/// Records in their order, of an array or of a file of which a piece is in memory.
private final class UnitRecordList {
    private var records: [UnitRecord]
    private var place = 0
    private let file: UnitSegment?
    private var read = 0

    init(_ records: [UnitRecord]) {
        self.records = records
        file = nil
    }

    init(_ file: UnitSegment) {
        records = []
        self.file = file
    }

    var first: UnitRecord? {
        get throws {
            if place == records.count, let file, read < file.count {
                records = try file.records(from: read)
                read += records.count
                place = 0
            }
            return place < records.count ? records[place] : nil
        }
    }

    func dropFirst() { place += 1 }
}
