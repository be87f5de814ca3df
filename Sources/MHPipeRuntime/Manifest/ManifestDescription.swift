import MHPipeKit

/// What a manifest says that the run itself does not know.
package struct ManifestDescription: Sendable {
    package var path: String
    /// The members of the first line behind its type, as JSON, from when the run began.
    package var members: @Sendable (_ started: String) throws -> String
    /// The summary as JSON on one line, and the exit code of the run.
    package var summary: @Sendable (RunReport, _ isUnsettled: Bool) throws -> (json: String, exitCode: Int32)
    /// The exit code of a run that fails.
    package var failureCode: Int32

    package init(
        path: String,
        members: @escaping @Sendable (String) throws -> String,
        summary: @escaping @Sendable (RunReport, Bool) throws -> (json: String, exitCode: Int32),
        failureCode: Int32
    ) {
        (self.path, self.members, self.summary, self.failureCode) = (path, members, summary, failureCode)
    }
}
