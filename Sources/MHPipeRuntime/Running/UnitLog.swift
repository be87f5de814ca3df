import MHPipeIO
import MHPipeKit
import MHPipePlan

/// What became of the units, in their order: problems are told to the observer, kept in the quarantine, and end the run
/// when the pipeline says so; counts are added up.
///
/// What waits for its turn counts against the budget like what waits for a sink.
final class UnitLog: Sendable {
    /// What comes from a section.
    private enum Arrival: Sendable {
        case problems(ProblemBatch)
        /// `last` is the unit's number behind its last section.
        case unitEnd(UnitOutcome, StageCounts, last: Int?)

        /// What it counts for in the budget.
        var weight: Int {
            switch self {
            case .problems(let batch): batch.weight
            case .unitEnd(let unit, let counts, _): unit.weight + counts.weight
            }
        }
    }

    private let queue: OrderedQueue<Arrival>
    private let tell: @Sendable (ProblemBatch) -> Void
    private let totals: UnitTotals
    private let quarantine: SinkRunner?
    private let state: RunState
    private let budget: ByteBudget
    private let number: Int
    private let sections: Int
    let files: ProblemFiles

    /// True when the first problem ends the run, so that none may wait for others.
    let endsAtFirst: Bool

    /// Ends of units that are worth waking the log's queue for; problems always are.
    private static let batchBytes = 64 << 10

    /// - Parameters:
    ///   - observer: Who is told of the problems.
    ///   - settings: What becomes of them.
    ///   - totals: Where counts are added up.
    ///   - quarantine: Keeps what could not be read.
    ///   - manifest: Hears of every unit, where the run writes one.
    ///   - committer: Hears of every unit, where the run keeps its state.
    ///   - state: The run's.
    ///   - budget: What bounds what waits.
    ///   - number: The log's number among the sinks of the budget.
    ///   - sections: How many sections of stages have problems of a unit, one after the other.
    init(
        observer: RunObserver,
        settings: RunSettings,
        totals: UnitTotals,
        quarantine: SinkRunner?,
        manifest: UnitRecorder? = nil,
        committer: Committer? = nil,
        state: RunState,
        budget: ByteBudget,
        number: Int,
        sections: Int
    ) {
        self.state = state
        self.budget = budget
        self.number = number
        self.sections = sections
        self.totals = totals
        self.quarantine = quarantine
        let endsAtFirst = settings.onError == .fail
        self.endsAtFirst = endsAtFirst
        let files = ProblemFiles()
        self.files = files
        let tell: @Sendable (ProblemBatch) -> Void = { batch in
            guard !state.isStopped else { return }
            for problem in batch.problems {
                observer.problem(problem)
                files.add(problem)
            }
            if endsAtFirst, let first = batch.problems.first { state.fail(stopped(at: first)) }
        }
        self.tell = tell
        queue = OrderedQueue(
            label: "mhpipe.units",
            batchWeight: Self.batchBytes,
            weight: { arrival in
                switch arrival {
                case .problems: Self.batchBytes
                // Others wait for what was counted.
                case .unitEnd(_, _, let last?) where committer?.isMarked(last) == true: Self.batchBytes
                default: arrival.weight
                }
            },
            onHold: { budget.hold($0.weight) },
            onQueue: { budget.queue($0.weight, sink: number, wereHeld: $1) },
            deliver: { arrival in
                switch arrival {
                case .problems(let batch): tell(batch)
                case .unitEnd(let unit, let counts, let last):
                    totals.add(counts)
                    manifest?.add(counts)
                    if let last {
                        totals.end(unit)
                        manifest?.end(unit)
                        // A problem in it may have ended the run; whoever goes on has to meet it again.
                        if !state.isStopped { committer?.end(unit, unit: last) { totals.counts } }
                    }
                }
                budget.release(arrival.weight, sink: number)
            }
        )
    }

    /// A batch for the next problems of a unit.
    func makeBatch() -> ProblemBatch {
        ProblemBatch(keepsRaw: quarantine != nil)
    }

    /// Opens the quarantine, when there is one, in a run that keeps its state where that begins or goes on.
    func open(_ start: SinkStart? = nil) throws {
        try quarantine?.open(start)
    }

    /// Where the quarantine ends, once it is finished.
    func checkpoint() throws -> Checkpoint? { try quarantine?.checkpoint() }

    /// Takes problems where there is no unit at all.
    func deliver(_ batch: ProblemBatch) {
        queue.sync { tell(batch) }
        if let lines = batch.takeLines() { quarantine?.submit(lines, unit: 0, section: 0) }
    }

    /// Takes problems of a unit that a section has met; waits while too much is in flight.
    func submit(_ batch: ProblemBatch, unit: Int, section: Int) {
        if let lines = batch.takeLines() { quarantine?.submit(lines, unit: unit, section: section) }
        submit(.problems(batch), unit: unit, section: section)
    }

    /// Takes note that a section is done with a unit; waits likewise.
    ///
    /// - Parameters:
    ///   - unit: What became of it.
    ///   - counts: What the section has counted of it.
    ///   - number: The unit's number.
    ///   - section: The section.
    func finish(_ unit: UnitOutcome, _ counts: StageCounts, unit number: Int, section: Int) {
        submit(.unitEnd(unit, counts, last: section == sections - 1 ? number : nil), unit: number, section: section)
        quarantine?.finish(unit, number: number, section: section)
        queue.finish(unit: number * sections + section)
        budget.wake()
    }

    private func submit(_ arrival: Arrival, unit: Int, section: Int) {
        let slot = unit * sections + section
        // A later section comes alone and in order: waiting for what others hold could be waiting for its own.
        budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
        queue.submit(arrival, unit: slot)
    }

    /// Takes note that a section gives nothing more, behind the last unit.
    func finishSection(_ section: Int, units: Int) {
        quarantine?.finish(nil, number: units, section: section)
        queue.finish(unit: units * sections + section)
        budget.wake()
    }

    /// What was counted of the units whose turn has come.
    var counts: StageCounts { queue.sync { [totals] in totals.counts } }

    /// The problems that the quarantine had no room for.
    var leftOut: Int {
        queue.sync {}
        return quarantine?.leftOut ?? 0
    }

    /// True when the quarantine does not have all of the problems.
    var hasLost: Bool {
        queue.sync {}
        return quarantine?.hasLost ?? false
    }

    /// Where what this run has written to the quarantine begins.
    var quarantineOffset: Int? { quarantine?.offset }

    /// Makes the quarantine durable, once all problems are told.
    func finish(_ run: RunTotals) throws {
        queue.sync {}
        try quarantine?.finish(run)
    }

    /// Puts the quarantine in its place.
    func commit() throws {
        try quarantine?.commit()
    }

    /// Leaves the quarantine for a later run.
    func suspend() {
        queue.sync {}
        quarantine?.suspend()
    }

    /// Removes the quarantine.
    func abort() {
        queue.sync {}
        quarantine?.abort()
    }
}

/// Why a run ends at its first problem.
private func stopped(at problem: InputProblem) -> StageError {
    var error = StageError(
        "stopped at the first problem in the input: \(problem)",
        advice: "leave out `on_error: fail` to quarantine what cannot be read and go on"
    )
    error.cause = .input
    return error
}
