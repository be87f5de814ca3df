package import MHPipeKit

/// Which digest files and log files are looked at.
package struct TrailSelection: Sendable {
    /// Nil for all.
    package var accounts: Set<String>?
    package var regions: Set<String>?
    /// The time of which digest files are to tell; nil where it begins with the first or ends with the last of them.
    package var since: Timestamp?
    package var until: Timestamp?

    /// The digest file of a moment may be delivered an hour later.
    private static let lateness = Duration.seconds(3600)

    package init(
        accounts: Set<String>? = nil,
        regions: Set<String>? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.accounts = accounts
        self.regions = regions
        self.since = since
        self.until = until
    }

    func has(account: String?, region: String?) -> Bool {
        accounts.map { $0.contains(account ?? "") } ?? true && regions.map { $0.contains(region ?? "") } ?? true
    }

    func has(_ key: DigestKey) -> Bool {
        has(account: key.chain.account, region: key.chain.region) && since.map { key.time >= $0 } ?? true
            && until.map { key.time <= $0.advanced(by: Self.lateness) } ?? true
    }

    /// True when the digest file before one that begins at a time is still asked for.
    func reaches(before start: Timestamp) -> Bool { since.map { $0 <= start } ?? true }

    /// True for a log file that was delivered at a time.
    func has(_ key: CloudTrailKey) -> Bool {
        guard has(account: key.account, region: key.region) else { return false }
        guard let delivered = key.delivered else { return true }
        return since.map { delivered.upperBound > $0 } ?? true && until.map { delivered.lowerBound < $0 } ?? true
    }
}
