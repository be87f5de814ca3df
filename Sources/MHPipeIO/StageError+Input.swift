package import MHPipeKit

extension StageError {
    /// A failure of an input that ends the run, when it is the machine's fault.
    package init?(machineFault failure: InputFailure) {
        guard failure.isMachineFault else { return nil }
        self.init(failure.description, advice: failure.advice)
        endsRun = true
        cause = .temporary
    }

    /// A failure of a unit, whose name the runtime puts before it unless it ends the run.
    ///
    /// - Parameters:
    ///   - failure: What failed.
    ///   - what: What that makes of the unit: `cannot be opened`.
    package init(_ failure: InputFailure, of what: String) {
        self = StageError(machineFault: failure) ?? StageError("\(what): \(failure.reason)")
    }
}
