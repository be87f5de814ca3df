public import MHPipeKit
public import MHPipePlan

/// What came of reading a pipeline file: a plan when it can run, and everything there is to say about it.
public struct CheckedPipeline: Sendable {
    /// The plan; nil after an error.
    public var plan: PipelinePlan?
    /// Errors and warnings, in the order of the file.
    public var diagnostics: [Diagnostic]

    /// The tests that it states; some may be missing after an error.
    package var tests: [PipelineTest] = []

    /// True when nothing but the machine keeps the pipeline from running.
    package var isMachineFault: Bool {
        let errors = diagnostics.filter { $0.severity == .error }
        return !errors.isEmpty && errors.allSatisfy(\.isMachineFault)
    }

    /// States the result of a check.
    ///
    /// - Parameters:
    ///   - plan: The plan; nil after an error.
    ///   - diagnostics: Errors and warnings, in the order of the file.
    public init(plan: PipelinePlan?, diagnostics: [Diagnostic]) {
        self.plan = plan
        self.diagnostics = diagnostics
    }
}
