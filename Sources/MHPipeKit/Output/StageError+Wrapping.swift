extension StageError {
    /// The failure of an output, as plugins throw it.
    package init(_ failure: OutputFailure) {
        self.init(failure.message, advice: failure.advice, isClosedPipe: failure.isBrokenPipe)
        isInPlace = failure.isInPlace
        if failure.errorNumber != 0, MachineFault.isOne(failure.errorNumber) { cause = .temporary }
        isOfChangedOutput = failure.isOfChangedOutput
    }

    /// Any failure, as plugins throw it.
    package init(wrapping error: any Error) {
        self =
            switch error {
            case let error as StageError: error
            case let failure as OutputFailure: StageError(failure)
            default: StageError("\(error)")
            }
    }

    /// Says more of what to do, in a line of its own.
    package mutating func advise(_ line: String) {
        advice = advice.map { "\($0)\n\(line)" } ?? line
    }

    /// Runs something that writes, and gives its failure the type of the plugin protocols.
    package static func wrapping<Result: ~Copyable>(
        _ body: () throws(OutputFailure) -> Result
    ) throws(StageError) -> Result {
        do {
            return try body()
        } catch {
            throw StageError(error)
        }
    }
}
