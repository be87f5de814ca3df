import MHPipeKit
import MHPipePlan

/// What was counted of all units whose turn has come, and which of them were read.
final class UnitTotals: Sendable {
    private struct State {
        var counts: StageCounts
        /// For each source that wants to know, its units that were read.
        var read: [String: [UnitID]]
    }

    private let state: Locked<State>

    /// - Parameters:
    ///   - plan: What is run.
    ///   - sources: The names of the sources that want to know which units were read.
    init(_ plan: PipelinePlan, of sources: [String]) {
        state = Locked(
            State(counts: StageCounts(plan), read: Dictionary(uniqueKeysWithValues: sources.map { ($0, []) }))
        )
    }

    /// Adds what a section has counted of a unit.
    func add(_ counts: StageCounts) {
        state.withLock { $0.counts += counts }
    }

    /// Takes note that all sections are done with a unit.
    func end(_ unit: UnitOutcome) {
        guard unit.ending == .read || unit.ending == .damaged else { return }
        state.withLock { $0.read[unit.source]?.append(unit.id) }
    }

    /// Takes note of a unit that an earlier run has committed, and that its source may not have heard of.
    func pass(_ unit: UnitID, of source: String) {
        state.withLock { $0.read[source]?.append(unit) }
    }

    var counts: StageCounts { state.withLock { $0.counts } }

    /// The units of a source that were read, in order.
    func read(_ source: String) -> [UnitID] { state.withLock { $0.read[source] ?? [] } }
}
