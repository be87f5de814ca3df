import MHPipeKit

/// A set of fingerprints in bounded memory; what does not fit is on disk.
///
/// Half of the memory is a table, which becomes a run on disk each time it is full, a quarter is for sorting it, and a
/// quarter for the filters of the runs, a byte for each fingerprint on disk. Runs for which no filter has room cost a
/// read for every question, and are merged, so that they stay few.
struct FingerprintSet {
    private var table: FingerprintTable
    private var runs: [FingerprintRun] = []
    private let comparesLow: Bool
    private let folder: String
    private var filterBytesLeft: Int

    /// So many runs without a filter become one.
    private static let mostUnfiltered = 8

    /// What filters may take of so much memory.
    static func filterBytes(of settings: SpillSettings) -> Int { settings.memory.bytes / 4 }

    /// Without `comparesLow` the first 64 bits decide alone which are the same; other filters may take so many bytes of the memory.
    init(_ settings: SpillSettings, comparesLow: Bool, otherFilterBytes: Int = 0) {
        table = FingerprintTable(bytes: settings.memory.bytes / 2)
        filterBytesLeft = Self.filterBytes(of: settings) - otherFilterBytes
        self.comparesLow = comparesLow
        folder = settings.folder.path
    }

    /// The number of fingerprints.
    var count: Int { runs.reduce(table.count) { $0 + $1.count } }

    /// The number of runs on disk.
    var runCount: Int { runs.count }

    /// The fingerprint that is there already; else nil, and this one is put there.
    mutating func insert(_ fingerprint: Fingerprint) throws -> Fingerprint? {
        for run in runs {
            if let found = try run.find(fingerprint, comparesLow: comparesLow) { return found }
        }
        let found = table.insert(fingerprint, comparesLow: comparesLow)
        if table.isFull { try spill() }
        return found
    }

    /// Lends every fingerprint, in no order.
    func forEach(_ body: (Fingerprint) throws -> Void) throws {
        for run in runs { try run.forEach(body) }
        try table.forEach(body)
    }

    private mutating func spill() throws {
        let bytes = FingerprintFilter.bytes(count: table.count)
        let isFiltered = bytes <= filterBytesLeft
        let run = try FingerprintRun(in: folder, filtered: isFiltered ? table.count : nil)
        if isFiltered { filterBytesLeft -= bytes }
        try table.empty { try run.append($0) }
        runs.append(run)
        let unfiltered = runs.filter { $0.filter == nil }
        guard unfiltered.count >= Self.mostUnfiltered else { return }
        let merged = try Self.merge(unfiltered, in: folder)
        runs.removeAll { $0.filter == nil }
        runs.append(merged)
    }

    private static func merge(_ runs: [FingerprintRun], in folder: String) throws -> FingerprintRun {
        let merged = try FingerprintRun(in: folder, filtered: nil)
        var places = runs.map { _ in 0 }
        var waiting: [Fingerprint] = []
        while true {
            var least: (run: Int, fingerprint: Fingerprint)?
            for (number, run) in runs.enumerated() where places[number] < run.count {
                let fingerprint = try run[places[number]]
                if least.map({ fingerprint < $0.fingerprint }) ?? true { least = (number, fingerprint) }
            }
            guard let next = least else { break }
            places[next.run] += 1
            waiting.append(next.fingerprint)
            guard waiting.count == 4096 else { continue }
            try merged.append(waiting)
            waiting.removeAll(keepingCapacity: true)
        }
        try merged.append(waiting)
        return merged
    }
}
