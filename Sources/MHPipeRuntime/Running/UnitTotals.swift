import MHPipeKit
import MHPipePlan

/// What was counted of all units whose turn has come, and which of them were read.
final class UnitTotals: Sendable {
    /// The units of a source, in order.
    struct Units {
        var read: [UnitID] = []
        /// Those that could not be opened, and the names of what could not be read.
        var reported: [UnitID] = []
    }

    private let summed: Locked<StageCounts>
    /// The sources that want to know what became of their units, each with its place in `units`.
    private let places: [String: Int]
    private let units: Locked<[Units]>

    /// - Parameters:
    ///   - plan: What is run.
    ///   - sources: The names of the sources that want to know which units were read.
    init(_ plan: PipelinePlan, of sources: [String]) {
        summed = Locked(StageCounts(plan))
        places = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
        units = Locked(sources.map { _ in Units() })
    }

    /// Adds what a section has counted of a unit.
    func add(_ counts: StageCounts) {
        summed.withLock { $0 += counts }
    }

    /// Takes note that all sections are done with a unit.
    func end(_ unit: UnitOutcome) {
        guard unit.ending != .cut else { return }
        note(unit.id, of: unit.source, isRead: unit.ending != .unreadable)
    }

    /// Takes note of a unit that an earlier run has committed, and that its source may not have heard of.
    func pass(_ unit: UnitID, of source: String) { note(unit, of: source, isRead: true) }

    /// Takes note of a unit that was read, or that the user was told of since it could not be.
    func note(_ unit: UnitID, of source: String, isRead: Bool) {
        guard let place = places[source] else { return }
        units.withLock { units in
            if isRead { units[place].read.append(unit) } else { units[place].reported.append(unit) }
        }
    }

    var counts: StageCounts { summed.withLock { $0 } }

    /// What became of the units of a source.
    func units(_ source: String) -> Units { places[source].map { place in units.withLock { $0[place] } } ?? Units() }
}
