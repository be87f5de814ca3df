import Libc
import MHPipeIO
import MHPipeKit
import PipelineConfig

extension UsageError {
    /// What was surely meant otherwise in a path; nil when nothing was.
    ///
    /// Not asked about paths that lead to something.
    static func mistake(in path: String, for purpose: PathMistake.Purpose) -> UsageError? {
        PathMistake(in: path, for: purpose, isArgument: true).map { refused($0.diagnostic) }
    }

    /// A mistake that has no place in a file.
    static func refused(_ diagnostic: Diagnostic) -> UsageError {
        refused(diagnostic.message + (diagnostic.label.map { "; \($0)" } ?? ""), advice: diagnostic.notes)
    }

    /// A path that the system does not open.
    ///
    /// - Parameters:
    ///   - what: What cannot be done: `cannot read 'a.conf'`.
    ///   - path: The path.
    ///   - number: The system's error number.
    /// - Returns: The error, with exit code 1 where the machine is to blame.
    static func unreadable(_ what: String, _ path: String, _ number: Int32) -> UsageError {
        let message = "\(what): \(SystemFailure.reason(number))"
        if MachineFault.isOne(number) { return machineFault(message, advice: MachineFault.advice(number)) }
        return number == ENOENT ? missing(path, message) : refused(message)
    }

    /// What is no mistake of the user's.
    static func machineFault(_ message: String, advice: String?) -> UsageError {
        var error = refused(message, advice: advice.map { [$0] } ?? [])
        error.exitCode = .failure
        return error
    }

    /// Standard input, which is the pipeline file, and which a source would read as well.
    static func pipelineOnStandardInput(readBy source: String) -> UsageError {
        refused(
            "standard input holds the pipeline, so source '\(source)' cannot read it",
            advice: ["save the pipeline as a file, or name the source's files"]
        )
    }

    /// A file that is not there.
    static func missing(_ path: String, _ message: String) -> UsageError {
        mistake(in: path, for: .input) ?? refused(message, advice: StartFolder.notes(for: path))
    }
}
