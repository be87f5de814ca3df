import MHPipeIO
import MHPipeKit

/// The digest files, and the log files that they list, in little memory: there may be millions.
struct ListedLogs {
    /// Hashes with a key of this process, which nobody can aim at.
    private var hashes: Set<Int> = []
    private var ends: [Place: Timestamp] = [:]

    private struct Place: Hashable {
        let account: String?
        let region: String?
    }

    mutating func insert(_ object: ObjectAddress) { hashes.insert(object.hashValue) }

    /// Notes when the last digest file of a chain ends.
    mutating func noteEnd(_ end: Timestamp?, of chain: ChainName) {
        let place = Place(account: chain.account, region: chain.region)
        if let end { ends[place] = max(ends[place] ?? end, end) }
    }

    /// True for a file that a run would read as a log, and that no digest file lists; also for what is only named like a digest
    /// file, where none is looked for.
    func isUnlisted(_ object: ObjectAddress) -> Bool {
        LogName.isLog(Array(object.key.utf8)) && !hashes.contains(object.hashValue) && !SavedMetadata.isName(object.key)
    }

    /// True when it was delivered behind all digest files of its account and region, so that the next one may list it.
    func isAfterLastDigest(_ key: CloudTrailKey) -> Bool {
        guard let end = ends[Place(account: key.account, region: key.region)], let time = key.delivered else {
            return false
        }
        return time.upperBound > end
    }
}
