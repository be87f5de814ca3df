/// What a selection left out, enough to say why it left nothing; those of all workers are put together at the end.
package struct SelectionSighting: Sendable {
    private var accounts: Set<String> = []
    private var regions: Set<String> = []
    /// From the first moment to the last.
    private var times: ClosedRange<Timestamp>?
    private var hasMore = false

    private static let most = 64

    package init() {}

    /// True when nothing was left out.
    package var isEmpty: Bool { accounts.isEmpty && regions.isEmpty && times == nil }

    package mutating func note(account: String) { note(account, \.accounts) }

    package mutating func note(region: String) { note(region, \.regions) }

    package mutating func note(times other: ClosedRange<Timestamp>) {
        times = times.map { min($0.lowerBound, other.lowerBound)...max($0.upperBound, other.upperBound) } ?? other
    }

    /// Takes note of a key that was left out, and by what.
    package mutating func note(_ key: CloudTrailKey, excludedBy field: EventSelection.Field) {
        switch field {
        case .account: key.account.map { note(account: $0) }
        case .region: key.region.map { note(region: $0) }
        case .time:
            guard let delivered = key.delivered else { return }
            note(times: delivered.lowerBound...delivered.upperBound.advanced(by: .seconds(-1)))
        }
    }

    private mutating func note(_ text: String, _ seen: WritableKeyPath<Self, Set<String>>) {
        guard !self[keyPath: seen].contains(text) else { return }
        if self[keyPath: seen].count < Self.most { self[keyPath: seen].insert(text) } else { hasMore = true }
    }

    package static func += (left: inout SelectionSighting, right: SelectionSighting) {
        for account in right.accounts { left.note(account: account) }
        for region in right.regions { left.note(region: region) }
        if let times = right.times { left.note(times: times) }
        left.hasMore = left.hasMore || right.hasMore
    }

    // MARK: - Wording

    /// What was left out.
    ///
    /// - Parameter selection: What was asked for.
    /// - Returns: What follows `they are`: `of account 111122223333, from 2026-01-01 to 2026-01-31`.
    package func text(_ selection: EventSelection) -> String {
        var parts: [String] = []
        if !accounts.isEmpty {
            let asked = (selection.accounts ?? []).sorted()
            let meant = asked.lazy.compactMap { Suggestion.nearest(to: $0, among: accounts.sorted()) }.first
            parts.append(list("account", accounts) + (meant.map { " (did you mean '\($0)'?)" } ?? ""))
        }
        if !regions.isEmpty { parts.append(list("region", regions)) }
        if let times {
            let days = (first: times.lowerBound.day, last: times.upperBound.day)
            parts.append("from \(days.first)" + (days.first == days.last ? "" : " to \(days.last)"))
        }
        return parts.joined(separator: ", ")
    }

    private func list(_ noun: String, _ seen: Set<String>) -> String {
        let seen = seen.sorted()
        let shown = seen.prefix(3).joined(separator: ", ") + (seen.count > 3 || hasMore ? " and others" : "")
        return "of \(noun)\(seen.count == 1 ? "" : "s") \(shown)"
    }
}

extension Timestamp {
    /// The day in UTC.
    fileprivate var day: String { String(description.prefix(10)) }
}
