import MHPipeIO
import MHPipeKit

/// Problems of the input, in the order of the units: told to the observer, kept in the quarantine file, and the end of
/// the run when the pipeline says so.
///
/// What waits to be told or kept counts against the budget like what waits for a sink.
final class ProblemLog: Sendable {
    private let queue: OrderedQueue<ProblemBatch>
    private let take: @Sendable (ProblemBatch) -> Void
    private let quarantine: QuarantineFile?
    private let state: RunState
    private let budget: ByteBudget
    private let number: Int
    private let sections: Int
    /// The files that problems were found in.
    let files: ProblemFiles

    /// True when the first problem ends the run, so that none may wait for others.
    let endsAtFirst: Bool

    /// - Parameters:
    ///   - observer: Who is told of the problems.
    ///   - settings: What becomes of them.
    ///   - state: The run's.
    ///   - budget: What bounds those that wait.
    ///   - number: The log's number among the sinks of the budget.
    ///   - sections: How many sections of stages have problems of a unit, one after the other.
    init(
        observer: RunObserver,
        settings: RunSettings,
        state: RunState,
        budget: ByteBudget,
        number: Int,
        sections: Int
    ) {
        self.state = state
        self.budget = budget
        self.number = number
        self.sections = sections
        let quarantine = settings.quarantine.map { path in
            QuarantineFile(path: path, warn: { observer.warning("quarantine", $0) })
        }
        self.quarantine = quarantine
        let endsAtFirst = settings.onError == .fail
        self.endsAtFirst = endsAtFirst
        let files = ProblemFiles()
        self.files = files
        let take: @Sendable (ProblemBatch) -> Void = { batch in
            guard !state.isStopped else { return }
            for problem in batch.problems {
                observer.problem(problem)
                files.add(problem)
            }
            do {
                if let lines = batch.lines { try quarantine?.write(lines.bytes) }
                if endsAtFirst, let first = batch.problems.first { throw stopped(at: first) }
            } catch {
                state.fail(error)
            }
        }
        self.take = take
        queue = OrderedQueue(
            label: "mhpipe.problems",
            onHold: { budget.hold($0.weight) },
            onQueue: { budget.queue($0.weight, sink: number, wereHeld: $1) },
            deliver: { batch in
                take(batch)
                budget.release(batch.weight, sink: number)
            }
        )
    }

    /// A batch for the next problems of a unit.
    func makeBatch() -> ProblemBatch {
        ProblemBatch(keepsRaw: quarantine != nil)
    }

    /// Opens the quarantine file, when there is one.
    func open() throws {
        try queue.sync { try quarantine?.open() }
    }

    /// Takes problems that were found before the first unit.
    func deliver(_ batch: ProblemBatch) {
        queue.sync { take(batch) }
    }

    /// Takes problems of a unit that a section has met; waits while too much is in flight.
    func submit(_ batch: ProblemBatch, unit: Int, section: Int) {
        let slot = unit * sections + section
        // A later section comes alone and in order: waiting for what others hold could be waiting for its own.
        budget.wait(for: number, isNext: { section > 0 || queue.isNext(slot) }, isStopped: { state.isStopped })
        queue.submit(batch, unit: slot)
    }

    func finish(unit: Int, section: Int) {
        queue.finish(unit: unit * sections + section)
        budget.wake()
    }

    /// Makes the quarantine file durable.
    func finish() throws {
        try queue.sync { try quarantine?.finish() }
    }

    /// Puts the quarantine file in its place.
    func commit() throws {
        try queue.sync { try quarantine?.commit() }
    }

    /// Removes the quarantine file.
    func abort() {
        queue.sync { quarantine?.abort() }
    }
}

/// Why a run ends at its first problem.
private func stopped(at problem: InputProblem) -> StageError {
    StageError(
        "stopped at the first problem in the input: \(problem)",
        advice: "leave out `on_error: fail` to quarantine what cannot be read and go on"
    )
}
