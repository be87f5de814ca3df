/// Why an event goes no further, for the accounts of the run.
public enum DropReason: String, Sendable, CaseIterable, Codable {
    /// It is not one of those that were asked for.
    case filtered
    /// It is another copy of an event that went on.
    case duplicate
    /// Its content went into something else, such as a count.
    case consumed
}

/// How many events were dropped, by reason.
package struct DropCounts: Sendable, Hashable {
    package var filtered = 0
    package var duplicate = 0
    package var consumed = 0

    package init() {}

    package var total: Int { filtered + duplicate + consumed }

    package mutating func count(_ events: Int, as reason: DropReason) {
        switch reason {
        case .filtered: filtered += events
        case .duplicate: duplicate += events
        case .consumed: consumed += events
        }
    }

    package static func += (left: inout DropCounts, right: DropCounts) {
        left.filtered += right.filtered
        left.duplicate += right.duplicate
        left.consumed += right.consumed
    }
}
