import MHPipeKit
import MHPipePlan
import MHPipeRuntime

/// The options for an engine that runs mhpipe as its worker; `docs/scale.md` is the contract.
struct TaskOptions: Sendable {
    /// Whose exit codes are given.
    enum ExitCodes: String, OptionChoice {
        case mhpipe
        /// 65 and 75 of sysexits.h tell what is wrong with the input from what another attempt may find mended.
        case sysexits
    }

    var attempt: AttemptName?
    var exitCodes = ExitCodes.mhpipe
    var endsWithSummary = false
    var skipsExisting = false

    static let parameters: [Parameter<TaskOptions>] = [
        .option(
            "attempt",
            "ID",
            \.attempt,
            "Puts the id into the names of hidden files, where an engine makes several attempts of one task."
        ),
        .option(
            "exit-codes",
            "WHOSE",
            \.exitCodes,
            "Whose exit codes are given: 'sysexits' gives 65 for input that could not be read, 75 where another attempt may succeed."
        ),
        .flag(
            "summary-line",
            \.endsWithSummary,
            "Writes the summary as JSON on one line, the last on standard error; a run that fails writes none."
        ),
        .flag(
            "skip-existing",
            \.skipsExisting,
            "Does nothing when the output of every sink is there already; outputs get their names only when they are whole."
        ),
    ]

    /// Runs something, and gives how it ended in the codes that are asked for.
    ///
    /// - Throws: What it throws; with sysexits as a `UsageError` that holds the code.
    func exit(_ body: () throws -> ExitCode) throws -> ExitCode {
        guard exitCodes == .sysexits else { return try body() }
        do {
            let code = try body()
            return code == .inputProblems ? .data : code
        } catch var error as UsageError {
            if error.exitCode == .failure { error.exitCode = .temporary }
            throw error
        } catch let error as StageError where !error.isClosedPipe {
            var failure = UsageError.refused(error.message, advice: error.adviceLines)
            failure.exitCode =
                switch error.cause {
                case .temporary: .temporary
                case .input: .data
                case nil: .failure
                }
            throw failure
        }
    }

    /// How a run ends that the machine does not let go on, which another attempt may.
    var codeOfShortage: ExitCode { exitCodes == .sysexits ? .temporary : .failure }

    /// Refuses what does not go with how the plan runs.
    func check(_ plan: PipelinePlan) throws(UsageError) {
        if plan.settings.state != nil, attempt != nil || skipsExisting {
            throw .refused(
                "--attempt and --skip-existing are for runs without a state, whose hidden files have one name for all attempts",
                advice: ["leave out the state; a task that was done is known by its output"]
            )
        }
        if plan.isWatching, endsWithSummary || skipsExisting {
            throw .refused("--summary-line and --skip-existing are for runs that end by themselves, not for a watch")
        }
    }

    /// The outputs of a plan, when all are there already; nil when something is still to do.
    ///
    /// - Throws: `UsageError` for an output of which nobody can tell by its name that it is there.
    func existing(_ plan: PipelinePlan) throws -> [String]? {
        guard skipsExisting else { return nil }
        var paths: [String] = []
        var isComplete = true
        for sink in plan.sinks {
            guard sink.pathUses.count == 1, case .output(let path) = sink.pathUses.first, path != "-",
                !path.hasPrefix("s3://")
            else {
                throw UsageError.refused(
                    "--skip-existing needs sinks that write one file each, and sink '\(sink.name)' does not",
                    advice: ["leave it out, or give the sink a path of its own without fields"]
                )
            }
            let place = try StageError.wrapping { () throws(OutputFailure) in try OutputPlace(resolving: path) }
            paths.append(path)
            isComplete = isComplete && place.isThere
        }
        return isComplete ? paths : nil
    }
}

/// The name of an attempt.
struct AttemptName: OptionValue, Hashable {
    let text: String

    static var typeName: String { "1 to 48 letters, digits, dots, hyphens and underscores" }

    init(config node: ConfigNode) throws(OptionError) {
        guard let text = node.text, RunAttempt.isName(text) else {
            throw OptionError("needs \(Self.typeName), not \(node.shown)")
        }
        self.text = text
    }

    var optionText: String { text }
}
