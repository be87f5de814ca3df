import MHPipeKit

/// Who is told what happens during a run.
///
/// Every closure may be called on any queue, never two at once; none may wait for the run.
public struct RunObserver: Sendable {
    /// Told of every problem in the input, in the order of the input.
    public var problem: @Sendable (InputProblem) -> Void
    /// Told what a plugin wants the user to know, with the stage's name.
    public var warning: @Sendable (_ stage: String, _ message: String) -> Void

    /// Told what a program behind a plugin has written for the user, line by line, with the stage's name.
    public var relayed: @Sendable (_ stage: String, _ line: String) -> Void

    /// Makes an observer; what is left out is dropped.
    public init(
        problem: @escaping @Sendable (InputProblem) -> Void = { _ in },
        warning: @escaping @Sendable (_ stage: String, _ message: String) -> Void = { _, _ in },
        relayed: @escaping @Sendable (_ stage: String, _ line: String) -> Void = { _, _ in }
    ) {
        self.problem = problem
        self.warning = warning
        self.relayed = relayed
    }
}

extension RunObserver {
    /// Makes those who call at the same time take turns.
    private final class Turn: Sendable {
        private let lock = Locked(())

        func take(_ work: () -> Void) {
            lock.withLock { _ in work() }
        }
    }

    /// The same observer, told one thing at a time: problems come from one queue, warnings from every worker's.
    var serialized: RunObserver {
        let turn = Turn()
        return RunObserver(
            problem: { problem in turn.take { self.problem(problem) } },
            warning: { stage, message in turn.take { warning(stage, message) } },
            relayed: { stage, line in turn.take { relayed(stage, line) } }
        )
    }
}
