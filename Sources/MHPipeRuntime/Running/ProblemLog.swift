import MHPipeIO
import MHPipeKit

/// Problems of the input, in the order of the units: told to the observer, kept in the quarantine file, and the end of
/// the run when the pipeline says so.
final class ProblemLog: Sendable {
    /// A problem, and its line for the quarantine file.
    struct Entry: Sendable {
        var problem: InputProblem
        var line: [UInt8]
    }

    private let queue: OrderedQueue<Entry>
    private let take: @Sendable (Entry) -> Void
    private let quarantine: QuarantineFile?

    init(observer: RunObserver, settings: RunSettings, state: RunState) {
        let quarantine = settings.quarantine.map { QuarantineFile(path: $0) }
        self.quarantine = quarantine
        let take: @Sendable (Entry) -> Void = { entry in
            guard !state.isStopped else { return }
            observer.problem(entry.problem)
            do {
                try quarantine?.write(entry.line)
                if settings.onError == .fail { throw stopped(at: entry.problem) }
            } catch {
                state.fail(error)
            }
        }
        self.take = take
        queue = OrderedQueue(label: "mhpipe.problems", deliver: take)
    }

    /// True when the lost bytes are to be kept.
    var keepsRaw: Bool { quarantine != nil }

    /// Opens the quarantine file, when there is one.
    func open() throws {
        try queue.sync { try quarantine?.open() }
    }

    /// Takes problems that were found before the first unit.
    func deliver(_ entries: [Entry]) {
        queue.sync { entries.forEach(take) }
    }

    func submit(_ entry: Entry, unit: Int) {
        queue.submit(entry, unit: unit)
    }

    func finish(unit: Int) {
        queue.finish(unit: unit)
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
