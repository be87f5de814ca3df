import MHPipeKit
import MHPipePlan

/// Tells the units that a run takes from those that earlier runs have committed, and counts both.
final class UnitPicker: Sendable {
    /// What became of the units that were looked at.
    struct Counts {
        /// Those that earlier runs have committed as they are.
        var committed = 0
        /// Those that they have committed when they held something else, and that are not read.
        var changed = 0
        /// Those of them that are read again.
        var reread = 0
        /// Those that this run was done with before it was stopped.
        var done = 0

        /// Those that are not read and not counted elsewhere.
        var passedOver: Int { committed + changed }
    }

    private struct State: @unchecked Sendable /* behind a mutex */ {
        let runs: CommittedRuns
        var counts = Counts()
    }

    private let state: Locked<State>
    private let sources: [String]
    private let policy: StateSettings.ChangePolicy
    private let totals: UnitTotals
    private let warn: @Sendable (_ stage: String, _ message: String) -> Void

    /// More changed units than this are counted alone.
    private static let mostNamed = 1000

    init(
        _ runs: CommittedRuns,
        sources: [String],
        policy: StateSettings.ChangePolicy,
        totals: UnitTotals,
        warn: @escaping @Sendable (_ stage: String, _ message: String) -> Void
    ) {
        state = Locked(State(runs: runs))
        self.sources = sources
        self.policy = policy
        self.totals = totals
        self.warn = warn
    }

    var counts: Counts { state.withLock { $0.counts } }

    /// True for what is to be read; called once for each unit, in order.
    ///
    /// - Throws: `StageError` when the unit cannot be told from others, or the state not be read.
    func takes(_ content: UnitFeed.Item.Content, of source: Int) throws -> Bool {
        let id = UnitFeed.Item(number: 0, content: content, source: source).id
        if case .unit(let unit) = content, id.version == nil { throw UnitPicker.withoutVersion(unit) }
        let (takes, named) = try state.withLock { state -> (Bool, Int?) in
            switch try state.runs.standing(of: id, of: sources[source]) {
            case .new: return (true, nil)
            case .done(let unit):
                state.counts.done += 1
                if try state.runs.isChanged(unit) { state.counts.reread += 1 }
                totals.note(id, of: sources[source], isRead: unit.fate != .unreadable)
                return (false, nil)
            case .committed:
                state.counts.committed += 1
                totals.pass(id, of: sources[source])
                return (false, nil)
            case .changed:
                // It cannot be opened, so it is not known what it holds.
                guard case .unit = content else { return (true, nil) }
                if policy == .reread {
                    state.counts.reread += 1
                } else {
                    state.counts.changed += 1
                    // Nobody reads it in a later run either, so that a queue that gave it again would do so for ever.
                    totals.pass(id, of: sources[source])
                }
                return (policy == .reread, state.counts.reread + state.counts.changed)
            }
        }
        if let named, named <= Self.mostNamed { tellChanged(id, sources[source]) }
        return takes
    }

    /// False for a unit that will not be taken, so that nothing has to be begun for it; nothing is counted.
    func wants(_ unit: any SourceUnit, of source: Int) -> Bool {
        state.withLock { state in
            switch try? state.runs.standing(of: unit.id, of: sources[source]) {
            case .done, .committed: false
            case .changed: policy == .reread
            case .new, nil: true
            }
        }
    }

    private func tellChanged(_ id: UnitID, _ source: String) {
        let outcome =
            policy == .reread
            ? "it is read again" : "it is not read again (`changed: reread` does that, into sqlite)"
        warn(source, "'\(id.displayName)' has changed since an earlier run read it: \(outcome)")
    }

    /// Words at the end for those that were not named; nil when all were.
    var warning: String? {
        let more = counts.changed + counts.reread - Self.mostNamed
        return more > 0 ? "\(more) more files have changed since earlier runs read them" : nil
    }

    /// Words for a unit that no later run could tell from others.
    static func withoutVersion(_ unit: any SourceUnit) -> StageError {
        StageError(
            "'\(unit.name)' cannot be read a second time, so that no later run could go on behind it",
            advice: "read files, or leave out the state"
        )
    }
}
