/// The accounts, regions and times whose events a source reads.
public struct EventSelection: Sendable {
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
    /// True where someone wants to see also what is not selected, so that no unit is left out.
    package let opensAll: Bool

    package init(
        accounts: Set<String>? = nil,
        regions: Set<String>? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        late: Duration = .zero,
        opensAll: Bool = false
    ) {
        self.accounts = accounts
        self.regions = regions
        self.since = since
        self.until = until
        self.late = late
        self.opensAll = opensAll
    }

    package var hasTime: Bool { since != nil || until != nil }

    /// The fields of an event that tell.
    package var fields: [KnownField] {
        (regions == nil ? [] : [.awsRegion]) + (hasTime ? [.eventTime] : [])
            + (accounts == nil ? [] : [.recipientAccountId])
    }

    /// Up to when files may have been delivered that hold what is asked for; nil for no end.
    package var lastDelivery: Timestamp? { until?.advanced(by: late) }

    package func contains(_ time: Timestamp) -> Bool {
        since.map { $0 <= time } ?? true && until.map { time < $0 } ?? true
    }

    /// True when events that are asked for may be in a unit; a source hands out no others.
    ///
    /// - Parameter facts: What is known of the unit before it is read; what is not known excludes nothing.
    /// - Returns: False when no such event can be in it.
    public func mayHold(_ facts: UnitFacts) -> Bool { excluding(facts) == nil }

    /// Why no event that is asked for can be behind a key; nil when there may be one.
    package func excluding(_ key: CloudTrailKey) -> Field? { excluding(UnitFacts(key)) }

    /// An event is older than its file, and by `late` at most.
    private func excluding(_ facts: UnitFacts) -> Field? {
        if opensAll { return nil }
        if let accounts, let account = facts.account, !accounts.contains(account) { return .account }
        if let regions, let region = facts.region, !regions.contains(region) { return .region }
        let first = [facts.time?.lowerBound, facts.delivered?.lowerBound.advanced(by: .zero - late)]
        let end = [facts.time?.upperBound, facts.delivered?.upperBound]
        if let since, end.contains(where: { $0.map { $0 <= since } ?? false }) { return .time }
        if let until, first.contains(where: { $0.map { $0 >= until } ?? false }) { return .time }
        return nil
    }

    /// True when events behind `until` may be behind a key, which who asks for a later time would read.
    package func mayHoldLater(_ key: CloudTrailKey) -> Bool {
        guard let until, let delivered = key.delivered, until < delivered.upperBound else { return false }
        return excluding(key).map { $0 == .time } ?? true
    }

    /// True when no key within the time of a key would be left out for its time.
    package func takesAllTimes(of key: CloudTrailKey) -> Bool {
        if opensAll { return true }
        guard let delivered = key.delivered else { return !hasTime }
        return since.map { $0 <= delivered.lowerBound } ?? true
            && until.map { delivered.upperBound.advanced(by: .zero - late) <= $0 } ?? true
    }
}
