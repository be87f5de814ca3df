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

    /// For each source, its units.
    private let lists: [any UnitList]
    /// How many units there are.
    let count: Int
    /// The bytes of all units as stored, or 0 when one does not know its size.
    let bytes: Int
    private let next = Atomic(0)
    private let isClosed = Atomic(false)

    init(_ lists: [any UnitList]) {
        self.lists = lists
        count = lists.reduce(0) { $0 + $1.count }
        let sizes = lists.compactMap(\.bytes)
        bytes = sizes.count == lists.count ? sizes.reduce(0, +) : 0
    }

    /// The next unit, or nil when there is none or the feed is closed.
    func take() -> Item? {
        guard !isClosed.load(ordering: .acquiring) else { return nil }
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        var place = number
        for (source, list) in lists.enumerated() {
            if place < list.count { return Item(number: number, unit: list.unit(at: place), source: source) }
            place -= list.count
        }
        return nil
    }

    /// Hands out no more units.
    func close() {
        isClosed.store(true, ordering: .releasing)
    }

    /// How many units were handed out.
    var handedOut: Int { min(next.load(ordering: .acquiring), count) }

    /// True when every unit was handed out.
    var isExhausted: Bool { next.load(ordering: .acquiring) >= count }
}

/// Units that a source has made already.
struct MadeUnits: UnitList {
    let units: [any SourceUnit]
    let bytes: Int?

    init(_ units: [any SourceUnit]) {
        self.units = units
        let sizes = units.compactMap(\.size)
        bytes = sizes.count == units.count ? sizes.reduce(0, +) : nil
    }

    var count: Int { units.count }

    func unit(at place: Int) -> any SourceUnit { units[place] }
}
