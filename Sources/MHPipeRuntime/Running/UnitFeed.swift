import MHPipeKit
import Synchronization

/// Hands the numbered units of work to the workers, each to the first that asks.
final class UnitFeed: Sendable {
    /// A unit, its number, and the source it came from.
    struct Item: Sendable {
        var number: Int
        var unit: any SourceUnit
        /// The place of its source in the plan.
        var source: Int
    }

    private let items: [Item]
    private let next = Atomic(0)
    private let isClosed = Atomic(false)

    init(_ units: [(source: Int, unit: any SourceUnit)]) {
        items = units.enumerated().map { Item(number: $0.offset, unit: $0.element.unit, source: $0.element.source) }
    }

    var count: Int { items.count }

    /// The bytes of all units as stored, or 0 when one does not know its size.
    var bytes: Int {
        let sizes = items.compactMap(\.unit.size)
        return sizes.count == items.count ? sizes.reduce(0, +) : 0
    }

    /// The next unit, or nil when there is none or the feed is closed.
    func take() -> Item? {
        guard !isClosed.load(ordering: .acquiring) else { return nil }
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < items.count ? items[number] : nil
    }

    /// Hands out no more units.
    func close() {
        isClosed.store(true, ordering: .releasing)
    }

    /// True when every unit was handed out.
    var isExhausted: Bool { next.load(ordering: .acquiring) >= items.count }
}
