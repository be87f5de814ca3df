import MHPipeKit
import MHPipePlan

/// What was counted of all units whose turn has come, and which of them were read.
final class UnitTotals: Sendable {
    private struct State {
        var counts: StageCounts
        /// For each source that wants to know, what became of its units.
        var units: [String: Units]
    }

    /// The units of a source, in order.
    struct Units {
        var read: [UnitID] = []
        /// Those that could not be opened, and the names of what could not be read.
        var reported: [UnitID] = []
    }

    private let state: Locked<State>

    /// - Parameters:
    ///   - plan: What is run.
    ///   - sources: The names of the sources that want to know which units were read.
    init(_ plan: PipelinePlan, of sources: [String]) {
        state = Locked(
            State(counts: StageCounts(plan), units: Dictionary(uniqueKeysWithValues: sources.map { ($0, Units()) }))
        )
    }

    /// Adds what a section has counted of a unit.
    func add(_ counts: StageCounts) {
        state.withLock { $0.counts += counts }
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
        state.withLock { state in
            if isRead { state.units[source]?.read.append(unit) } else { state.units[source]?.reported.append(unit) }
        }
    }

    var counts: StageCounts { state.withLock { $0.counts } }

    /// What became of the units of a source.
    func units(_ source: String) -> Units { state.withLock { $0.units[source] ?? Units() } }
}
