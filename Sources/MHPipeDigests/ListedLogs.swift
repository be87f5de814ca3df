import MHPipeKit

/// The log files that digest files list, in little memory: there may be millions.
struct ListedLogs {
    /// Hashes with a key of this process, which nobody can aim at.
    private var hashes: Set<Int> = []
    /// The kinds of log files that are listed; of others no digest file tells.
    private var kinds: Set<Substring> = [log]
    private var ends: [Place: Timestamp] = [:]

    private struct Place: Hashable {
        let account: String?
        let region: String?
    }

    private static let log = Substring("CloudTrail")

    mutating func insert(_ object: ObjectAddress) {
        hashes.insert(object.hashValue)
        if let kind = Self.kind(of: object) { kinds.insert(kind) }
    }

    /// Notes when the last digest file of a chain ends.
    mutating func noteEnd(_ end: Timestamp?, of chain: ChainName) {
        let place = Place(account: chain.account, region: chain.region)
        if let end { ends[place] = max(ends[place] ?? end, end) }
    }

    /// The key of a log file that no digest file lists; nil for a file that is listed, or is none.
    func unlisted(_ object: ObjectAddress) -> CloudTrailKey? {
        guard let kind = Self.kind(of: object), kinds.contains(kind), !hashes.contains(object.hashValue) else {
            return nil
        }
        return CloudTrailKey(file: Array(object.key.utf8))
    }

    /// True when it was delivered behind all digest files of its account and region, so that the next one may list it.
    func isAfterLastDigest(_ key: CloudTrailKey) -> Bool {
        guard let end = ends[Place(account: key.account, region: key.region)], let time = key.delivered else {
            return false
        }
        return time.upperBound > end
    }

    /// `CloudTrail`, `CloudTrail-Insight` and the like; nil for what has not the name of a log file.
    private static func kind(of object: ObjectAddress) -> Substring? {
        guard object.name.hasSuffix(".json.gz") else { return nil }
        let parts = object.name.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].hasPrefix(log), parts[1] != "CloudTrail-Digest" else { return nil }
        return parts[1]
    }
}
