import Libc
import MHPipeIO
import MHPipeKit

/// A file of records of units in the order of their hashes, of which a page is read for each question.
///
/// The file: 16 bytes that say what it is and in which version, the records, and the SHA-256 of all before. In memory is
/// the first hash of each page alone, 8 bytes for 128 units, so that the memory of a run hardly grows with what was
/// committed by others; the file is read once in whole when it is opened, to see that it is what was written.
final class UnitSegment {
    let count: Int
    private let file: FolderFile
    /// The first hash of each page.
    private var starts: [UInt64] = []
    private var page: [UInt8] = []
    private var pageRead = -1

    static let title = Array("mhpipe-units 1\n\0".utf8)
    private static let pageRecords = 128
    private static let pieceBytes = 1 << 20

    /// Opens a file, and reads all of it once.
    ///
    /// - Throws: `StageError` when it is not what a run has written, so many records.
    init(_ folder: StateFolder, _ segment: CommitRecord.Segment) throws {
        count = segment.count
        file = try FolderFile(folder, segment.file)
        let end = Self.title.count + count * UnitRecord.count
        guard try file.size() == end + SHA256.count, try file.bytes(Self.title.count, at: 0) == Self.title else {
            throw file.damage
        }
        let hash = try SHA256()
        hash.update(Self.title)
        let pageBytes = Self.pageRecords * UnitRecord.count
        for start in stride(from: Self.title.count, to: end, by: Self.pieceBytes) {
            let piece = try file.bytes(min(Self.pieceBytes, end - start), at: start)
            hash.update(piece)
            for page in stride(from: 0, to: piece.count, by: pageBytes) {
                starts.append(UnitRecord(piece, at: page).high)
            }
        }
        guard try file.bytes(SHA256.count, at: end) == hash.finish() else { throw file.damage }
    }

    /// The record of the same unit; nil when there is none.
    func find(_ unit: UnitRecord) throws -> UnitRecord? {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] < unit.high { low = middle + 1 } else { high = middle }
        }
        var number = max(low - 1, 0)
        while number < starts.count, starts[number] <= unit.high {
            if let found = try find(unit, inPage: number) { return found }
            number += 1
        }
        return nil
    }

    private func find(_ unit: UnitRecord, inPage number: Int) throws -> UnitRecord? {
        if number != pageRead {
            let first = number * Self.pageRecords
            let records = min(Self.pageRecords, count - first)
            page = try file.bytes(records * UnitRecord.count, at: Self.title.count + first * UnitRecord.count)
            pageRead = number
        }
        var (low, high) = (0, page.count / UnitRecord.count)
        while low < high {
            let middle = (low + high) / 2
            let record = UnitRecord(page, at: middle * UnitRecord.count)
            if UnitRecord.isBefore(record, unit) { low = middle + 1 } else { high = middle }
        }
        guard low * UnitRecord.count < page.count else { return nil }
        let record = UnitRecord(page, at: low * UnitRecord.count)
        return record.isSame(as: unit) ? record : nil
    }

    /// Some records from a place on; none behind the last.
    func records(from place: Int) throws -> [UnitRecord] {
        let records = min(Self.pieceBytes / UnitRecord.count, count - place)
        guard records > 0 else { return [] }
        let start = Self.title.count + place * UnitRecord.count
        return UnitRecord.all(in: try file.bytes(records * UnitRecord.count, at: start))
    }
}

/// Writes a file of records of units, which come in their order.
struct UnitSegmentWriter: ~Copyable {
    private let folder: StateFolder
    private let file: String
    private let descriptor: FileDescriptor
    private let hash: SHA256
    private var waiting = UnitSegment.title
    private(set) var count = 0

    /// Begins a file, in the place of one that has the name.
    init(_ folder: StateFolder, _ file: String) throws {
        let hash = try SHA256()
        descriptor = try folder.open(file, O_WRONLY | O_CREAT | O_TRUNC)
        (self.folder, self.file, self.hash) = (folder, file, hash)
    }

    mutating func append(_ record: UnitRecord) throws {
        record.append(to: &waiting)
        count += 1
        if waiting.count >= 1 << 20 { try flush() }
    }

    private mutating func flush() throws {
        hash.update(waiting)
        try folder.put(waiting, to: descriptor.number, sync: false, file)
        waiting.removeAll(keepingCapacity: true)
    }

    /// Ends the file, which is on the disk then.
    mutating func finish() throws {
        try flush()
        try folder.put(hash.finish(), to: descriptor.number, sync: true, file)
    }
}
