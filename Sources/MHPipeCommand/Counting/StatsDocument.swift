/// The counts as `stats --json` has them.
struct StatsDocument: Encodable {
    /// Changes with each change that a reader could trip over.
    static let schema = 1

    struct Entry: Encodable {
        let value: String
        let events: Int
    }

    struct Facet: Encodable {
        let top: [Entry]
        /// The different values that were counted one by one.
        let distinct: Int
        /// True when there are more, whose events are in `others`.
        let isOverLimit: Bool
        /// The events with other values than those of `top`.
        let others: Int
        /// The events without a value.
        let missing: Int
    }

    struct Gap: Encodable {
        let first: String
        let last: String
    }

    let schema = StatsDocument.schema
    let events: Int
    let facets: [String: Facet]
    let gaps: [Gap]

    init(_ counts: TrailCounts, top: Int) {
        events = counts.events
        gaps = counts.gaps.map { Gap(first: $0.first, last: $0.last) }
        let entries = TrailFacet.allCases.map { ($0.key, Self.facet(counts[$0], top, byValue: $0 == .day)) }
        facets = Dictionary(uniqueKeysWithValues: entries)
    }

    /// Days are all there, since gaps mean something between them only.
    private static func facet(_ facet: TrailCounts.Facet, _ top: Int, byValue: Bool) -> Facet {
        let ranked = facet.ranked(byValue: byValue)
        let shown = byValue ? ranked[...] : ranked.prefix(top)
        let rest = ranked.dropFirst(shown.count).reduce(0) { $0 + $1.count }
        return Facet(
            top: shown.map { Entry(value: $0.value, events: $0.count) },
            distinct: ranked.count,
            isOverLimit: facet.beyond > 0,
            others: rest + facet.beyond,
            missing: facet.missing
        )
    }

    /// The object, keys sorted, with a line end.
    var json: String {
        get throws { try JSONDocument.text(self, isPretty: true) + "\n" }
    }
}
