import MHPipeKit

/// Fingerprints on disk, in their order.
///
/// In memory are the first of each page, and where there is room a filter; one that may be there costs one read of a page.
final class FingerprintRun {
    private let file: SpillFile
    private(set) var count = 0
    private var pageStarts: [UInt64] = []
    private(set) var filter: FingerprintFilter?
    private var page: [Fingerprint] = []
    /// The number of the page that is in `page`.
    private var pageRead = -1

    /// Fingerprints in a page.
    private static let pageCount = 256
    private static let size = MemoryLayout<Fingerprint>.stride

    /// Makes an empty run on the disk of a folder, with a filter for so many fingerprints; nil for none.
    init(in folder: String, filtered: Int?) throws {
        file = try SpillFile(in: folder)
        filter = filtered.map { FingerprintFilter(count: $0) }
    }

    /// Appends fingerprints that come behind all that are there.
    func append(_ fingerprints: [Fingerprint]) throws {
        for fingerprint in fingerprints {
            if count % Self.pageCount == 0 { pageStarts.append(fingerprint.high) }
            filter?.insert(fingerprint.high)
            count += 1
        }
        try unsafe fingerprints.withUnsafeBytes { try unsafe file.append($0) }
    }

    /// The fingerprint that is there; nil when there is none.
    func find(_ fingerprint: Fingerprint, comparesLow: Bool) throws -> Fingerprint? {
        if let filter, !filter.mayContain(fingerprint.high) { return nil }
        var number = max(pageStarts.partitioningIndex { $0 >= fingerprint.high } - 1, 0)
        while number < pageStarts.count, pageStarts[number] <= fingerprint.high {
            try read(page: number)
            var place = page.partitioningIndex { $0.high >= fingerprint.high }
            while place < page.count, page[place].high == fingerprint.high {
                if !comparesLow || page[place].low == fingerprint.low { return page[place] }
                place += 1
            }
            number += 1
        }
        return nil
    }

    /// The fingerprint at a place.
    subscript(place: Int) -> Fingerprint {
        get throws {
            try read(page: place / Self.pageCount)
            return page[place % Self.pageCount]
        }
    }

    /// Lends every fingerprint in its order.
    func forEach(_ body: (Fingerprint) throws -> Void) throws {
        for number in pageStarts.indices {
            try read(page: number)
            try page.forEach(body)
        }
    }

    private func read(page number: Int) throws {
        guard number != pageRead else { return }
        let count = min(Self.pageCount, count - number * Self.pageCount)
        let bytes = try file.bytes(count * Self.size, at: number * Self.pageCount * Self.size)
        page = unsafe bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Fingerprint.self)) }
        pageRead = number
    }
}

extension RandomAccessCollection {
    /// The first place at which a test holds that, from some place on, always holds.
    func partitioningIndex(_ holds: (Element) -> Bool) -> Index {
        var (low, size) = (startIndex, count)
        while size > 0 {
            let half = size / 2
            let middle = index(low, offsetBy: half)
            if holds(self[middle]) { size = half } else { (low, size) = (index(after: middle), size - half - 1) }
        }
        return low
    }
}
