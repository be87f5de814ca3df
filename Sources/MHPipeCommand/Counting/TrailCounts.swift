import MHPipeKit

/// How many events there are by each facet.
///
/// Of each facet so many different values are counted one by one: those that come first in the input. The events of others are
/// counted together, so memory has a bound, and the counts are the same for any number of workers.
struct TrailCounts {
    /// The counts of one facet.
    struct Facet {
        fileprivate(set) var counts: [String: Int] = [:]
        /// The events without a value.
        fileprivate(set) var missing = 0
        /// The events with values beyond the bound.
        fileprivate(set) var beyond = 0

        /// The values with their counts, the largest first; days in their order.
        func ranked(byValue: Bool) -> [(value: String, count: Int)] {
            counts.map { ($0.key, $0.value) }.sorted { left, right in
                left.1 == right.1 || byValue ? left.0 < right.0 : left.1 > right.1
            }
        }
    }

    /// The different values of a facet that are counted one by one.
    var limit = 10_000
    private(set) var events = 0
    private(set) var facets = [Facet](repeating: Facet(), count: TrailFacet.allCases.count)

    subscript(facet: TrailFacet) -> Facet { facets[facet.rawValue] }

    /// Counts one event, whose values come in the order of the facets.
    mutating func count(_ values: [String?]) {
        events += 1
        for (number, value) in values.enumerated() {
            guard let value else {
                facets[number].missing += 1
                continue
            }
            if facets[number].counts[value] != nil || facets[number].counts.count < limit {
                facets[number].counts[value, default: 0] += 1
            } else {
                facets[number].beyond += 1
            }
        }
    }

    /// The days between the first and the last one of which there is no event, in stretches.
    var gaps: [(first: String, last: String)] {
        // Days that were not counted one by one would look like gaps.
        guard self[.day].beyond == 0 else { return [] }
        let days = self[.day].counts.keys.sorted().compactMap { Timestamp(rfc3339: $0 + "T00:00:00Z")?.seconds }
        return zip(days, days.dropFirst()).filter { $1 - $0 > Self.day }.map { before, after in
            (Self.text(before + Self.day), Self.text(after - Self.day))
        }
    }

    private static let day: Int64 = 86_400

    private static func text(_ seconds: Int64) -> String { String(Timestamp(seconds: seconds).description.prefix(10)) }
}
