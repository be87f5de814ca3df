/// Who is told what happens during a run.
///
/// Every closure may be called on any queue, never two at once.
public struct RunObserver: Sendable {
    /// Told of every problem in the input, in the order of the input.
    public var problem: @Sendable (InputProblem) -> Void
    /// Told what a plugin wants the user to know, with the stage's name.
    public var warning: @Sendable (_ stage: String, _ message: String) -> Void

    /// Makes an observer; what is left out is dropped.
    public init(
        problem: @escaping @Sendable (InputProblem) -> Void = { _ in },
        warning: @escaping @Sendable (_ stage: String, _ message: String) -> Void = { _, _ in }
    ) {
        self.problem = problem
        self.warning = warning
    }
}
