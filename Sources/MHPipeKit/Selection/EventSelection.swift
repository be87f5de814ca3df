/// The accounts, regions and times whose events a source reads.
package struct EventSelection: Sendable {
    /// What events are selected by.
    package enum Field: Sendable, CaseIterable {
        case account
        case region
        case time
    }

    /// Nil for all.
    package let accounts: Set<String>?
    /// Nil for all.
    package let regions: Set<String>?
    /// The first moment, and the first one behind; nil for no end.
    package let since: Timestamp?
    package let until: Timestamp?
    /// How long after an event the file that holds it may have been delivered.
    private let late: Duration

    package init(
        accounts: Set<String>? = nil,
        regions: Set<String>? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        late: Duration = .zero
    ) {
        self.accounts = accounts
        self.regions = regions
        self.since = since
        self.until = until
        self.late = late
    }

    /// True when it selects by times.
    package var hasTime: Bool { since != nil || until != nil }

    /// The fields of an event that tell.
    package var fields: [KnownField] {
        (regions == nil ? [] : [.awsRegion]) + (hasTime ? [.eventTime] : [])
            + (accounts == nil ? [] : [.recipientAccountId])
    }

    package func contains(_ time: Timestamp) -> Bool {
        since.map { $0 <= time } ?? true && until.map { time < $0 } ?? true
    }

    /// Why no event that is asked for can be behind a key; nil when there may be one.
    ///
    /// An event is older than its file, and by `late` at most.
    package func excluding(_ key: CloudTrailKey) -> Field? {
        if let accounts, let account = key.account, !accounts.contains(account) { return .account }
        if let regions, let region = key.region, !regions.contains(region) { return .region }
        guard let delivered = key.delivered else { return nil }
        if let since, delivered.upperBound <= since { return .time }
        if let until, delivered.lowerBound.advanced(by: .zero - late) >= until { return .time }
        return nil
    }

    /// True when no key within the time of a key would be left out for its time.
    package func takesAllTimes(of key: CloudTrailKey) -> Bool {
        guard let delivered = key.delivered else { return !hasTime }
        return since.map { $0 <= delivered.lowerBound } ?? true
            && until.map { delivered.upperBound.advanced(by: .zero - late) <= $0 } ?? true
    }
}
