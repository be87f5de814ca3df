import MHPipeIO
import MHPipeKit

extension KeptFingerprint: SortedRecord {
    /// The bytes of one: two numbers, little-endian.
    static let count = 16

    static func isBefore(_ left: KeptFingerprint, _ right: KeptFingerprint) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    func isSame(as other: KeptFingerprint) -> Bool { self == other }
}

/// A file of fingerprints in their order, of which little is read but the pages that are asked for.
///
/// The file: 16 bytes that say what it is and in which version, the fingerprints in pages of 256, a filter, and the index, with a
/// sum of each page. When it is opened, the index alone is read, 16 bytes for a page; a page is held against its sum when it is
/// first read. So a start does not go by what was ever kept.
final class KnownSegment {
    /// What stands behind the fingerprints: the bytes of the filter and their SHA-256, for each page its first 64 bits and
    /// 64 of its SHA-256, and the SHA-256 of all this and the title.
    private struct Index {
        let filterBytes: Int
        let filterHash: [UInt8]
        var starts: [UInt64] = []
        var sums: [UInt64] = []
    }

    let count: Int
    private let file: FolderFile
    private let index: Index
    private let hash: SHA256
    private var filter: FingerprintFilter?
    /// The pages that are known to be as they were written.
    private var isSound: [Bool]
    private var page: [KeptFingerprint] = []
    private var pageRead = -1

    static let title = Array("mhpipe-prints 1\n".utf8)
    static let pageCount = 256
    static let pageBytes = pageCount * KeptFingerprint.count
    private static let headBytes = 8 + SHA256.count
    private static let pagesInPiece = 256

    /// Opens a file, of which it reads the index.
    ///
    /// - Throws: `StageError` when it is not what a run has written, so many fingerprints.
    init(_ folder: StateFolder, _ part: String, count: Int) throws {
        self.count = count
        file = try FolderFile(folder, part)
        hash = try SHA256()
        let pages = (count + Self.pageCount - 1) / Self.pageCount
        let indexBytes = Self.headBytes + pages * 16
        let (size, end) = (try file.size(), Self.title.count + count * KeptFingerprint.count)
        let start = size - indexBytes - SHA256.count
        guard count > 0, start >= end, try file.bytes(Self.title.count, at: 0) == Self.title else { throw file.damage }
        let bytes = try file.bytes(indexBytes, at: start)
        hash.update(Self.title)
        hash.update(bytes)
        guard try file.bytes(SHA256.count, at: size - SHA256.count) == hash.finish() else { throw file.damage }
        let numbers = Self.numbers(bytes[Self.headBytes...])
        var index = Index(
            filterBytes: Int(truncatingIfNeeded: Self.numbers(bytes[..<8])[0]),
            filterHash: Array(bytes[8..<Self.headBytes])
        )
        for page in 0..<pages {
            index.starts.append(numbers[2 * page])
            index.sums.append(numbers[2 * page + 1])
        }
        guard start == end + index.filterBytes else { throw file.damage }
        self.index = index
        isSound = Array(repeating: false, count: pages)
    }

    /// The bytes that its filter takes in memory; 0 when it has none.
    var filterBytes: Int { index.filterBytes }

    /// Reads the filter, which spares reads of pages from here on.
    func useFilter() throws {
        guard filter == nil, filterBytes > 0 else { return }
        let bytes = try file.bytes(filterBytes, at: Self.title.count + count * KeptFingerprint.count)
        hash.update(bytes)
        guard hash.finish() == index.filterHash, let filter = FingerprintFilter(words: Self.numbers(bytes[...])) else {
            throw file.damage
        }
        self.filter = filter
    }

    /// The second half of a fingerprint with the same first one, and with that second one unless it is nil.
    func find(_ high: UInt64, low: UInt64?) throws -> UInt64? {
        if let filter, !filter.mayContain(high) { return nil }
        let starts = index.starts
        var number = max(Self.place(in: starts.count) { starts[$0] >= high } - 1, 0)
        while number < starts.count, starts[number] <= high {
            try read(page: number)
            var place = Self.place(in: page.count) { page[$0].high >= high }
            while place < page.count, page[place].high == high {
                if low == nil || page[place].low == low { return page[place].low }
                place += 1
            }
            number += 1
        }
        return nil
    }

    /// Some fingerprints from a place on, where a page begins; none behind the last.
    func records(from place: Int) throws -> [KeptFingerprint] {
        let pages = min(Self.pagesInPiece, index.starts.count - place / Self.pageCount)
        guard place < count, pages > 0 else { return [] }
        return Self.records(try bytes(ofPages: pages, from: place / Self.pageCount))
    }

    private func read(page number: Int) throws {
        guard number != pageRead else { return }
        pageRead = -1
        page = Self.records(try bytes(ofPages: 1, from: number))
        pageRead = number
    }

    private func bytes(ofPages pages: Int, from first: Int) throws -> [UInt8] {
        let start = first * Self.pageBytes
        let bytes = try file.bytes(
            min(pages * Self.pageBytes, count * KeptFingerprint.count - start),
            at: Self.title.count + start
        )
        for number in 0..<pages where !isSound[first + number] {
            let page = bytes[number * Self.pageBytes..<min((number + 1) * Self.pageBytes, bytes.count)]
            guard Self.sum(of: page, hash) == index.sums[first + number] else { throw file.damage }
            isSound[first + number] = true
        }
        return bytes
    }

    /// What the index has of a page.
    static func sum(of page: ArraySlice<UInt8>, _ hash: SHA256) -> UInt64 {
        unsafe page.withUnsafeBytes { unsafe hash.update($0) }
        return numbers(hash.finish()[..<8])[0]
    }

    /// The first place of some at which a test holds that, from some place on, always holds.
    private static func place(in count: Int, _ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
        unsafe bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 8).map { place in
                UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
            }
        }
    }

    private static func records(_ bytes: [UInt8]) -> [KeptFingerprint] {
        unsafe bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / KeptFingerprint.count).map { place in
                KeptFingerprint(
                    high: UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16 * place, as: UInt64.self)),
                    low: UInt64(
                        littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: 16 * place + 8, as: UInt64.self)
                    )
                )
            }
        }
    }
}
