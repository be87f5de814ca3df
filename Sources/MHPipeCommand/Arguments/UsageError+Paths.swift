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

    /// A file that is not there.
    static func missing(_ path: String, _ message: String) -> UsageError {
        mistake(in: path, for: .input) ?? refused(message, advice: StartFolder.notes(for: path))
    }
}
