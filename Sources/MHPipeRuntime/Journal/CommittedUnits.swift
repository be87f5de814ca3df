import MHPipeKit

/// The units that runs have committed, in some files of sorted records, which are merged by `SegmentMerge`.
final class CommittedUnits {
    private let folder: StateFolder
    private let segments: [(entry: CommitRecord.Segment, file: UnitSegment)]

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
        guard !units.isEmpty else { return segments.map(\.entry) }
        let merged = segments.suffix(SegmentMerge<UnitRecord>.merged(segments.map(\.entry.count), with: units.count))
        let files = merged.reversed().map { segment in RecordList { try segment.file.records(from: $0) } }
        let merge = SegmentMerge([RecordList(Self.sorted(units))] + files)
        let entry = CommitRecord.Segment(run: run, count: 0)
        var writer = try UnitSegmentWriter(folder, entry.file)
        while let next = try merge.next() { try writer.append(next) }
        try writer.finish()
        return segments.dropLast(merged.count).map(\.entry) + [CommitRecord.Segment(run: run, count: writer.count)]
    }

    private static func sorted(_ units: [UnitRecord]) -> [UnitRecord] {
        // The sort is stable: of two records of one unit the later stands behind.
        var sorted: [UnitRecord] = []
        sorted.reserveCapacity(units.count)
        for unit in units.sorted(by: UnitRecord.isBefore) {
            if sorted.last?.isSame(as: unit) == true { sorted.removeLast() }
            sorted.append(unit)
        }
        return sorted
    }
}
